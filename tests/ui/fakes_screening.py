"""A made-up screening for pictures and checks of its page: no subject here exists."""

# ruff: noqa: E501 (rows of invented units read best as rows)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from app.field.identifiers import uscc_check
from app.field.records import Measure, PurposeRef, RegisterCard, Requester, Standing
from app.field.screening import ListEntry, Namesake, ScreenCounts, ScreenedRow, Screening
from app.lists.columns import guess
from app.lists.preparing import Prepared, prepare
from app.services.task_reading import Task, TaskCard
from app.services.task_rows import (
    Pick,
    TaskBody,
    again,
    answers_of,
    asked_lines,
    lines_of,
    places_of,
    set_aside,
)
from app.sheets.reading import Line, Sheet
from app.trouble import Refused

AT = "2026-11-21T18:00:00.000Z"
EXPIRES = 1_796_000_000_000
FILE = "四季度贷后名单.xlsx"
KINDS = (
    "建设工程",
    "新材料股份",
    "物流",
    "商贸",
    "农业专业合作社",
    "医疗器械",
    "餐饮管理",
    "机械制造",
    "劳务",
    "文旅",
)
TWIN = "某某建材经营部（示例）"
REQUESTER = Requester("jb017", "经办 017", "12430400MA00000D4H", "示例银行衡阳分行", "bank", "bank_officer")


def code(number: int) -> str:
    body = f"91430400MA0{number:06d}"
    return body + uscc_check(body)


def _rows() -> tuple[tuple[str, ...], ...]:
    rows: list[tuple[str, ...]] = [("序号", "客户名称", "统一社会信用代码", "备注")]
    for number in range(1, 41):
        name = f"衡阳示例{KINDS[(number - 1) % 10]}有限公司{number:02d}"
        rows.append((str(number), name, code(number), ""))
    rows[4] = ("4", TWIN, "", "")
    rows[13] = ("13", rows[13][1], "9.14304E+17", "")
    rows[14] = ("14", rows[14][1], code(14)[:-1] + ("0" if code(14)[-1] != "0" else "1"), "")
    rows[15] = ("15", "张三", "", "")
    rows[16] = ("16", rows[16][1], code(16).lower(), "")
    rows[17] = ("17", rows[16][1], code(16), "重复")
    return tuple(rows)


SHEET = Sheet("贷后", tuple(Line(number, cells) for number, cells in enumerate(_rows(), 1)))
PREPARED = prepare(SHEET, guess(SHEET))


def entry(kind: Any = "serious") -> ListEntry:
    names = {
        "serious": "拖欠农民工工资失信联合惩戒名单",
        "abnormal": "经营异常名录",
        "honour": "纳税信用 A 级纳税人",
    }
    standing = Standing(
        f"REC-{kind}", 1, kind, names[kind], "示例市人力资源社会保障局", "2025-08-12",
        "" if kind == "honour" else "2028-08-12", "经责令限期支付仍未支付", "示人社列决字〔2025〕008 号",
        measures=(Measure("II", "审慎授信", "金融机构", "示例清单（2026 年版）第 12 项", True),
                  Measure("I", "限制政府采购", "财政部门", "示例清单（2026 年版）第 3 项")),
    )  # fmt: skip
    return ListEntry(standing, kind, "示例办法（人社部令第 45 号）第五条", "示例市人力资源社会保障局")


LISTED = {code(1): ("serious",), code(3): ("abnormal",), code(7): ("abnormal",), code(2): ("honour",), code(9): ("honour",),
          code(10): ("honour", "abnormal", "serious", "honour")}  # fmt: skip


def card(number: int, name: str, district: str, state: str = "存续") -> RegisterCard:
    return RegisterCard(f"{number:026d}", "legal", name, code(number), state, "2016-05-11", "李**", district)


TWINS = (
    card(901, f"衡阳市雁峰区{TWIN}", "雁峰区"), card(902, f"衡阳县{TWIN}", "衡阳县"), card(903, f"衡东县{TWIN}", "衡东县", "注销"),
)  # fmt: skip


def answered(place: int, asked: tuple[str, str]) -> ScreenedRow:
    number, name = asked
    if not number:
        return ScreenedRow(
            place, "", name, "similar", None, (), tuple(Namesake(one, (entry(),)) for one in TWINS)
        )
    entries = tuple(entry(kind) for kind in LISTED.get(number, ()))
    subject = RegisterCard("0" * 26, "legal", name or TWINS[0].name, number, "存续")
    return ScreenedRow(place, number, name, "hit" if entries else "none", subject, entries)


