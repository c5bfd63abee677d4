"""Words of `official` on the command line; the verbs are in jobs."""

from __future__ import annotations

import argparse
from pathlib import Path

from server_stub.typed_words import day


def official_words(parser: argparse.ArgumentParser) -> None:
    """`official ACT`."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    admit = acts.add_parser(
        "admit",
        help="enter a public body's letter; whom it names is read from standard input; waits for `confirm`",
    )
    silence = acts.add_parser("silence", help="another end of silence, later or earlier; waits for `confirm`")
    withdraw = acts.add_parser(
        "withdraw", help="take a wrong letter back that carried nothing; waits for `confirm`"
    )
    confirm = acts.add_parser(
        "confirm",
        help="another person puts in force what waits of a letter; to admit it, types whom it names",
    )
    stop = acts.add_parser("stop", help="no query stands on it from now on")
    acts.add_parser("list", help="every letter with its queries, and queries without one")
    for act in (admit, silence, withdraw, confirm, stop):
        act.add_argument("number", help="of the letter; its queries bear it as their case number")
        act.add_argument("--organisation", required=True, metavar="CODE", help="whose letter it is")
    admit.add_argument("--approver", required=True, metavar="NAME", help="who there answers for it")
    admit.add_argument("--scan", type=Path, required=True, metavar="FILE", help="PDF, PNG or JPEG")
    admit.add_argument("--signed", type=day, required=True, metavar="DAY", help="YYYY-MM-DD")
    admit.add_argument("--until", type=day, required=True, metavar="DAY", help="last day of its use")
    for act in (admit, silence):
        act.add_argument(
            "--silent", type=day, required=True, metavar="DAY", help="last day on which nobody is told"
        )
    confirm.add_argument(
        "--of",
        required=True,
        metavar="DIGEST",
        help="the letter's `digest` as `list` printed it: what was read is what is confirmed",
    )
    for act in (silence, withdraw, stop):
        act.add_argument("--why", required=True, help="the log keeps it")
    for act in acts.choices.values():
        act.add_argument("--as", "--by", dest="by", metavar="USER", required=True, help="the staff user")
        act.add_argument("--home", type=Path, default=argparse.SUPPRESS, help="as above")
