"""`unit`, and what `import` says of units and providers that it brings for the first time."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from server_stub.accounts.models import Officer, Organisation
from server_stub.command import _parser
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.exchange.services import apply
from server_stub.feed.models import Change
from server_stub.jobs import exchanging, registering
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import find_legal
from server_stub.subjects.services import LegalEntry, register
from tests.server_stub.exchange.test_stage import PENALTY, code

pytestmark = pytest.mark.django_db
WRONG, RIGHT = "云石（示例）建材有限公同", "云石（示例）建材有限公司"
TWO = ("--as", "a", "--second", "b", "--why", "来文笔误（示例）")


@pytest.fixture(autouse=True)
def staff(db: None) -> None:
    centre = Organisation.objects.create(code="O-centre", name="示例中心", kind="centre", active=True)
    for user in ("a", "b"):
        Officer.objects.create(
            user=user, name="测试", organisation=centre, role="centre_staff", totp_secret=b"x"
        )


@pytest.fixture
def unit() -> Subject:
    return register([LegalEntry(name=WRONG, code=code(1), from_exchange=True)])[0]


def typed(*words: str) -> int:
    return registering.run(_parser().parse_args(["unit", *words]))


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_name_is_put_right_by_two_and_the_old_one_still_finds(
    unit: Subject, capsys: pytest.CaptureFixture[str]
) -> None:
    leaves = Leaf.objects.count()
    assert typed("rename", code(1), "--name", RIGHT, *TWO, "--until", "2026-11-20") == 0
    card = printed(capsys)
    assert (card["name"], card["former"]) == (RIGHT, [{"name": WRONG, "until": "2026-11-20"}])
    leaf = Leaf.objects.latest("index")
    assert (Leaf.objects.count(), leaf.kind, leaf.user) == (leaves + 1, "unit.renamed", "a")
    assert leaf.subject_key == unit.subject_key
    assert typed("show", code(1), "--as", "a") == 0
    assert printed(capsys) == card
    told = Change.objects.get(reason="renamed")
    assert (told.op, told.rec_id, told.subject_key) == ("put", "", unit.subject_key)
    assert told.body == {"name": RIGHT, "until": "2026-11-20"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--as", "a", "--second", "a", "--why", "x"), "both persons"),
        (("--as", "a", "--second", "nobody", "--why", "x"), "not active staff"),
        (("--as", "a", "--second", "b", "--why", " "), "reason"),
        ((*TWO, "--until", "2999-01-01"), "still to come"),
        ((*TWO, "--name", WRONG), "already"),
        ((*TWO, "--name", " "), "200 characters"),
        ((*TWO, "--name", "长" * 201), "200 characters"),
    ],
)
def test_a_rename_that_cannot_stand_changes_nothing(unit: Subject, words: tuple[str, ...], why: str) -> None:
    leaves = Leaf.objects.count()
    with pytest.raises((ValueError, Problem), match=why):
        typed("rename", code(1), "--name", RIGHT, *words)
    assert Subject.objects.get(pk=unit.pk).name == WRONG
    assert Leaf.objects.count() == leaves


def test_a_unit_that_is_not_there_is_said() -> None:
    with pytest.raises(LookupError, match="knows no unit"):
        typed("show", code(77), "--as", "a")


def staged(tmp_path: Path, *rows: dict[str, str], provider: str = "没有这个局") -> str:
    path = tmp_path / f"in-{len(list(tmp_path.iterdir()))}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, PENALTY)
        writer.writeheader()
        writer.writerows([{**PENALTY, "CF_XDR_SHXYM": code(1), **row} for row in rows])
    assert exchanging.run(_parser().parse_args(["import", str(path), "--provider", provider, "--json"])) == 0
    return path.name


def test_a_new_provider_and_new_units_are_told_and_known_ones_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    staged(tmp_path, {"CF_XDR_MC": WRONG}, {"CF_XDR_MC": WRONG, "CF_WSH": "衡罚字〔2026〕2号"})
    out, told = capsys.readouterr()
    assert "没有这个局" in told
    assert "1 家单位主体库中尚无" in told
    assert f"{code(1)} {WRONG}" in told
    apply(json.loads(out)["batch"], "a")
    found = find_legal(code(1))
    assert found is not None
    assert found.name == WRONG

    staged(tmp_path, {"CF_XDR_MC": RIGHT, "CF_WSH": "衡罚字〔2026〕3号"})
    out, told = capsys.readouterr()
    assert told == ""
    assert json.loads(out)["refused_rows"][0]["code"] == "name-code-mismatch"
    assert typed("rename", code(1), "--name", RIGHT, *TWO) == 0
    capsys.readouterr()
    staged(tmp_path, {"CF_XDR_MC": RIGHT, "CF_WSH": "衡罚字〔2026〕3号"})
    out, told = capsys.readouterr()
    assert (json.loads(out)["accepted"], told) == (1, "")


def test_control_a_provider_of_the_catalogue_or_on_the_list_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Organisation.objects.create(code="O-body", name="示例局", kind="government", active=True)
    for provider in ("示例局", "O-body"):
        staged(tmp_path, {}, provider=provider)
        assert "从未出现" not in capsys.readouterr().err
