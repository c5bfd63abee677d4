"""`hengxin-server`: one command for running the server and for the acts of the centre's staff."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured

from server_stub.errors import Problem

HOME = "HENGXIN_SERVER_HOME"
_DASHED_ID = re.compile(r"-[A-Za-z0-9_-]{42}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; 0 done, 1 refused with one line on standard error, 2 wrong words."""
    parser = _parser()
    words = parser.parse_args(named_last(sys.argv[1:] if argv is None else argv))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
    if words.at_home:
        home = words.home or Path(os.environ.get(HOME, ""))
        if home == Path():
            parser.error(f"--home DIR, or {HOME} in the environment, says where the server lives")
        if words.job not in ("serving", "seeding") and not home.is_dir():
            parser.error(f"no server was ever started in {home}")
        os.umask(0o077)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ[HOME] = str(home.resolve())
    django.setup()
    # Rooms hold models, and models can be imported only now.
    job = importlib.import_module(f"server_stub.jobs.{words.job}")
    try:
        return int(job.run(words))
    except Problem as problem:
        print(f"{problem.code}: {problem.detail}", file=sys.stderr)
        return 1
    except (ImproperlyConfigured, ValueError, LookupError, OSError) as flaw:
        print(f"{type(flaw).__name__}: {flaw}", file=sys.stderr)
        return 1


def named_last(given: Sequence[str]) -> list[str]:
    """One device id in 64 begins with a dash: it goes behind `--`, or it would be taken for an option."""
    ids = [word for word in given if _DASHED_ID.fullmatch(word)]
    return [word for word in given if word not in ids] + (["--", *ids] if ids else [])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hengxin-server", description=__doc__)
    parser.set_defaults(home=None, at_home=True)
    verbs = parser.add_subparsers(required=True, metavar="verb")

    up = _verb(verbs, "up", "serving", "prepare the home and serve until SIGTERM")
    up.add_argument("--port", type=int, default=0, help="0: a free one, remembered in the home")
    up.add_argument("--sample", choices=("small", "city"), help="load the made-up city")

    seed = _verb(verbs, "seed", "seeding", "load a made-up city of any size")
    for name in ("enterprises", "persons", "records"):
        seed.add_argument(f"--{name}", type=int, required=True, metavar="N")

    openapi = verbs.add_parser("openapi", help="write the description of the wire")
    openapi.add_argument("--out", type=Path, help="file; standard output when left out")
    openapi.set_defaults(job="describing", at_home=False)

    stage = _verb(verbs, "import", "exchanging", "stage a file of a provider for review")
    stage.add_argument("file", type=Path)
    stage.add_argument("--provider", required=True, metavar="CODE", help="who hands the file in")
    stage.add_argument("--kind", default="auto", help="licence, penalty or auto; or the id of a form")
    _by(stage, "the staff user who imports; without one it is the provider's own hand-in", required=False)
    stage.set_defaults(act="stage")
    apply = _verb(verbs, "apply", "exchanging", "put a staged batch into force")
    apply.add_argument("batch")
    _by(apply, "a staff user, and not the one who imported")
    apply.set_defaults(act="apply")
    reverse = _verb(verbs, "reverse", "exchanging", "take an applied batch back")
    reverse.add_argument("batch")
    _by(reverse, "the staff user who does this")
    reverse.add_argument("--why", required=True)
    reverse.set_defaults(act="reverse")
    for verb in (stage, apply, reverse):
        verb.add_argument("--json", action="store_true", help="one line of JSON instead of words")

    record = _verb(verbs, "record", "mending", "change one record, with its evidence")
    record.add_argument("act", choices=("correct", "annul", "repair"))
    record.add_argument("rec_id")
    _by(record, "the staff user who does this")
    record.add_argument("--reason", default="")
    record.add_argument("--on", default="", help="day of the repair, YYYY-MM-DD")
    record.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="a field of the payload"
    )

    objection = _verb(verbs, "objection", "deciding", "move an objection on")
    objection.add_argument("act", choices=("accept", "conclude"))
    objection.add_argument("number")
    _by(objection, "the staff user who decides")
    objection.add_argument("--outcome", default="")
    objection.add_argument("--answer", default="")

    device = _verb(verbs, "device", "admitting", "list, approve or revoke devices")
    device.add_argument("act", choices=("list", "approve", "revoke", "code"))
    device.add_argument("name", help="device id, or the user for list and code")
    _by(device, "who approves: not the officer", required=False)
    return parser


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
