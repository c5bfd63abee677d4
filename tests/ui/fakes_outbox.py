"""Made-up items of the outbox, one in each place."""

from __future__ import annotations

from typing import Any

from app.services.unsent import OutboxRow

NAME = "衡阳某某建设工程（示例）有限公司"
SEALED = ("2026-11-19T08:00:00.000Z",)
TRIED = 1_795_312_800_000  # 2026-11-22 02:00 UTC


def row(op_id: str, kind: str, state: str, **more: Any) -> OutboxRow:
    facts: dict[str, Any] = {"why": "", "attempts": 0, "next_try": 0, "subject": NAME} | more
    return OutboxRow(op_id, kind, "2026-11-22T01:00:00.000Z", state, **facts)


ROWS = (
    row("op-here", "objection.file", "waiting", query_no="CX-1122-000410",
        document_no="示环罚〔2025〕037 号"),
    row("op-wait", "repair.apply", "waiting", why="net.offline", attempts=2, tried_at=TRIED,
        query_no="CX-1122-000411"),
    row("op-held", "report.issue", "waiting", why="seal-unavailable", attempts=1, tried_at=TRIED,
        next_try=4_102_444_800_000, query_no="CX-1122-000412"),
    row("op-asked", "query", "unknown", why="net.timeout", attempts=1, tried_at=TRIED),
    row("op-going", "objection.file", "sending", attempts=1, tried_at=TRIED, evidence_sent=300_000,
        evidence_size=2_400_000, query_no="CX-1122-000413"),
    row("op-back", "objection.file", "refused", why="objection-letter", attempts=1, tried_at=TRIED,
        draft=True, query_no="CX-1121-000311", document_no="示建罚决字〔2026〕014 号"),
    row("op-void", "report.void", "refused", why="report-void", attempts=2, tried_at=TRIED, subject="李**"),
    row("op-heard", "query", "refused", why="role-denied", attempts=1, tried_at=TRIED, subject="李**",
        heard=True),
)  # fmt: skip
