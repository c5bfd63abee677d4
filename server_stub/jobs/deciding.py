"""`objection`: the centre accepts an objection or ends it."""

from __future__ import annotations

import argparse
import json
import sys

from server_stub.cases import services


def run(words: argparse.Namespace) -> int:
    """Do the step as `--by`; prints the objection as its officer sees it.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict`, `body-invalid`.
    """
    if words.act == "accept":
        view = services.accept(words.number, by=words.by)
    else:
        view = services.conclude(words.number, outcome=words.outcome, by=words.by, answer=words.answer)
    sys.stdout.write(json.dumps(view, ensure_ascii=False) + "\n")
    return 0
