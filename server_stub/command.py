"""`hengxin-server`: one command for running the server and for the acts of the centre's staff."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from server_stub.case_words import (
    objection_words,
    record_words,
    repair_words,
    report_words,
    unit_words,
)
from server_stub.home_words import enrolment_words, key_words, person_words
from server_stub.official_words import official_words
from server_stub.typed_words import day, port, returned_file

HOME = "HENGXIN_SERVER_HOME"
INTERRUPTED = 130
ROLES = ("bank_officer", "government_officer", "enterprise_officer", "centre_staff")
GROUNDS = ("open", "letter", "duty", "own")
KEYS = ("log", "answers", "partner", "route", "pepper", "kek", "seal", "stamp", "tls")
_LOOKING = ("noting", "recognising")  # whether log and keys of the home are what they were
_DASHED_ID = re.compile(r"-[A-Za-z0-9_-]{42}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; 0 done, 130 after Ctrl+C, else one line on standard error and the exit code of
    `refusals.told`.
    """
    parser = _parser()
    words = parser.parse_args(named_last(sys.argv[1:] if argv is None else argv))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
    try:
        return _told(parser, words)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


def _told(parser: argparse.ArgumentParser, words: argparse.Namespace) -> int:
    # Most of the start is what this brings in; Ctrl+C in it ends by a line.
    refusals = importlib.import_module("server_stub.refusals")
    try:
        return _carried_out(parser, words)
    except Exception as flaw:  # noqa: BLE001 - the last net: a trace would tell values
        code, sentence = refusals.told(flaw)
        print(sentence, file=sys.stderr)
        return int(code)


def _carried_out(parser: argparse.ArgumentParser, words: argparse.Namespace) -> int:
    home = _home(parser, words) if words.at_home else Path()
    importlib.import_module("django").setup()
    # Rooms hold models, and models can be imported only now.
    job = importlib.import_module(f"server_stub.jobs.{words.job}")
    noting, recognising = (importlib.import_module(f"server_stub.jobs.{one}") for one in _LOOKING)
    guarded = words.at_home and words.job not in {"serving", "restoring", "sealing"}  # no work for it
    gc.freeze()  # no look of the collector walks again what was brought in, at the end neither
    if words.at_home and words.job != "rekeying":
        recognising.require_keys(home)
    if guarded:
        noting.require_whole(home)
    code = int(job.run(words))
    if guarded:
        noting.note(home)
    return code


def _home(parser: argparse.ArgumentParser, words: argparse.Namespace) -> Path:
    """The directory that the verb is about, made when a first start may make it.

    Raises:
        ValueError: a file lies there. OSError: it cannot be made.
    """
    home: Path = words.home or Path(os.environ.get(HOME, ""))
    if home == Path():
        parser.error(f"--home DIR, or {HOME} in the environment, says where the server lives")
    if home.exists() and not home.is_dir():
        raise ValueError(f"{home} is a file; the server lives in a directory")
    if not words.at_first and not home.is_dir():
        parser.error(f"no server was ever started in {home}")
    os.umask(0o077)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[HOME] = str(home.resolve())
    return home


