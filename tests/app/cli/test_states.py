"""Every state that the server gives an objection has words, and a line says until when and with whom."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.assembly import Client
from app.cli import keeping
from app.services.objecting import ObjectionRow
from app.texts import LANGUAGES, Texts
from app.wire.messages import ObjectionView
from server_stub.cases.models import ENDED, OPEN

STATES = (*OPEN, *ENDED, "queued", "refused")


def client(language: str) -> Client:
    return cast(Client, SimpleNamespace(texts=Texts(language)))


def row(state: str, **more: Any) -> ObjectionRow:
    view = ObjectionView("YY1", "objection", "Q1", "r1", state, "t", due_on="2026-12-07", holder="示例局")
    base = {"due_on": view.due_on, "view": view} | more
    return ObjectionRow("op1", "YY1", "Q1", "r1", "(2026)1号", state, "t", kind="objection", **base)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_has_words(language: str, state: str) -> None:
    words = Texts(language).say(f"objection_state.{state}")
    assert words
    assert words in keeping._line(client(language), row(state))


def test_a_line_says_until_when_with_whom_and_why() -> None:
    line = keeping._line(client("zh_CN"), row("forwarded"))
    assert "2026-12-07" in line
    assert "示例局" in line
    refused = row("refused", why="objection-duplicate", due_on="", view=None)
    assert "已有处理中的异议" in keeping._line(client("zh_CN"), refused)


def test_a_notice_is_told_line_by_line_and_nothing_in_it_moves_the_cursor() -> None:
    lines = keeping._notice("异议处理结果告知书\n编号：YY1\x1b[2J\n\n理由：一致")
    assert [lines[0], lines[2], lines[3]] == ["异议处理结果告知书", "", "理由：一致"]
    assert "\x1b" not in lines[1]


def test_control_a_state_of_tomorrow_is_told_as_it_came() -> None:
    assert "re-opened" in keeping._line(client("zh_CN"), row("re-opened"))
    assert not Texts().has("objection_state.re-opened")
