"""Filed objections about which something may still be done."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from tests.ui.fakes_files import Draft, FakeObjecting, ObjectionRow, filed


def turned(state: str, turn: str, until: str = "") -> ObjectionRow:
    """Such a row: `turn` is what may be done, until a day if there is one."""
    row = filed(state)
    assert row.view is not None
    remedies = {"recheck": "x", "recheck_until": until} if until else {}
    return replace(row, turn=turn, view=msgspec.structs.replace(row.view, remedies=remedies))


class Stepping(FakeObjecting):
    """Hands out the draft of the step that a row offers."""

    def step(self, number: str) -> Draft:
        row = self.show(number)
        return Draft("d-step", row.query_no, row.rec_id, row.document_no, row.subject,
                     act=row.turn, number=number, rev=4, turn=row.turn)  # fmt: skip

    def turned(self, draft: Draft) -> Draft:
        return replace(draft, act=draft.turn, rev=5)