class Tasks:
    """Answers ten units at a time, like the service, without vault or platform."""

    def __init__(self, done: int = 0, refuses: str = "") -> None:
        self.bodies: dict[str, TaskBody] = {}
        self.parts: dict[str, dict[int, Screening]] = {}
        self.picks: dict[str, dict[str, Pick]] = {}
        self.states: dict[str, Any] = {}
        self.refuses = refuses
        self.exports: list[Path] = []
        self.advanced = 0
        if done:
            number = self.begin(FILE, PREPARED, (SHEET.lines[0].cells, {}), ("post_loan", "DH-2026-Q4"))
            for _ in range(done):
                self.advance(number)

    def begin(self, file: str, prepared: Prepared, table: Any, ground: tuple[str, str]) -> str:
        body = TaskBody(
            file, ground[0], ground[1], tuple(table[0]), tuple((row.code, row.name) for row in prepared.asked),
            asked_lines(prepared.rows, prepared.place_of, table[1]), set_aside(prepared.flawed, table[1]), 10,
        )  # fmt: skip
        return self._keep(body)

    def _keep(self, body: TaskBody) -> str:
        number = f"PC-20261122-AB{len(self.bodies):02d}"
        self.bodies[number], self.parts[number], self.picks[number] = body, {}, {}
        self.states[number] = "open"
        return number

    def cards(self) -> tuple[TaskCard, ...]:
        return tuple(self.open(number).card for number in reversed(self.bodies))

    def open(self, number: str) -> Task:
        body, said = self.bodies[number], self.parts[number]
        lines = tuple(lines_of(body, answers_of(body, said), self.picks[number]))
        done = sum(line.state != "queued" for line in lines)
        state = "done" if done == len(lines) else self.states[number]
        made = TaskCard(number, body.file, body.purpose, state, done, len(lines), AT, EXPIRES)
        numbers = tuple(one.screening_no for one in said.values())
        answers = answers_of(body, said)
        return Task(
            made, body.case_no, body.titles, lines, body.lines, body.aside, AT if said else "", numbers,
            tuple((one, 400 + at) for at, one in enumerate(numbers)), body.before, "经办 017", "示例银行衡阳分行",
            "贷后管理", "Post-loan", True, {}, len(body.asked), len([at for at in answers if at < len(body.asked)]),
            tuple(places_of(body, part, one) for part, one in said.items()),
        )  # fmt: skip

    def count_answers(self, number: str) -> int:
        return len(self.parts[number])

    def look(self, number: str) -> Task:
        return self.open(number)

    def advance(self, number: str) -> Task:
        self.advanced += 1
        if self.refuses:
            raise Refused(self.refuses)
        body, said = self.bodies[number], self.parts[number]
        part = next((at for at in range(body.parts()) if at not in said), None)
        if part is not None and self.states[number] == "open":
            asked = body.asked[part * 10 : part * 10 + 10]
            self._say(number, part, asked)
        return self.open(number)

    def _say(self, number: str, part: int, asked: Any) -> None:
        body = self.bodies[number]
        rows = tuple(answered(place, one) for place, one in enumerate(asked))
        self.parts[number][part] = Screening(
            "screening", 1, f"MD-20261122-{part:06d}", f"op-{part}", AT, AT, 1, "e", True, REQUESTER,
            PurposeRef(body.purpose, "贷后管理", "Post-loan"), body.case_no, (), rows, ScreenCounts(),
        )  # fmt: skip

    def choose(self, number: str, place: int, chosen: str, why: str) -> Task:
        if chosen:
            self._say(number, self.bodies[number].parts() + place, ((chosen, ""),))
        self.picks[number][str(place)] = Pick(chosen, why, AT)
        return self.open(number)

    def cancel(self, number: str) -> Task:
        self.states[number] = "cancelled"
        return self.open(number)

    def reopen(self, number: str) -> Task:
        self.states[number] = "open"
        return self.open(number)

    def again(self, number: str) -> str:
        body = self.bodies[number]
        answers = answers_of(body, self.parts[number])
        return self._keep(replaced(again(body, number, answers, self.picks[number])))

    def discard(self, number: str) -> None:
        self.bodies.pop(number)

    def exported(self, task: Task, path: Path) -> None:
        self.exports.append(path)


def replaced(body: TaskBody) -> TaskBody:
    """The first unit was not listed before: a change to be seen."""
    marks = {**body.marks, "0": []}
    return TaskBody(**{name: getattr(body, name) for name in body.__struct_fields__} | {"marks": marks})


def done_task() -> Task:
    """A finished task."""
    tasks = Tasks(5)
    number = next(iter(tasks.bodies))
    return replace(tasks.open(number))