def named_last(given: Sequence[str]) -> list[str]:
    """One device id in 64 begins with a dash: it goes behind `--`, or it would be taken for an option."""
    ids = [word for word in given if _DASHED_ID.fullmatch(word)]
    return [word for word in given if word not in ids] + (["--", *ids] if ids else [])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hengxin-server", description=__doc__)
    parser.set_defaults(home=None, at_home=True, at_first=False)
    verbs = parser.add_subparsers(required=True, metavar="verb")

    up = _verb(verbs, "up", "serving", "prepare the home and serve until SIGTERM")
    up.set_defaults(at_first=True)
    up.add_argument("--port", type=port, default=0, help="0: a free one, remembered in the home")
    up.add_argument("--host", default="", metavar="ADDRESS", help="IP address to listen on; 127.0.0.1 else")
    up.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOSTNAME",
        help="a name officers type; may be repeated",
    )
    up.add_argument("--sample", choices=("small", "city"), help="load the made-up city")

    seal = _verb(verbs, "seal", "sealing", "keep the seal in a process of its own, or read its log")
    seal.add_argument("act", choices=("keep", "uses"), help="keep: until SIGTERM; `up` does it by itself")
    seal.add_argument("--on", default="", type=day, metavar="DAY", help="uses: YYYY-MM-DD; else today")

    seed = _verb(verbs, "seed", "seeding", "load a made-up city of any size")
    seed.set_defaults(at_first=True)
    for name in ("enterprises", "persons", "records"):
        seed.add_argument(f"--{name}", type=int, required=True, metavar="N")

    openapi = verbs.add_parser("openapi", help="write the description of the wire")
    openapi.add_argument("--out", type=Path, help="file; standard output when left out")
    openapi.set_defaults(job="describing", at_home=False)

    stage = _verb(verbs, "import", "exchanging", "stage a file of a provider for review")
    stage.add_argument("file", type=Path)
    stage.add_argument("--provider", required=True, metavar="CODE", help="who hands the file in")
    stage.add_argument("--item", default="", metavar="CODE", help="the item of the catalogue it delivers")
    stage.add_argument("--kind", default="auto", help="licence, penalty or auto; or the id of a form")
    _by(stage, "the staff user who imports; without one it is the provider's own hand-in", required=False)
    stage.set_defaults(act="stage")
    apply = _verb(verbs, "apply", "exchanging", "put a staged batch into force")
    apply.add_argument("batch")
    _by(apply, "a staff user, and not the one who imported")
    apply.set_defaults(act="apply")
    refused = _verb(verbs, "refused", "exchanging", "write the refused rows of a batch for its provider")
    refused.add_argument("batch")
    refused.add_argument("file", type=returned_file, help="a new .xlsx or .csv")
    _by(refused, "the staff user who takes them along; the log keeps it")
    refused.set_defaults(act="refused", refused=None)
    reverse = _verb(verbs, "reverse", "exchanging", "take an applied batch back")
    reverse.add_argument("batch")
    _by(reverse, "the staff user who does this")
    reverse.add_argument("--why", required=True)
    reverse.set_defaults(act="reverse")
    for verb in (stage, apply):
        verb.add_argument(
            "--refused", type=returned_file, metavar="FILE", help="write the refused rows here as well"
        )
    for verb in (stage, apply, reverse, refused):
        verb.add_argument("--json", action="store_true", help="one line of JSON instead of words")

    conflicts = _verb(verbs, "conflicts", "settling", "list what two sources of a record disagree on")
    conflicts.add_argument("--all", action="store_true", help="closed ones as well")
    conflicts.add_argument("--settle", type=int, metavar="NUMBER", help="close one; needs --why and --as")
    conflicts.add_argument("--why", default="")
    _by(conflicts, "the staff user who reads or settles; the log keeps it")
    lateness = _verb(verbs, "lateness", "timing", "how late providers deliver, in working days")
    lateness.add_argument("--since", default="", type=day, metavar="DAY", help="received from this day on")
    lateness.add_argument("--until", default="", type=day, metavar="DAY", help="received up to this day")

    catalogue = _verb(verbs, "catalogue", "cataloguing", "enter, approve and read editions of the catalogue")
    acts = catalogue.add_subparsers(dest="act", required=True, metavar="act")
    listing = acts.add_parser("list", help="editions on record; with --role its items and who may see them")
    listing.add_argument("--role", choices=ROLES, default="")
    listing.add_argument("--ground", choices=GROUNDS, default="open", help="the ground of the question")
    showing = acts.add_parser("show", help="one item as it stands on a day")
    showing.add_argument("item")
    for reading in (listing, showing):
        reading.add_argument(
            "--on", default="", type=day, metavar="DAY", help="YYYY-MM-DD; today when left out"
        )
    loading = acts.add_parser("load", help="enter an edition for approval")
    loading.add_argument("file", type=Path)
    _by(loading, "the staff user who enters it")
    approving = acts.add_parser("approve", help="bring an entered edition into force")
    approving.add_argument("edition", metavar="EDITION", help="CODE/VERSION, or CODE when one version waits")
    _by(approving, "a staff user, and not the one who entered it")
    for act in acts.choices.values():
        act.add_argument("--home", type=Path, default=argparse.SUPPRESS, help="as above")

    _province(verbs)
    record_words(_verb(verbs, "record", "mending", "change one record, with its evidence"))

    ruling = _verb(verbs, "rules", "ruling", "the dated rows in force on a day, and what ends soon")
    ruling.add_argument("--on", default="", type=day, metavar="DAY", help="YYYY-MM-DD; today when left out")
    explaining = _verb(verbs, "explain", "explaining", "what a role was shown of a record on a day, and why")
    explaining.add_argument("rec_id")
    explaining.add_argument("--role", choices=ROLES, required=True)
    explaining.add_argument("--report", choices=("standard", "special"), default="standard")
    explaining.add_argument("--ground", choices=GROUNDS, default="open", help="the ground of the question")
    explaining.add_argument(
        "--on", default="", type=day, metavar="DAY", help="YYYY-MM-DD; today when left out"
    )
    explaining.add_argument("--json", action="store_true", help="one line of JSON instead of words")
    _by(explaining, "the staff user who looks; the log keeps it")

    report_words(_verb(verbs, "report", "recalling", "the register of issue, and a report declared void"))
    objection_words(_verb(verbs, "objection", "deciding", "move an objection on"))
    repair_words(_verb(verbs, "repair", "repairing", "hand an application for repair over, enter its result"))
    official_words(
        _verb(verbs, "official", "admitting_letters", "official letters of inquiries, admitted by two")
    )
    _people(verbs)
    unit_words(
        _verb(verbs, "unit", "registering", "a unit of the register: what it is called, and its right name")
    )
    person_words(
        _verb(verbs, "person", "enlisting", "persons of the population register, by two of the staff")
    )
    key_words(_verb(verbs, "key", "rekeying", "keys that are lost for good, replaced by two persons"), KEYS)
    enrolment_words(_verb(verbs, "enrolment", "enrolling", "the file by which a computer knows this server"))
    restored = _verb(verbs, "restored", "restoring", "declare that the database was put back from a backup")
    _by(restored, "the staff user who declares it")
    restored.add_argument("--second", required=True, metavar="USER", help="another staff user who agrees")
    restored.add_argument("--why", required=True)
    restored.add_argument("--unnoticed", action="store_true", help="log/ was put back with the database")
    device = _verb(verbs, "device", "admitting", "list, approve or revoke devices")
    device.add_argument("act", choices=("list", "approve", "revoke", "code"))
    device.add_argument("name", help="device id, or the user for list and code")
    _by(device, "who approves: not the officer", required=False)
    return parser


