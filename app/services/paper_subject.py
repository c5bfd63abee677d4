"""What a paper of its own facts is about, as this computer knows it: the list of a certificate, the subject
of a letter. It is kept with the report, for the list outlives the task and its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from app.field.screening import read_screening
from app.services.objection_drafts import KIND
from app.services.room import Opened
from app.services.task_rows import TaskBody
from local_cache import drafts, ledger, screenings


def about_of(opened: Opened, wish: Mapping[str, Any]) -> tuple[str, int]:
    """The file of the list and the number of units on the certificate; the subject (masked for a person) of
    an objection and 0. Empty where this computer does not know; `wish` is the body of the issue."""
    number = str(wish["query_no"])
    if wish.get("template") == "answer":
        return _subject(opened, number), 0
    if wish.get("template") == "screening":
        return _list(opened, number, len(wish.get("rows", ())))
    return "", 0


def _subject(opened: Opened, number: str) -> str:
    kept = drafts.load(opened.work, "kept", KIND, number)
    query_no = str(msgspec.json.decode(kept.body).get("query_no", "")) if kept is not None else ""
    return ledger.subject_of(opened.work, query_no)


def _list(opened: Opened, number: str, rows: int) -> tuple[str, int]:
    if opened.vault.cache is None or opened.lease_state() != "live":
        return "", rows
    cache = opened.copies()
    found = screenings.part_of(cache, number)
    if found is None:
        return "", rows
    body = msgspec.json.decode(screenings.body(cache, found.task_no), type=TaskBody)
    return body.file, rows or len(read_screening(found.payload).rows)
