"""`openapi`: the description of the wire as the routes have it."""

from __future__ import annotations

import argparse
import json
import sys

from server_stub.api.app import api


def described() -> str:
    """The OpenAPI document as text, keys sorted, so that two runs are equal."""
    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def run(words: argparse.Namespace) -> int:
    """Write it to the file, or to standard output."""
    text = described()
    if words.out is None:
        sys.stdout.write(text)
    else:
        words.out.write_text(text, encoding="utf-8")
    return 0