def _people(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    begin = _verb(verbs, "begin", "staffing", "the centre and its first two members of staff, once")
    begin.add_argument("code", help="the centre's unified social credit code")
    begin.add_argument("--name", required=True, help="the centre's name")
    begin.add_argument(
        "--officer", action="append", default=[], required=True, metavar="USER=NAME", help="twice or more"
    )
    begin.set_defaults(act="begin", at_first=True)

    organisation = _verb(verbs, "organisation", "certifying", "who may send officers here")
    organisation.add_argument("act", choices=("add", "list", "certify", "suspend"))
    organisation.add_argument("code", nargs="?", default="", help="unified social credit code")
    organisation.add_argument("--kind", default="", help="bank, government or enterprise")
    organisation.add_argument("--name", default="")
    organisation.add_argument("--why", default="", help="reason of a suspension")
    _by(organisation, "the staff user who does this; certify: not the one who acted before", required=False)

    officer = _verb(verbs, "officer", "staffing", "who may sign in")
    acts = ("add", "list", "approve", "stop", "reset-password", "reset-totp")
    officer.add_argument("act", choices=acts)
    officer.add_argument("user", nargs="?", default="")
    officer.add_argument("--organisation", default="", metavar="CODE")
    officer.add_argument("--name", default="")
    officer.add_argument("--why", default="", help="reason of a stop")
    _by(officer, "the staff user who does this; approve: not the one who acted before", required=False)
    for verb in (begin, officer):
        verb.add_argument(
            "--secrets", type=Path, metavar="FILE", help="write what is handed over here (0600, new), not out"
        )


def _province(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    partner = _verb(verbs, "partner", "partnering", "other platforms: who they are and on what terms")
    partner.add_argument("act", choices=("card", "add", "list", "approve", "stop"))
    partner.add_argument("name", nargs="?", default="", help="add: the card's file; approve, stop: whom")
    _by(partner, "the staff user; who approves is not who added", required=False)
    partner.add_argument("--url", default="", help="card: where partners reach this server")
    partner.add_argument("--ca", type=Path, help="card: the authority of a gateway in front; else our own")
    partner.add_argument("--direction", choices=("push", "pull", "both"), default="push")
    partner.add_argument("--sections", default="licence,penalty", help="what is exchanged, with commas")
    partner.add_argument("--items", default="", help="items of the catalogue, with commas; all when left out")
    partner.add_argument("--area", default="", help="beginning of the division in the subject's number")
    partner.add_argument("--from", dest="since", type=day, default="", help="decided on or after, YYYY-MM-DD")
    partner.add_argument("--to", dest="until", type=day, default="", help="decided before, YYYY-MM-DD")
    partner.add_argument("--why", default="", help="stop: the reason")

    exchange = _verb(verbs, "exchange", "conversing", "records from and to a partner")
    exchange.add_argument(
        "act", choices=("push", "pull", "status", "tickets", "retry", "again", "segments", "rebuild")
    )
    exchange.add_argument("name", nargs="?", default="", help="the partner; retry: the ticket's number")
    exchange.add_argument("--until-empty", action="store_true", help="go on until there is nothing more")
    exchange.add_argument("--most", type=int, default=100, help="rows of one batch, at most 100")
    exchange.add_argument("--tries", type=int, default=5, help="failures in a row before it gives up")
    exchange.add_argument("--why", default="", help="rebuild: on whose order")
    _by(exchange, "tickets: the staff user who reads them; the log keeps it", required=False)
    for verb in (partner, exchange):
        verb.add_argument("--json", action="store_true", help="JSON instead of words")


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, job: str, words: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=words)
    parser.add_argument("--home", type=Path, help=f"the server's directory; else {HOME}")
    parser.set_defaults(job=job)
    return parser


def _by(parser: argparse.ArgumentParser, words: str, *, required: bool = True) -> None:
    parser.add_argument("--as", "--by", dest="by", metavar="USER", required=required, default="", help=words)


if __name__ == "__main__":
    sys.exit(main())
