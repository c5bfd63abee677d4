"""`import`, `apply`, `reverse`: what providers hand in."""

from __future__ import annotations

import argparse
import json
import sys

from server_stub.exchange import services


def run(words: argparse.Namespace) -> int:
    """Do the act and print what became of the rows."""
    if words.act == "stage":
        batch = services.stage(words.file, words.provider, words.kind, by=words.by)
    elif words.act == "apply":
        batch = services.apply(words.batch, words.by)
    else:
        batch = services.reverse(words.batch, words.by, words.why)
    card = {"batch": str(batch.pk), "state": batch.state, "rows": services.report(batch)}
    sys.stdout.write(json.dumps(card, ensure_ascii=False, default=str) + "\n")
    return 0
