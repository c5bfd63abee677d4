"""`openapi`: the description of the wire as the routes have it."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from server_stub.api.app import api
from server_stub.api.problems import MEDIA

PROBLEM = "#/components/schemas/Problem"


def described() -> str:
    """The OpenAPI document as text, keys sorted, so that two runs are equal."""
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
    refused = {"description": "Refused", "content": {MEDIA: {"schema": {"$ref": PROBLEM}}}}
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"]["default"] = refused
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def run(words: argparse.Namespace) -> int:
    """Write it to the file, or to standard output."""
    text = described()
    if words.out is None:
        sys.stdout.write(text)
    else:
        words.out.write_text(text, encoding="utf-8")
    return 0
