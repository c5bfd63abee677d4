"""Words of `record`, `unit`, `report`, `objection`, `repair` on the command line; the verbs are in jobs."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.field.objections import CONCLUDED
from app.field.receivers import KINDS
from server_stub.typed_words import day

_FIELDS = "fields that --set takes, by kind of record and year of its form (days as YYYY-MM-DD):"
_RECORD = {
    "correct": "replace wrong fields of its payload; one that moves its term waits for `confirm`",
    "waiting": "the correction or repair that waits for `confirm`, as who confirms it reads it",
    "confirm": "another person puts what waits into force",
    "annul": "the act was withdrawn or annulled: it is not shown any more",
    "repair": "a repair that came without an application: publicity ends; an early one waits for `confirm`",
}
_OBJECTION = {
    "show": "one objection with everything said and handed in",
    "accept": "take it up: the record is marked and the clock begins",
    "return": "ask for what is missing, all of it, once",
    "supplement": "what was asked for came on paper",
    "add": "further papers came that nobody had asked for",
    "decline": "do not take it up, with reasons",
    "forward": "hand it to the provider",
    "answer": "enter what the provider answered",
    "extend": "lengthen the term, once, with reasons",
    "conclude": "end it; a correction that moves the record's term waits for `confirm`",
    "waiting": "the end that waits for `confirm`, with what it would move",
    "confirm": "another person ends it as it was proposed",
    "recheck": "who filed asked on paper for a recheck",
    "letter": "issue the sealed letter that answers it, for who is handed it",
    "close": "nothing more is to come",
}
_REPAIR = {
    "show": "one application with everything said and handed in",
    "return": "papers are missing: ask for all of them",
    "supplement": "what was asked for came on paper",
    "withdraw": "who applied gives it up",
    "hand": "it reached who determines it; the clocks begin",
    "accept": "who determines it has accepted",
    "check": "who determines it checks",
    "extend": "the check was lengthened, once",
    "grant": "enter the keeper's grant: the record ends, is shielded or only noted",
    "refuse": "enter the keeper's refusal",
    "plan-done": "the reorganisation plan was carried out: the shielded record is repaired",
    "plan-failed": "the plan ended: the record is shown again",
    "sync": "the result stands at the national site as here",
}
_NEEDED = {
    "objection": (
        ("return", "--what"), ("supplement", "--statement"), ("add", "--statement"),
        ("decline", "--answer"), ("forward", "--to"),
        ("answer", "--answer"), ("extend", "--why"), ("recheck", "--why"), ("conclude", "--outcome"),
        ("confirm", "--of"),
    ),
    "repair": (
        ("return", "--what"), ("supplement", "--statement"), ("withdraw", "--why"), ("hand", "--to"),
        ("extend", "--why"), ("grant", "--paper"), ("refuse", "--paper"), ("refuse", "--answer"),
        ("plan-done", "--paper"), ("plan-failed", "--paper"),
    ),
}  # fmt: skip
_HELP = {
    "--what": "all that is missing, said once; who filed reads it",
    "--statement": "which papers came, in words",
    "--answer": "in words; who filed reads it",
    "--to": "who is to deal with it, by its name as the record has it; who filed reads it",
    "--why": "the reason, in words; the case keeps it",
    "--outcome": f"how it ends: {', '.join(CONCLUDED)}; the last two need --answer",
    "--of": "the digest that `waiting` printed: what was read is what is confirmed",
    "--paper": "number of the keeper's document",
}
_DATED = ("hand", "accept", "grant", "refuse", "plan-done", "plan-failed")


def record_words(parser: argparse.ArgumentParser) -> None:
    """`record ACT`; each act takes its own words alone."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    for name, words in _RECORD.items():
        act = acts.add_parser(name, help=words)
        act.add_argument("rec_id")
        act.add_argument("--home", type=Path, default=argparse.SUPPRESS, help="as above")
        act.add_argument("--as", "--by", dest="by", metavar="USER", required=True, help="the staff user")
        if name not in ("waiting", "confirm"):
            act.add_argument("--reason", required=True, help="told to officers who hold the record")
        if name == "confirm":
            act.add_argument("--of", required=True, metavar="DIGEST", help=_HELP["--of"])
        if name == "correct":
            _set_words(act, required=True)
        if name == "repair":
            act.add_argument(
                "--on", type=day, default="", metavar="DAY", help="YYYY-MM-DD; today when left out"
            )
            act.add_argument("--paper", default="", help=_HELP["--paper"])


class _FieldsHelp(argparse.RawDescriptionHelpFormatter):
    """Lists the fields behind the help, and reads them only when the help is asked for."""

    def add_text(self, text: str | None) -> None:
        if text == _FIELDS:
            forms = importlib.import_module("server_stub.exchange.settable")
            lines = [_FIELDS]
            for heading, form in forms.every():
                lines.append(f"  {heading}")
                lines += [f"    {code:<12} {word}" for code, word in forms.settable(form)]
            text = "\n".join(lines)
        super().add_text(text)


