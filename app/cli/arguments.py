"""What may be typed. Secrets and identity numbers have no argument on purpose."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn, get_args

from app.field.evidence import EntryKind
from app.field.identifier_kinds import PERSONS
from app.field.objections import CHOICES
from app.field.receivers import KINDS as RECEIVERS
from app.texts import LANGUAGES, Texts

KINDS = ("standard", "summary", "special", "screening", "looks", "answer")


class Misused(Exception):  # noqa: N818 - what the parser says instead of ending the process
    """The command line does not parse; the text is argparse's."""


class Parser(argparse.ArgumentParser):
    """A parser that leaves the last word to the caller, so that --json holds for wrong usage, too."""

    def error(self, message: str) -> NoReturn:
        raise Misused(f"{self.prog}: {message}")


def parser_in(texts: Texts) -> Parser:
    """The whole grammar with help in one language."""
    common = _common(texts)
    top = Parser(prog="hengxin", description=texts.say("cli.about"), parents=[common])
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND", parser_class=Parser)

    def verb(name: str) -> Parser:
        return verbs.add_parser(name, parents=[common], help=texts.say(f"cli.{name.replace('-', '_')}"))

    sign_in = verb("sign-in")
    sign_in.add_argument("--server", metavar="URL", default="")
    sign_in.add_argument("--ca", metavar="FILE", type=Path)
    sign_in.add_argument("--enrolment", metavar="FILE", type=Path, help=texts.say("cli.enrolment_file"))
    sign_in.add_argument("--fingerprint", metavar="GROUPS", default="", help=texts.say("cli.fingerprint"))
    sign_in.add_argument("--user", metavar="U", default="")
    sign_in.add_argument("--device-name", metavar="NAME", default="")

    query = verb("query")
    query.formatter_class = argparse.RawDescriptionHelpFormatter
    query.epilog = texts.say("cli.query_more", id_types=", ".join(PERSONS))
    query.add_argument("subject", metavar="CODE_OR_NAME", nargs="?", default="")
    query.add_argument("--person", metavar="FILE|-", default="", help=texts.say("cli.person_file"))
    query.add_argument("--purpose", metavar="CODE", default="", help=texts.say("cli.purpose"))
    query.add_argument("--case", metavar="NO", default="")
    query.add_argument("--letter", metavar="FILE", type=Path, help=texts.say("cli.letter_file"))
    query.add_argument("--document-seen", action="store_true", help=texts.say("cli.document_seen"))
    query.add_argument("--no-copy", action="store_true", help=texts.say("cli.no_copy"))
    query.add_argument("--recent", action="store_true", help=texts.say("cli.recent"))

    verb("purposes")

    screen = verb("screen")
    screen.add_argument("file", metavar="FILE", type=Path, help=texts.say("cli.screen_file"))
    screen.add_argument("--purpose", metavar="CODE", default="", help=texts.say("cli.purpose"))
    screen.add_argument("--case", metavar="NO", default="")
    _goes_to(screen, texts, "--out", "OUT.xlsx")

    report = verb("report")
    report.add_argument("query_no", metavar="QUERY_NO")
    _goes_to(report, texts, "--out", "F.pdf")
    report.add_argument("--seal", action="store_true", help=texts.say("cli.seal"))
    report.add_argument("--kind", choices=KINDS, default="standard", help=texts.say("cli.report_kind"))
    report.add_argument("--from", dest="start", metavar="DAY", default="", help=texts.say("cli.report_from"))
    report.add_argument("--to", dest="end", metavar="DAY", default="", help=texts.say("cli.report_to"))
    report.add_argument("--field", metavar="CODE", default="", help=texts.say("cli.report_field"))
    report.add_argument("--rows", metavar="1,3-5", default="", help=texts.say("cli.report_rows"))
    report.add_argument("--large", action="store_true", help=texts.say("cli.report_large"))
    report.add_argument("--for", dest="handed", choices=RECEIVERS, default="", help=texts.say("cli.handed"))
    report.add_argument("--receiver", default="", metavar="NAME", help=texts.say("cli.receiver"))

    reports = verb("reports").add_subparsers(dest="act", required=True, parser_class=Parser)
    reports.add_parser("list", parents=[common])
    save = reports.add_parser("save", parents=[common])
    save.add_argument("number", metavar="REPORT_NO")
    _goes_to(save, texts, "--out", "F.pdf")
    void = reports.add_parser("void", parents=[common])
    void.add_argument("number", metavar="REPORT_NO")
    void.add_argument("--why", required=True, help=texts.say("cli.void_why"))

    cached = verb("cached").add_subparsers(dest="act", required=True, parser_class=Parser)
    cached.add_parser("list", parents=[common])
    cached.add_parser("show", parents=[common]).add_argument("which", metavar="QUERY_NO_OR_CODE")
    cached.add_parser("search", parents=[common]).add_argument("text", metavar="TEXT")

    objection = verb("objection").add_subparsers(dest="act", required=True, parser_class=Parser)
    file = objection.add_parser("file", parents=[common])
    file.add_argument("query_no", metavar="QUERY_NO")
    file.add_argument("rec_id", metavar="REC_ID")
    file.add_argument(
        "--kind",
        choices=["objection", "data_error"],
        help=texts.say("cli.objection_kind"),
    )
    for name, codes in CHOICES.items():
        words = _named(texts, f"objection_page.{name}", codes)
        file.add_argument(f"--{name}", metavar="CODE", help=words)
    for name in ("statement", "should-be", "letter-no"):
        words = texts.say(f"cli.objection_{name.replace('-', '_')}")
        file.add_argument(f"--{name}", metavar="TEXT", help=words)
    steps = [
        objection.add_parser(act, parents=[common], help=texts.say(f"cli.objection_{act}"))
        for act in ("supplement", "recheck")
    ]
    for one in steps:
        one.add_argument("number", metavar="NUMBER")
        one.add_argument("--statement", metavar="TEXT", help=texts.say("cli.objection_statement"))
    left_out = texts.say("cli.objection_leave_out")
    for one in (file, *steps):
        one.add_argument(
            "--attach", metavar="FILE", type=Path, action="append", default=[], help=texts.say("cli.attach")
        )
        one.add_argument("--leave-out", metavar="NAME", action="append", default=[], help=left_out)
    objection.add_parser("list", parents=[common])
    objection.add_parser("show", parents=[common]).add_argument("number", metavar="NUMBER_OR_OP")

    _repair(verb("repair"), common, texts)

    outbox = verb("outbox").add_subparsers(dest="act", required=True, parser_class=Parser)
    outbox.add_parser("list", parents=[common])
    outbox.add_parser("recover", parents=[common], help=texts.say("cli.outbox_recover"))
    outbox.add_parser("retry", parents=[common]).add_argument("op_id", nargs="?", default="")
    dismiss = outbox.add_parser("dismiss", parents=[common], help=texts.say("cli.outbox_dismiss"))
    dismiss.add_argument("op_id", metavar="OP")
    dismiss.add_argument("--yes", action="store_true", help=texts.say("cli.dismiss_yes"))

    verb("sync").add_argument("--restored", metavar="CODE", default="", help=texts.say("cli.sync_restored"))
    ledger = verb("ledger").add_subparsers(dest="act", required=True, parser_class=Parser)
    listing = ledger.add_parser("list", parents=[common])
    listing.add_argument("--limit", type=int, default=50)
    listing.add_argument(
        "--kind",
        choices=get_args(EntryKind),
        default="",
        metavar="KIND",
        help=_named(texts, "ledger_page.kind", get_args(EntryKind)),
    )
    ledger.add_parser("verify", parents=[common])

    verify = verb("verify")
    verify.add_argument("report", metavar="F.pdf|NUMBER", help=texts.say("cli.verify_report"))
    verify.add_argument("--offline", action="store_true", help=texts.say("cli.offline"))
    _goes_to(verify, texts, "--data", "REPORT.json", required=False, help=texts.say("cli.verify_data"))
    for name in ("doctor", "lock", "passphrase"):
        verb(name)
    verb("wipe").add_argument("--yes", action="store_true", help=texts.say("cli.wipe_yes"))
    return top


