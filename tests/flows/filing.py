"""An objection on whichever record of an answer nobody objects to yet: the files of flows share one firm."""

from __future__ import annotations

from typing import Any

from tests.flows.server import Cli

WORDS = ("--ground", "content", "--wish", "correct", "--statement", "示例：金额与决定书不一致")


def object_to_one(firm: Cli, answer: dict[str, Any], among: set[str] | None = None) -> dict[str, Any]:
    """File it and give what was said, `rec_id` added; the last records are tried first."""
    tried = []
    for record in reversed(answer["records"]):
        if among is not None and record["rec_id"] not in among:
            continue
        said = firm("objection", "file", answer["query_no"], record["rec_id"], *WORDS)
        if said.code == 0:
            return {**said.json, "rec_id": record["rec_id"]}
        assert said.error == "objection-duplicate", said.out
        tried.append(record["rec_id"])
    raise AssertionError(f"every record is objected to: {tried}")