def _set_words(act: argparse.ArgumentParser, required: bool) -> None:
    """`--set`, and behind the act's help which fields it takes."""
    act.formatter_class, act.epilog = _FieldsHelp, _FIELDS
    words = "a field of the record, listed below; FIELD= takes one away; may be repeated"
    act.add_argument(
        "--set",
        action="append",
        required=required,
        default=None if required else [],
        metavar="FIELD=VALUE",
        help=words,
    )
    act.add_argument(
        "--text-stays",
        default="",
        metavar="WHY",
        help="an amount is corrected that the record's own text does not state; the log keeps why",
    )


def unit_words(parser: argparse.ArgumentParser) -> None:
    """`unit ACT`."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    show = acts.add_parser("show", help="one unit as the register has it")
    rename = acts.add_parser(
        "rename", help="give it its right or new name; the old one stays as a former name"
    )
    for act in (show, rename):
        act.add_argument("code", help="its 18-character code, or another number it bears")
        act.add_argument("--as", "--by", dest="by", metavar="USER", required=True, help="the staff user")
        act.add_argument("--home", type=Path, default=argparse.SUPPRESS, help="as above")
    rename.add_argument("--name", required=True)
    rename.add_argument("--second", required=True, metavar="USER", help="another staff user who agrees")
    rename.add_argument("--why", required=True, help="the register's notice, or what was wrong")
    rename.add_argument(
        "--until", type=day, default="", metavar="DAY", help="last day of the old name; today when left out"
    )


def report_words(parser: argparse.ArgumentParser) -> None:
    """`report ACT`."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    listing = acts.add_parser("list", help="what was issued on a day, to whom")
    listing.add_argument("--on", type=day, default="", metavar="DAY", help="YYYY-MM-DD; today when left out")
    listing.add_argument("--organisation", default="", metavar="CODE", help="of this unit alone")
    show = acts.add_parser("show", help="one report with what happened to it since")
    file = acts.add_parser("file", help="the file of a paper that the staff issued, once more")
    file.add_argument("--out", type=Path, required=True, metavar="F.pdf", help="a new file")
    void = acts.add_parser("void", help="declare it void; two persons")
    for act in (show, file, void):
        act.add_argument("number", help="as it is printed")
    for act in (listing, show, file, void):
        act.add_argument("--as", "--by", dest="by", metavar="USER", required=True, help="the staff user")
    void.add_argument("--second", required=True, metavar="USER", help="another staff user who agrees")
    void.add_argument("--why", required=True, help="at most 200 characters; the log keeps it")
    for act in acts.choices.values():
        act.add_argument("--home", type=Path, default=argparse.SUPPRESS, help="as above")


def objection_words(parser: argparse.ArgumentParser) -> None:
    """`objection ACT`."""
    acts = _acts(parser, _OBJECTION, _NEEDED["objection"])
    acts["conclude"].add_argument("--answer", default="", help="reasons, in words; who filed reads them")
    _set_words(acts["conclude"], required=False)
    letter = acts["letter"]
    letter.add_argument("--out", type=Path, required=True, metavar="F.pdf")
    letter.add_argument("--for", dest="handed", choices=KINDS, required=True, help="who is handed it")
    letter.add_argument("--receiver", default="", metavar="NAME", help="of an agent or an office")
    letter.add_argument("--language", choices=("zh_CN", "en"), default="zh_CN")
    acts["close"].add_argument("--agreed", action="store_true", help="who filed wants no recheck")


def repair_words(parser: argparse.ArgumentParser) -> None:
    """`repair ACT`."""
    acts = _acts(parser, {"take-in": "papers came to the window", **_REPAIR}, _NEEDED["repair"])
    for name in ("--kind", "--statement"):
        acts["take-in"].add_argument(name, required=True)
    for name in _DATED:
        acts[name].add_argument(
            "--on", default="", type=day, metavar="DAY", help="YYYY-MM-DD; today when left out"
        )
    acts["hand"].add_argument("--tracking", default="", metavar="NUMBER", help="the keeper's own number")
    acts["grant"].add_argument("--answer", default="", help="the keeper's words; who applied reads them")
    acts["refuse"].add_argument(
        "--next", type=day, default="", metavar="DAY", help="from when it may be asked again"
    )


def _acts(
    parser: argparse.ArgumentParser, about: Mapping[str, str], needed: Sequence[tuple[str, str]]
) -> dict[str, argparse.ArgumentParser]:
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    made = {"list": acts.add_parser("list", help="open cases with the working days left, urgent ones first")}
    made["list"].add_argument("--overdue", action="store_true", help="those alone that are late or undated")
    made["dates"] = acts.add_parser("dates", help="give their day to clocks that waited for a calendar")
    for name, words in about.items():
        made[name] = acts.add_parser(name, help=words)
        made[name].add_argument("rec_id" if name == "take-in" else "number")
    for name, option in needed:
        added = made[name].add_argument(option, required=True, help=_HELP[option])
        if option == "--of":
            added.metavar = "DIGEST"
        if option == "--outcome":
            added.choices, added.metavar = CONCLUDED, "OUTCOME"
    for act in made.values():
        act.add_argument("--home", type=Path, default=argparse.SUPPRESS, help="as above")
        act.add_argument("--as", "--by", dest="by", metavar="USER", required=True, help="the staff user")
    return made
