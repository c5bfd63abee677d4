"""`person` on a production home: from an empty server to an answer about a person, and its words."""

from __future__ import annotations

import csv
import io
import json
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.field.records import Bundle
from server_stub.accounts.models import Officer, Organisation
from server_stub.command import _parser
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.jobs import enlisting
from server_stub.sample.numbers import unit_code
from tests import engines
from tests.server_stub.api.test_queries import letter, person
from tests.server_stub.exchange.persons.made import card_2023, fifteen, resident, row, text_file
from tests.server_stub.exchange.test_stage import PENALTY
from tests.server_stub.jobs.test_staffing import BANK, CENTRE, TWO, Typed, account
from tests.server_stub.knocking import Knocker, OverTls
from tests.server_stub.serving import Served, signed_bundle

YOUNG = date(2012, 5, 6)
ME = {"name": "测试甲", "id_type": "resident_id", "number": resident()}
YOUNGER = {"name": "测试小", "id_type": "resident_id", "number": resident(YOUNG)}


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    return Typed(tmp_path_factory.mktemp("persons") / "home")


@pytest.fixture(scope="module")
def clerk(typed: Typed) -> dict[str, str]:
    """A bank's officer, as everybody comes in on an empty server."""
    typed("begin", CENTRE, "--name", "示例中心", *TWO)
    typed("organisation", "add", BANK, "--kind", "bank", "--name", "示例银行", "--as", "zhou")
    typed("organisation", "certify", BANK, "--as", "wu")
    added = ("officer", "add", "clerk", "--organisation", BANK, "--name", "示例丙", "--as", "zhou")
    return account(typed(*added)[0])


@pytest.fixture(scope="module")
def bank(typed: Typed, clerk: dict[str, str]) -> Iterator[Knocker]:
    server = Served(typed.home, env={"HENGXIN_PRODUCTION": "1"})
    try:
        card = server.wait()
        device = Knocker(OverTls(card["url"], card["ca_file"]))
        assert device.sign_in(clerk).body["state"] == "active"
        yield device
        server.process.send_signal(signal.SIGTERM)
        _, log = server.process.communicate(timeout=30)
        assert resident() not in log
    finally:
        server.stop(signal.SIGKILL)


def penalties(path: Path) -> Path:
    day = date.today() - timedelta(days=6)  # noqa: DTZ011 - a department writes the day it sees on the wall
    days = {"CF_JDRQ": day, "CF_YXQ": day, "CF_GSJZQ": day + timedelta(days=365)}
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, PENALTY)
        lines.writeheader()
        for number, who in enumerate((ME, YOUNGER)):
            said = {"CF_XDR_MC": who["name"], "CF_XDR_ZJHM": who["number"], "CF_XDR_ZJLX": "身份证"}
            said |= {"CF_XDR_LB": "自然人", "CF_WSH": f"衡罚字〔2026〕{number}号"}
            said |= {
                "CF_CFLB": "限制从业",
                "CF_NR": "限制从业一年",
                "CF_NR_FK": "",
            }  # no minor one: it is shown
            lines.writerow({**PENALTY, **said, **days})
    return path


def asked(bank: Knocker, who: dict[str, str]) -> Bundle:
    return signed_bundle(bank, bank.query(subject=person(who), basis=letter(bank, who)))


@pytest.mark.timeout(240)
def test_from_an_empty_server_to_an_answer_about_a_person(
    typed: Typed, bank: Knocker, tmp_path: Path
) -> None:
    file = penalties(tmp_path / "penalties.csv")
    staged = ("import", file, "--provider", "示例市市场监督管理局", "--as", "zhou", "--json")
    (before,) = typed(*staged)
    assert [one["code"] for one in before["refused_rows"]] == ["person-unknown"] * 2
    nobody = asked(bank, ME)
    assert nobody.records == ()

    register = text_file(
        tmp_path / "register.csv", row(), row(name="测试小", number=resident(YOUNG), born="")
    )
    (batch,) = typed("person", "import", register, "--as", "zhou", "--json")
    assert (batch["read"], batch["accepted"], batch["refused"]) == (2, 2, 0)
    refused = typed.refused("person", "apply", batch["batch"], "--as", "zhou")
    assert "second one" in refused
    typed("person", "apply", batch["batch"], "--as", "wu", "--json")

    (after,) = typed(*staged)
    assert (after["accepted"], [one["code"] for one in after["refused_rows"]]) == (1, ["minor-quarantine"])
    typed("apply", after["batch"], "--as", "wu", "--json")
    found = asked(bank, ME)
    assert (found.subject.name, found.subject.code) == ("测试甲", f"430400********{resident()[-4:]}")
    assert len(found.records) == 1
    minor, stranger = asked(bank, YOUNGER), asked(bank, {**ME, "name": "测试丁"})
    assert (minor.no_information, minor.records, minor.subject) == (True, (), None)
    assert (stranger.no_information, stranger.records, stranger.subject) == (True, (), None)
    kept = typed("person", "reverse", batch["batch"], "--as", "wu", "--why", "示例", "--json")
    assert kept[0]["kept"] == 2  # something is on record of both

    if not engines.on_postgres():
        numbers = [number.encode() for number in (resident(), resident(YOUNG), fifteen())]
        files = [one for one in typed.home.rglob("*") if one.is_file()]
        holding = {one.parent.name for one in files if any(number in one.read_bytes() for number in numbers)}
        assert holding == {"letters"}  # the scans that this test made, which also shows that it would be seen


Say = Callable[..., dict[str, Any]]


