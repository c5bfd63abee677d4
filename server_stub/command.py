"""`hengxin-server`: one command for running the server and for the acts of the centre's staff."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import django

from server_stub.errors import Problem


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; 0 done, 1 refused with one line on standard error, 2 wrong words."""
    words = _parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
    if words.home is not None:
        os.umask(0o077)
        words.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ["HENGXIN_SERVER_HOME"] = str(words.home.resolve())
    django.setup()
    # Rooms hold models, and models can be imported only now.
    job = importlib.import_module(f"server_stub.jobs.{words.job}")
    try:
        return int(job.run(words))
    except Problem as problem:
        print(f"{problem.code}: {problem.detail}", file=sys.stderr)
        return 1
    except (ValueError, LookupError, OSError) as flaw:
        print(f"{type(flaw).__name__}: {flaw}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hengxin-server", description=__doc__)
    parser.set_defaults(home=None)
    verbs = parser.add_subparsers(required=True, metavar="verb")

    up = _verb(verbs, "up", "serving", "prepare the home and serve until SIGTERM")
    up.add_argument("--port", type=int, default=0, help="0: a free one, remembered in the home")
    up.add_argument("--sample", choices=("small", "city"), help="load the made-up city")

    openapi = verbs.add_parser("openapi", help="write the description of the wire")
    openapi.add_argument("--out", type=Path, help="file; standard output when left out")
    openapi.set_defaults(job="describing")

    stage = _verb(verbs, "import", "exchanging", "stage a file of a provider for review")
    stage.add_argument("file", type=Path)
    stage.add_argument("--provider", required=True)
    stage.add_argument("--kind", default="auto")
    stage.add_argument("--by", required=True, help="the staff user who does this")
    stage.set_defaults(act="stage")
    apply = _verb(verbs, "apply", "exchanging", "put a staged batch into force")
    apply.add_argument("batch")
    apply.add_argument("--by", required=True)
    apply.set_defaults(act="apply")
    reverse = _verb(verbs, "reverse", "exchanging", "take an applied batch back")
    reverse.add_argument("batch")
    reverse.add_argument("--by", required=True)
    reverse.add_argument("--why", required=True)
    reverse.set_defaults(act="reverse")

    record = _verb(verbs, "record", "mending", "change one record, with its evidence")
    record.add_argument("act", choices=("correct", "annul", "repair"))
    record.add_argument("rec_id")
    record.add_argument("--by", required=True)
    record.add_argument("--reason", default="")
    record.add_argument("--on", default="", help="day of the repair, YYYY-MM-DD")
    record.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="a field of the payload"
    )

    objection = _verb(verbs, "objection", "deciding", "move an objection on")
    objection.add_argument("act", choices=("accept", "conclude"))
    objection.add_argument("number")
    objection.add_argument("--by", required=True)
    objection.add_argument("--outcome", default="")
    objection.add_argument("--answer", default="")

    device = _verb(verbs, "device", "admitting", "list, approve or revoke devices")
    device.add_argument("act", choices=("list", "approve", "revoke", "code"))
    device.add_argument("name", help="device id, or the user for list and code")
    device.add_argument("--by", default="")
    return parser


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, job: str, words: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=words)
    parser.add_argument("--home", type=Path, required=True, help="the server's directory")
    parser.set_defaults(job=job)
    return parser


if __name__ == "__main__":
    sys.exit(main())
