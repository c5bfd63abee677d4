"""What waits for the officer, as the query page lists it at its side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.field.beijing import BEIJING
from app.field.objections import ENDED, RETURNED
from app.services.returning import LINKS

TODO_MOST = 5
REPAIR_ENDED = ("granted", "noted", "refused", "resumed", "synced")


@dataclass(frozen=True)
class Todo:
    """One thing that waits for the officer: `page` opens it. `why` is the code of a refusal, `file` the file
    that it was for, told in words beside the `detail`."""

    text: str
    values: tuple[tuple[str, str | int], ...]
    detail: str
    page: str
    icon: str
    why: str = ""
    file: Any = None


def what_waits(client: Any) -> tuple[Todo, ...]:
    """Of objections, reports, the outbox and repairs, the first TODO_MOST. To be asked in the vault lane."""
    found: list[Todo] = []
    kept = client.objecting.drafts()
    drafts, refused = [d for d in kept if not d.refused], [d for d in kept if d.refused]
    if refused:
        first, count = refused[0].document_no or refused[0].subject_name, (("count", len(refused)),)
        why, file = refused[0].why, refused[0].file
        found.append(Todo("home.todo_refused", count, first, "objection", "attention", why, file))
    if drafts:
        first = drafts[0].document_no or drafts[0].subject_name
        found.append(Todo("home.todo_drafts", (("count", len(drafts)),), first, "objection", "edit"))
    outdated = client.report_files.outdated()
    if outdated:
        count = (("count", len(outdated)),)
        found.append(Todo("home.todo_outdated", count, outdated[0].subject, "reports", "attention"))
    rows = client.syncing.outbox()
    stuck = [row for row in rows if row.state == "unknown"]
    waiting = [row for row in rows if row.state in ("waiting", "sending")]
    if stuck:
        found.append(
            Todo("home.todo_stuck", (("count", len(stuck)),), "", "outbox", "attention", stuck[0].why)
        )
    lost = [row for row in rows if row.state == "refused" and row.kind not in LINKS and not row.heard]
    if lost:
        count = (("count", len(lost)),)
        found.append(Todo("home.todo_lost", count, "", "outbox", "attention", lost[0].why))
    if waiting:
        found.append(Todo("home.todo_waiting", (("count", len(waiting)),), "", "outbox", "send"))
    for row in client.objecting.list():
        word = "returned" if row.state == RETURNED else "concluded" if _is_news(row) else ""
        if word:
            about = "_data_error" if row.kind == "data_error" else ""
            text, values = f"home.todo_{word}{about}", (("number", row.number),)
            found.append(Todo(text, values, row.document_no, "objection", "objection"))
    return tuple((*found, *_repairs(client))[:TODO_MOST])


def _repairs(client: Any) -> tuple[Todo, ...]:
    """Of repairs: what came back, whose day has come, what lacks something or has ended."""
    found, today = [], f"{datetime.now(BEIJING):%Y-%m-%d}"
    for draft in client.repairing.drafts():
        about = draft.document_no or draft.subject_name
        earliest = draft.standing.earliest if draft.standing is not None else ""
        waited = draft.standing is not None and draft.standing.standing == "not_yet"
        if draft.refused:
            one = (("count", 1),)
            why, file = draft.why, draft.file
            found.append(Todo("home.todo_repair_refused", one, about, "repair", "attention", why, file))
        elif waited and earliest and earliest <= today:
            found.append(Todo("home.todo_repair_ripe", (), about, "repair", "repair"))
    for row in client.repairing.list():
        ended = row.state in REPAIR_ENDED and not row.seen
        word = "returned" if row.state == RETURNED else "concluded" if ended else ""
        if word and not row.op_id:
            about = (("number", row.number),)
            found.append(Todo(f"home.todo_repair_{word}", about, row.document_no, "repair", "repair"))
    return tuple(found)


def _is_news(row: Any) -> bool:
    """Whether an objection has ended and the officer has not looked at how."""
    return row.state in ENDED and not row.seen
