"""A platform that screens made-up units, for tests of tasks: no network, a real vault behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from app.field.identifiers import uscc_check
from app.field.records import PurposeRef, RegisterCard, Requester, Standing
from app.field.screening import ListEntry, Namesake, ScreenCounts, ScreenedRow, Screening
from app.lists.preparing import ListRow
from app.services.room import Room
from app.services.screening import Taken
from app.trouble import Trouble
from tests.app.services.vaults import signed

SERIOUS, HONOUR, CLEAN, TWIN = (
    body + uscc_check(body) for body in (f"91430400MA000000{n}" for n in range(4))
)
NAME = "示例建材经营部"
REQUESTER = Requester("u1", "示例柜员", "MA000001", "示例银行", "bank", "bank_officer")
AT = "2026-11-23T01:00:00.000Z"
WORDS = {"none": {"zh": "未命中", "en": "No hit"}}


def entry(kind: Any = "serious", number: str = "示列决字〔2026〕1 号", former: bool = False) -> ListEntry:
    standing = Standing(
        f"R-{number}", 1, kind, "示例名单", "示例局", "2026-01-02", "2029-01-02", document_no=number
    )
    return ListEntry(standing, f"{kind}-list", "示例依据", "示例单位", former=former)


def card(code: str, name: str = NAME) -> RegisterCard:
    return RegisterCard(f"key-{code}", "legal", name, code, "存续", "2016-05-01", district="雁峰区")


def namesakes() -> tuple[Namesake, ...]:
    return (Namesake(card(TWIN), (entry(number="示列决字〔2026〕9 号"),)),)


class Platform:
    """Answers as told: `lists` of a number, a namesake for NAME; `fails` are the troubles to come."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.lists: dict[str, tuple[ListEntry, ...]] = {
            SERIOUS: (entry(),),
            HONOUR: (entry("honour", "示字 2 号"),),
        }
        self.asked: list[list[tuple[str, str]]] = []
        self.fails: list[Trouble] = []
        self.as_of_seq = 1
        self.exports: list[str] = []

    def screen(
        self, rows: Sequence[ListRow], purpose: str, case_no: str, lane: str, keep: Callable[..., None]
    ) -> None:
        self.asked.append([(row.code, row.name) for row in rows])
        if self.fails:
            raise self.fails.pop(0)
        number = f"MD-20261123-{len(self.asked):06d}"
        said = Screening(
            "screening", 1, number, f"op-{len(self.asked)}", AT, AT,
            self.as_of_seq, "e", True, REQUESTER, PurposeRef(purpose, "授信审批", "credit"), case_no, (),
            tuple(self._row(at, row) for at, row in enumerate(rows)), ScreenCounts(), words=WORDS,
        )  # fmt: skip
        taken = Taken(said.op_id, said, signed(msgspec.json.encode(said)), len(self.asked) + 6)
        self.room.run(lambda opened: keep(opened, taken))

    def exported(self, numbers: Sequence[str], purpose: str, path: object) -> None:
        self.exports.extend(numbers)

    def _row(self, place: int, row: ListRow) -> ScreenedRow:
        entries = self.lists.get(row.code, ())
        if entries:
            state: Any = "hit" if any(not one.former for one in entries) else "former"
            return ScreenedRow(place, row.code, row.name, state, card(row.code), entries)
        if not row.code and row.name == NAME:
            return ScreenedRow(place, "", row.name, "similar", None, (), namesakes())
        return ScreenedRow(place, row.code, row.name, "none", card(row.code) if row.code else None)