@pytest.fixture
def say(db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """An act with a line on standard input; what it prints."""
    centre = Organisation.objects.create(code="O-centre", name="示例中心", kind="centre", active=True)
    for user in ("zhou", "wu"):
        Officer.objects.create(
            user=user, name="测试", organisation=centre, role="centre_staff", totp_secret=b"x"
        )

    def done(card: object, *words: str) -> dict[str, Any]:
        text = card if isinstance(card, str) else json.dumps(card)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert enlisting.run(_parser().parse_args(["person", *words])) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return done


def test_who_takes_refused_rows_along_is_on_the_log_before_they_are_written(say: Say, tmp_path: Path) -> None:
    batch = say(
        {"name": "测试庚", "id_type": "passport", "number": "E00000001"}, "add", "--as", "zhou", "--json"
    )
    file = tmp_path / "back.csv"
    assert say("", "refused", batch["batch"], str(file), "--as", "wu", "--json")["refused"] == 1
    with pytest.raises(Problem, match="role-denied"):
        say("", "refused", batch["batch"], str(tmp_path / "other.csv"), "--as", "nobody", "--json")
    assert "测试庚" in file.read_text("utf-8-sig")
    assert not (tmp_path / "other.csv").exists()
    leaves = [json.loads(leaf.entry) for leaf in Leaf.objects.filter(kind="person.refused")]
    assert [(leaf["user"], leaf["outcome"]) for leaf in leaves] == [("wu", batch["batch"])]


def test_one_person_is_typed_in_by_two_and_shown_masked(say: Say) -> None:
    who: dict[str, Any] = {"name": "测试庚", "id_type": "pr_card", "number": card_2023("32431")}
    missing = say(who, "add", "--as", "zhou", "--json")
    assert missing["refused_rows"][0]["code"] == "person-born-missing"
    batch = say({**who, "born": "1988-03-14"}, "add", "--as", "zhou", "--json")
    with pytest.raises(LookupError, match="nobody"):
        say(who, "show", "--as", "zhou")
    say("", "apply", batch["batch"], "--as", "wu", "--json")
    shown = say(who, "show", "--as", "zhou")
    assert (shown["number"], shown["born"]) == (f"932431********{who['number'][-4:]}", "1988-03-14")
    again = say({**who, "born": "1988-03-14"}, "add", "--as", "zhou", "--json")
    assert again["refused_rows"][0]["code"] == "person-is-known"
    leaves = Leaf.objects.filter(kind="person.shown").order_by("index")
    assert [bool(leaf.subject_key) for leaf in leaves] == [False, True]


def test_a_new_document_wants_a_known_one_and_a_second_person(say: Say) -> None:
    who: dict[str, Any] = {"name": "测试庚", "id_type": "pr_card", "number": card_2023("32431")}
    old = {"id_type": who["id_type"], "number": who["number"]}
    born = {"born": "1988-03-14"}
    say("", "apply", say({**who, **born}, "add", "--as", "zhou", "--json")["batch"], "--as", "wu", "--json")
    passport = {**who, **born, "id_type": "护照", "number": "E00000071"}
    with pytest.raises(ValueError, match="`earlier`"):
        say(passport, "document", "--as", "zhou")
    stranger = {**passport, "earlier": [{**old, "number": card_2023("32432")}]}
    told = say(stranger, "document", "--as", "zhou", "--json")
    assert told["refused_rows"][0]["code"] == "person-not-known"
    batch = say({**passport, "earlier": [old]}, "document", "--as", "wu", "--json")
    with pytest.raises(Problem, match="second one"):
        say("", "apply", batch["batch"], "--as", "wu")
    say("", "apply", batch["batch"], "--as", "zhou", "--json")
    shown = say(who, "show", "--as", "zhou")
    assert shown["number"] == "E******71"
    assert [one["kind"] for one in shown["documents"]] == ["pr_card", "passport"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "standard input"),
        ("{", "no person"),
        ("[1]", "no person"),
        ('{"name": "x", "id_type": "passport", "number": "1", "mother": "y"}', "no person"),
        ({**ME, "number": [resident()]}, "no person"),
        ({**ME, "earlier": [{"id_type": "passport", "number": "E0000000"}] * 4}, "at most 3"),
    ],
)
@pytest.mark.one_engine
def test_wrong_input_is_refused_without_a_value(say: Say, said: object, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        say(said, "add", "--as", "zhou")
    assert resident() not in str(refused.value)


def test_control_a_unit_code_is_no_person_and_a_bank_looks_at_nobody(say: Say) -> None:
    told = say({**ME, "number": unit_code(1)}, "add", "--as", "zhou", "--json")
    assert (told["accepted"], told["refused_rows"][0]["code"]) == (0, "id-invalid")
    with pytest.raises(Problem, match="role-denied"):
        say(ME, "show", "--as", "clerk")


def test_a_date_of_birth_is_put_right_by_two_in_one_line(say: Say) -> None:
    who = {"name": "测试庚", "id_type": "passport", "number": "E00000001"}
    batch = say({**who, "born": "1988-03-14"}, "add", "--as", "zhou", "--json")
    say("", "apply", batch["batch"], "--as", "wu", "--json")
    act = ("correct", "--as", "zhou", "--second", "wu", "--why", "护照原件（示例）")
    right = {"right": {"born": "2014-03-14"}}
    done = say({**who, **right}, *act)
    assert (done["born"], done["minor"], done["superseded"]) == ("2014-03-14", True, [])
    with pytest.raises(LookupError, match="nobody"):
        say({**who, **right, "name": "测试辛"}, *act)
    for nothing in ({}, {"right": {}}, {"right": {"born": "2014-03-14"}}):  # it is there by now
        with pytest.raises(ValueError, match="already"):
            say({**who, **nothing}, *act)
