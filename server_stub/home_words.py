"""The words of `person`, `key` and `enrolment` on the command line; the verbs are in jobs."""

from __future__ import annotations

import argparse
from pathlib import Path

from server_stub.typed_words import returned_file


def person_words(parser: argparse.ArgumentParser) -> None:
    """`person ACT`. No number is a word: it stands in the file, or on standard input."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    imported = acts.add_parser("import", help="stage a file of the population register")
    imported.add_argument("file", type=Path)
    acts.add_parser("add", help="stage a new person; JSON on standard input")
    acts.add_parser("document", help="stage a new document of a known person; JSON on standard input")
    applied = acts.add_parser("apply", help="enter what another member of the staff staged")
    reversed_ = acts.add_parser("reverse", help="take a batch back")
    refused = acts.add_parser("refused", help="write the refused rows of a batch, numbers masked")
    for act in (applied, reversed_, refused):
        act.add_argument("batch")
    refused.add_argument("file", type=returned_file, help="a new .xlsx or .csv")
    reversed_.add_argument("--why", required=True)
    correct = acts.add_parser(
        "correct",
        help="put a date of birth or a name right, by two; the person with `right` as JSON on standard input",
    )
    correct.add_argument("--second", metavar="USER", required=True, help="the other member of the staff")
    correct.add_argument("--why", required=True, help="by which paper it is known; kept in the log")
    acts.add_parser("show", help="one person; document, number and name as JSON on standard input")
    for name, act in acts.choices.items():
        _common(act)
        if name not in ("show", "correct"):
            act.add_argument("--json", action="store_true", help="one line of JSON instead of words")


def _common(act: argparse.ArgumentParser) -> None:
    act.add_argument("--home", type=Path, default=argparse.SUPPRESS, help="as above")
    act.add_argument("--as", "--by", dest="by", metavar="USER", required=True, help="the staff user")


def key_words(parser: argparse.ArgumentParser, names: tuple[str, ...]) -> None:
    """`key ACT`."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    listed = acts.add_parser("list", help="every key, and whether it is the one this home was begun with")
    listed.add_argument("--home", type=Path, default=argparse.SUPPRESS, help="as above")
    replace = acts.add_parser("replace", help="ask for another key in place of one that is lost for good")
    confirm = acts.add_parser("confirm", help="replace it; a second person, on a stopped server")
    for act in (replace, confirm):
        act.add_argument("name", choices=names)
        _common(act)
    replace.add_argument("--why", required=True, help="how it was lost, and that there is no backup of it")


def enrolment_words(parser: argparse.ArgumentParser) -> None:
    """`enrolment ACT FILE`."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    write = acts.add_parser("write", help="write the file for an organisation, or for one of its officers")
    shown = acts.add_parser("show", help="what a file says, when this server signed it")
    for act in (write, shown):
        act.add_argument("file", type=Path, help="NAME.hxenrol; write: a new one")
    shown.add_argument("--home", type=Path, default=argparse.SUPPRESS, help="as above")
    _common(write)
    write.add_argument("--organisation", required=True, metavar="CODE")
    write.add_argument("--user", default="", help="the officer's account; left out: for all of them")
    write.add_argument("--url", default="", help="as officers reach this server; else HENGXIN_PUBLIC_URL")
    write.add_argument("--ca", type=Path, help="the authority of a gateway in front; else our own")
