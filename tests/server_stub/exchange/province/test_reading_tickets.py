"""What a partner and we refused of each other is read by somebody with a name, and the log keeps it."""

from __future__ import annotations

import json

import pytest

from server_stub.accounts.services import create_officer, create_organisation
from server_stub.command import _parser
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.exchange.province.models import Ticket
from server_stub.jobs import conversing
from tests.server_stub.exchange.province.other import Other


def typed(*words: str) -> int:
    return conversing.run(_parser().parse_args(["exchange", *words, "--json", "--home", "x"]))


def test_tickets_are_read_by_the_staff_with_a_leaf_and_by_nobody_else(
    other: Other, capsys: pytest.CaptureFixture[str]
) -> None:
    for code, kind, user in (("C9", "centre", "reader9"), ("B9", "bank", "bank9")):
        create_officer(user, "测试甲", create_organisation(code, "示例", kind), "a long enough password 1")
    Ticket.objects.create(
        partner=other.partner, ours=True, rec_id="R", rev=1, code="subject", text="示例", at="2026-11-23"
    )
    with pytest.raises(ValueError, match="--as USER"):
        typed("tickets", other.id)
    for nobody in ("bank9", "nobody"):
        with pytest.raises(Problem, match="role-denied"):
            typed("tickets", other.id, "--as", nobody)
    assert capsys.readouterr().out == ""
    assert not Leaf.objects.filter(kind="exchange.tickets").exists()
    assert typed("tickets", other.id, "--as", "reader9") == 0
    assert json.loads(capsys.readouterr().out)["rec_id"] == "R"
    (leaf,) = (json.loads(one.entry) for one in Leaf.objects.filter(kind="exchange.tickets"))
    assert (leaf["user"], leaf["outcome"]) == ("reader9", f"{other.id}: 1")
    assert typed("status", other.id) == 0  # the control: counts name nobody and ask for no name