def _goes_to(verb: Parser, texts: Texts, option: str, name: str, **more: Any) -> None:
    """An option that names a file to come, and the word without which no file is written over."""
    verb.add_argument(option, **{"metavar": name, "type": Path, "required": True, **more})
    verb.add_argument("--replace", action="store_true", help=texts.say("cli.replace"))


def _repair(verb: Parser, common: Parser, texts: Texts) -> None:
    acts = verb.add_subparsers(dest="act", required=True, parser_class=Parser)
    standing = acts.add_parser("standing", parents=[common])
    file = acts.add_parser("file", parents=[common])
    for one in (standing, file):
        one.add_argument("query_no", metavar="QUERY_NO")
        one.add_argument("rec_id", metavar="REC_ID")
        one.add_argument("--kind", metavar="CODE", default="performance", help=texts.say("cli.repair_kind"))
    standing.add_argument("--out", metavar="F.txt", type=Path, help=texts.say("cli.repair_out"))
    standing.add_argument("--replace", action="store_true", help=texts.say("cli.replace"))
    file.add_argument("--statement", metavar="TEXT", default="", help=texts.say("cli.repair_statement"))
    file.add_argument("--letter-no", metavar="TEXT", default="", help=texts.say("cli.objection_letter_no"))
    supplement = acts.add_parser("supplement", parents=[common])
    supplement.add_argument("number", metavar="NUMBER")
    supplement.add_argument(
        "--statement", metavar="TEXT", required=True, help=texts.say("cli.repair_statement")
    )
    for one in (file, supplement):
        words = texts.say("cli.repair_paper")
        one.add_argument("--paper", metavar="CHECK=FILE", action="append", default=[], help=words)
        left_out = texts.say("cli.objection_leave_out")
        one.add_argument("--leave-out", metavar="NAME", action="append", default=[], help=left_out)
    withdraw = acts.add_parser("withdraw", parents=[common])
    withdraw.add_argument("number", metavar="NUMBER")
    withdraw.add_argument("--why", metavar="TEXT", required=True, help=texts.say("repair_page.withdraw_why"))
    acts.add_parser("list", parents=[common])
    acts.add_parser("show", parents=[common]).add_argument("number", metavar="NUMBER_OR_OP")


def _named(texts: Texts, table: str, codes: Iterable[str]) -> str:
    """The values an option may have, each with what it means."""
    return "; ".join(f"{code} {texts.say(f'{table}_{code}')}" for code in codes)


def _common(texts: Texts) -> Parser:
    """Options of every command; they may stand before or after its name."""
    common = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--home", metavar="DIR", type=Path, help=texts.say("cli.home"))
    common.add_argument("--json", action="store_true", help=texts.say("cli.json"))
    common.add_argument("--secrets", metavar="FILE|-", help=texts.say("cli.secrets"))
    common.add_argument("--language", choices=LANGUAGES, help=texts.say("cli.language"))
    return common
