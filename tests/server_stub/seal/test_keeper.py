"""The keeper of the seal: what it signs, how often, what it writes down first, and what it never signs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server_stub.config.clock import today
from server_stub.reports.authority import Seal
from server_stub.seal import uses
from server_stub.seal.content import fits
from server_stub.seal.keeper import Keeper
from server_stub.seal.providers import KeyFile
from server_stub.seal.uses import Uses, seals_an_hour, seals_an_officer_an_hour
from tests.server_stub.own_seals import seal_at
from tests.server_stub.seal.conftest import Watch, attribute, content, number, wanted

Make = Callable[..., Keeper]


@pytest.fixture
def three_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses, "seals_an_hour", lambda on: 3)


def lines(tmp_path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (tmp_path / "uses" / "2026-11-23.jsonl").read_text().splitlines()]


def test_it_signs_and_the_log_says_who_which_when_and_over_what(
    made: Seal, keeper_of: Make, tmp_path: Path
) -> None:
    asked = wanted(made)
    said = keeper_of().answer(asked, asker=7)
    assert (said.why, fits(said.signature, asked.content, made.certificate_pem)) == ("", True)
    assert lines(tmp_path) == [
        {
            "at": "2026-11-23T02:00:00.000Z", "number": asked.number, "user": "bank1",
            "digest": hashlib.sha256(b"a file").hexdigest(), "outcome": "sealed", "asker": 7,
        }
    ]  # fmt: skip
    assert (tmp_path / "uses" / "2026-11-23.jsonl").stat().st_mode & 0o777 == 0o600


def test_the_bound_is_a_dated_row() -> None:
    assert (seals_an_hour(today()), seals_an_officer_an_hour(today())) == (200, 60)
    with pytest.raises(LookupError):
        seals_an_hour(today().replace(year=2000))


@pytest.mark.usefixtures("three_an_hour")
def test_beyond_the_bound_it_says_when_and_a_new_start_forgives_nothing(
    made: Seal, keeper_of: Make, tmp_path: Path, watch: Watch
) -> None:
    keeper = keeper_of()
    for turn in range(3):
        assert keeper.answer(wanted(made, turn)).why == ""
        watch.forward(minutes=10)
    late = keeper.answer(wanted(made, 3))
    assert (late.why, late.wait_s, late.signature) == ("over-rate", 1800, b"")
    assert keeper_of().answer(wanted(made, 4)).why == "over-rate"
    assert [line["outcome"] for line in lines(tmp_path)] == ["sealed"] * 3 + ["over-rate"] * 2
    watch.forward(seconds=late.wait_s)
    assert keeper_of().answer(wanted(made, 5)).why == ""


def test_one_officer_takes_a_share_and_leaves_the_rest_to_others(
    made: Seal, keeper_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uses, "seals_an_officer_an_hour", lambda on: 2)
    keeper = keeper_of()
    assert [keeper.answer(wanted(made, turn)).why for turn in range(3)] == ["", "", "over-rate"]
    assert keeper.answer(wanted(made, 3, user="bank2")).why == ""


@pytest.mark.usefixtures("three_an_hour")
def test_the_hour_goes_over_midnight(made: Seal, keeper_of: Make, watch: Watch) -> None:
    watch.at = watch.at.replace(hour=15, minute=50)  # 23:50 in the city
    first = [number(turn) for turn in range(3)]
    assert all(keeper_of().answer(wanted(made, number=one)).why == "" for one in first)
    watch.forward(minutes=20)
    assert keeper_of().answer(wanted(made, 9)).why == "over-rate"
    assert keeper_of().answer(wanted(made, number=first[0])).why == "number-used"


def test_a_thief_of_the_application_gets_no_more_than_the_bound(
    made: Seal, monkeypatch: pytest.MonkeyPatch, keeper_of: Make, tmp_path: Path
) -> None:
    """He asks ten thousand times (here: fewer, against a lower bound); each asking is in the log."""
    monkeypatch.setattr(uses, "seals_an_hour", lambda on: 20)
    keeper = keeper_of()
    got = [bool(keeper.answer(wanted(made, turn)).signature) for turn in range(60)]
    assert (sum(got), len(lines(tmp_path))) == (20, 60)


def test_one_number_is_sealed_once(made: Seal, keeper_of: Make) -> None:
    assert keeper_of().answer(wanted(made)).why == ""
    other = content(made.certificate_pem, b"another file")
    assert keeper_of().answer(wanted(made, content=other)).why == "number-used"
    assert keeper_of().answer(wanted(made, 2, content=other)).why == ""  # control: a number of its own


def test_nothing_else_is_signed(made: Seal, keeper_of: Make, tmp_path: Path) -> None:
    keeper, pem_text = keeper_of(), made.certificate_pem
    twice = content(pem_text, b"a", "data", attribute("message_digest", bytes(32)))
    stranger = seal_at(tmp_path / "other").certificate_pem
    cut = content(pem_text)[:-1]
    odd_ones = (b"", b"any words", content(pem_text, kind="tst_info"), twice, content(stranger), cut)
    for turn, odd in enumerate(odd_ones):
        said = keeper.answer(wanted(made, turn, content=odd))
        assert (said.why, said.signature) == ("unfit", b""), turn
    old = today() - timedelta(days=2)
    for odd_number in ("", "HYXYE20261123", number(1, old), number(1, today() + timedelta(days=1))):
        assert keeper.answer(wanted(made, number=odd_number)).why == "unfit", odd_number
    assert keeper.answer(wanted(made, 8, user="")).why == "unfit"
    assert keeper.answer(wanted(made, 8, suite="gbt38540-sm2-sm3")).why == "suite"
    assert keeper.answer(wanted(made, 8)).why == ""  # control


def test_what_cannot_be_logged_is_not_sealed(made: Seal, keeper_of: Make, tmp_path: Path) -> None:
    """The log was read and can no longer be written; then it cannot even be read."""
    keeper, log = keeper_of(), tmp_path / "uses" / "2026-11-23.jsonl"
    assert keeper.answer(wanted(made)).why == ""
    log.unlink()
    log.mkdir()
    for one in (keeper, keeper_of()):
        said = one.answer(wanted(made, 2))
        assert (said.why, said.signature) == ("log", b"")


def test_a_torn_line_is_passed_over_and_the_next_stands_by_itself(
    made: Seal, keeper_of: Make, tmp_path: Path
) -> None:
    assert keeper_of().answer(wanted(made)).why == ""
    with (tmp_path / "uses" / "2026-11-23.jsonl").open("ab") as file:
        file.write(b'{"at":"2026-11')
    assert keeper_of().answer(wanted(made, 2)).why == ""
    assert [use.number for use in Uses(tmp_path / "uses").on(today())] == [number(1), number(2)]


def test_a_key_of_another_certificate_and_a_key_open_to_others_seal_nothing(
    made: Seal, keeper_of: Make, tmp_path: Path
) -> None:
    seal_at(tmp_path / "other")
    path = tmp_path / "other" / "seal" / "seal.key"
    assert keeper_of(KeyFile(path)).answer(wanted(made)).why == "token"
    path.chmod(0o440)
    assert keeper_of(KeyFile(path)).answer(wanted(made, 2)).why == "token"
    assert keeper_of(KeyFile(tmp_path / "none")).answer(wanted(made, 3)).why == "token"
