"""`objection` and `repair`: a look takes `--as` like every other act, and the log keeps it."""

from __future__ import annotations

import json

import pytest

from server_stub.accounts.models import Officer, Organisation
from server_stub.command import _parser
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.jobs import deciding, repairing

pytestmark = pytest.mark.django_db
JOBS = {"objection": deciding, "repair": repairing}


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    kinds = (("centre9", "centre", "centre_staff"), ("bank9", "bank", "bank_officer"))
    for user, kind, role in kinds:
        unit = Organisation.objects.create(code=f"O-{kind}", name="示例", kind=kind)
        Officer.objects.create(user=user, name="测试", organisation=unit, role=role, totp_secret=b"x")


def typed(verb: str, *words: str) -> int:
    return JOBS[verb].run(_parser().parse_args([verb, *words, "--home", "x"]))


@pytest.mark.parametrize("verb", JOBS)
def test_a_look_is_taken_with_a_name_and_stands_in_the_log(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(verb, "list", "--as", "centre9") == 0
    assert json.loads(capsys.readouterr().out)[f"{verb}s"] == []
    with pytest.raises(Problem, match="no such"):
        typed(verb, "show", "YY-1", "--as", "centre9")
    assert [(leaf.kind, leaf.user) for leaf in Leaf.objects.all()] == [(f"{verb}.listed", "centre9")]


@pytest.mark.parametrize("verb", JOBS)
def test_control_a_name_that_is_no_staff_sees_nothing(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("list",), ("show", "YY-1")):
        for name in ("bank9", "nobody9"):
            with pytest.raises(Problem) as refused:
                typed(verb, *words, "--as", name)
            assert refused.value.code == "role-denied"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("verb", JOBS)
def test_no_act_does_without(verb: str) -> None:
    for words in (("list",), ("show", "YY-1"), ("dates",)):
        with pytest.raises(SystemExit):
            typed(verb, *words)
