"""An inquiry that its subject is not told of stands on a letter that two of the staff admitted, and on no
number that somebody types.
"""

from __future__ import annotations

import io
import json
import sys
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.field.reportdoc import ReportScope
from server_stub.accounts.models import Device, Officer
from server_stub.command import _parser
from server_stub.config.clock import city_day, today
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.feed.models import Change, Holding
from server_stub.jobs import admitting_letters
from server_stub.queries import official_cards, official_subjects
from server_stub.queries.models import OfficialLetter, Query
from server_stub.queries.question import Whom
from server_stub.queries.reconciling import reconcile
from server_stub.queries.selectors import records_of
from server_stub.reports.looking import looks
from server_stub.sample import Sample
from server_stub.subjects.selectors import find_legal
from tests.server_stub.knocking import Answer, Knocker, query_body
from tests.server_stub.own_seals import seal_kept

LETTER = "示例纪函〔2026〕1号"
ONE = ("--as", "centre1")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "letter.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    return path


@pytest.fixture
def typed(
    scan: Path, capsys: pytest.CaptureFixture[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    def say(act: str, *more: str, named: Any = None, confirmed: str = "centre2", **given: str) -> Any:
        """What is printed; what waits for a second is confirmed by `confirmed` (nobody: "")."""
        whom = json.dumps([{"kind": "legal", "number": code}] if named is None else named)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(whom.encode())))
        words = ["official", act]
        if act != "list":
            words += [LETTER, "--organisation", Officer.objects.get(user="hall1").organisation_id]
        if act == "admit":
            on = today()
            said = {"approver": "测试局长", "scan": str(scan), "signed": on, "until": on + timedelta(days=30)}
            said |= {"silent": on + timedelta(days=60), **given}
            words += [str(word) for name, value in said.items() for word in (f"--{name}", value)]
        if act == "confirm" and "--of" not in more:
            words += ["--of", read()]
        admitting_letters.run(_parser().parse_args([*words, *(more or ONE), "--home", "x"]))
        if confirmed and act in ("admit", "silence", "withdraw"):
            capsys.readouterr()
            return say("confirm", "--as", confirmed, named=named)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return say


@pytest.fixture
def hall(signed_in: Callable[[str], Knocker]) -> Knocker:
    return signed_in("hall1")


@pytest.fixture
def code(subject: Callable[[str], dict[str, str]]) -> str:
    return subject("rich")["code"]


def inquire(hall: Knocker, code: str, case_no: str = LETTER) -> Answer:
    return hall.query(subject={"kind": "legal", "number": code}, purpose="G06", case_no=case_no)


def read() -> str:
    """The digest of the letter as whoever confirms it reads it now."""
    row = OfficialLetter.objects.filter(withdrawn_at="").last()
    return official_cards.digest(row) if row else "none"


def why(answer: Answer) -> tuple[int, str, str]:
    return answer.status, answer.code, answer.body["context"]["why"]


def test_a_number_alone_opens_nothing_and_the_attempt_is_in_the_log(hall: Knocker, code: str) -> None:
    assert why(inquire(hall, code)) == (403, "official-letter-needed", "none")
    assert json.loads(Leaf.objects.latest("index").entry)["outcome"] == "refused:official-letter-needed"
    assert not Query.objects.filter(purpose="G06").exists()
    assert hall.query(subject={"kind": "legal", "number": code}, purpose="G01").status == 201  # the control


def test_a_letter_opens_it_for_its_body_the_subjects_it_names_and_while_it_is_in_force(
    hall: Knocker, code: str, subject: Callable[[str], dict[str, str]], typed: Callable[..., Any]
) -> None:
    (card,) = typed("admit")
    assert (card["asked_about"], card["admitted_by"]) == (0, ["centre1", "centre2"])
    assert inquire(hall, code).status == inquire(hall, code).status == 201
    assert why(inquire(hall, code, f"{LETTER} "))[2] == "none"
    assert why(inquire(hall, subject("heavy")["code"]))[2] == "not-named"
    OfficialLetter.objects.update(approver=Officer.objects.get(user="hall1").name)
    assert why(inquire(hall, code))[2] == "own-letter"
    OfficialLetter.objects.update(approver="测试局长", valid_to=today() - timedelta(days=1))
    assert why(inquire(hall, code))[2] == "not-in-force"
    OfficialLetter.objects.update(valid_to=today(), organisation="O-other")
    assert why(inquire(hall, code))[2] == "none"
    OfficialLetter.objects.update(organisation=card["organisation"])
    assert inquire(hall, code).status == 201
    (stopped,) = typed("stop", "--why", "来函撤回（示例）", "--as", "centre1")
    assert (stopped["stopped_by"], stopped["asked_about"], len(stopped["queries"])) == ("centre1", 1, 3)
    assert why(inquire(hall, code))[2] == "not-in-force"


@pytest.mark.parametrize("by", ["stop", "day"])
def test_a_letter_that_is_stopped_or_over_serves_no_paper_and_no_repetition(
    hall: Knocker, code: str, typed: Callable[..., Any], by: str
) -> None:
    typed("admit")
    body = query_body(subject={"kind": "legal", "number": code}, purpose="G06", case_no=LETTER)
    op_id = str(uuid.uuid4())
    sent = {"entries": [hall.link("query", op_id, body, purpose="G06")], "op_id": op_id, "body": body}
    asked = hall.call("POST", "/api/v1/queries", {**sent, "tree_size": 0})
    number = asked.body["query_no"]
    copies = {number: records_of(number)}
    officer, device = Officer.objects.get(user="hall1"), Device.objects.get(device_id=hall.device_id)
    with seal_kept():
        assert hall.report(number).status == 201  # the control
    assert hall.call("POST", "/api/v1/queries", {**sent, "tree_size": 0}).body["query_no"] == number
    stands = reconcile(officer, device, copies)
    assert stands["gone"] == stands["letter_ended"] == []
    if by == "stop":
        typed("stop", "--why", "来函撤回（示例）", "--as", "centre1")
    else:
        OfficialLetter.objects.update(valid_to=today() - timedelta(days=1))
    assert why(hall.report(number)) == (403, "official-letter-needed", "not-in-force")
    assert hall.call("POST", "/api/v1/queries", {**sent, "tree_size": 0}).code == "answer-withdrawn"
    over = reconcile(officer, device, {**copies, "Q-other": {}})
    assert (over["gone"], over["letter_ended"]) == (sorted([number, "Q-other"]), [number])


def test_its_copies_end_with_its_last_day_and_at_once_where_it_is_stopped(
    hall: Knocker, code: str, typed: Callable[..., Any]
) -> None:
    typed("admit", until=str(today() + timedelta(days=1)))
    number = str(inquire(hall, code).body["query_no"])
    other = str(hall.query(subject={"kind": "legal", "number": code}, purpose="G01").body["query_no"])
    query, kept = Query.objects.get(query_no=number), Query.objects.get(query_no=other)
    assert city_day(query.lease_until) == today() + timedelta(days=2)  # midnight after the last day
    assert query.lease_until[11:19] == "16:00:00" and kept.lease_until > query.lease_until
    assert not Change.objects.filter(op="lease_end").exists()
    typed("stop", "--why", "来函撤回（示例）", "--as", "centre1")
    told = Change.objects.get(op="lease_end")
    assert (told.audience, told.body) == ("hall1", {"lease_id": query.lease_id})
    assert told.reason == "letter_ended"
    assert not Holding.objects.filter(query_no=number, ended_at="").exists()
    assert Holding.objects.filter(query_no=other, ended_at="").exists()  # the control
    assert "1 copies ended" in json.loads(Leaf.objects.latest("index").entry)["outcome"]


def test_no_list_is_screened_on_it(hall: Knocker, code: str, typed: Callable[..., Any]) -> None:
    typed("admit")
    body = {
        "rows": [{"code": code, "name": ""}],
        "purpose": "G06",
        "case_no": LETTER,
        "lists": [],
        "salt": "0",
    }
    op_id = str(uuid.uuid4())
    link = hall.link("screen", op_id, body, purpose="G06")
    sent = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    assert why(hall.call("POST", "/api/v1/screenings", sent)) == (403, "official-letter-needed", "many")


def told(code: str, days: int) -> int:
    """How many of the inquiry's queries a statement tells, so many days from now."""
    unit, on = find_legal(code), today() + timedelta(days=days)
    assert unit is not None
    scope = ReportScope((on - timedelta(days=1800)).isoformat(), on.isoformat())
    numbers = set(Query.objects.filter(purpose="G06").values_list("query_no", flat=True))
    return sum(one.reference in numbers for one in looks(unit.subject_key, scope, on, "zh_CN"))


def test_silence_ends_on_the_day_that_two_set_and_they_alone_move_it(
    hall: Knocker, code: str, typed: Callable[..., Any]
) -> None:
    typed("admit")
    assert inquire(hall, code).status == 201
    assert (told(code, 60), told(code, 61)) == (0, 1)
    later = (today() + timedelta(days=90)).isoformat()
    with pytest.raises(Problem, match="role-denied"):
        typed("silence", "--silent", later, "--why", "示例", *ONE, confirmed="centre1")
    assert (told(code, 60), told(code, 61)) == (0, 1)
    (card,) = typed("silence", "--silent", later, "--why", "案件未结（示例）", *ONE)
    assert (told(code, 90), told(code, 91)) == (0, 1)
    assert [one["why"] for one in card["decisions"]] == ["", "案件未结（示例）"]
    leaf = json.loads(Leaf.objects.latest("index").entry)
    assert (leaf["kind"], leaf["user"]) == ("official.silence", "centre2")
    assert "proposed by centre1" in leaf["outcome"]


def test_silence_that_is_over_does_not_come_back_and_all_of_it_ends(
    hall: Knocker, code: str, typed: Callable[..., Any]
) -> None:
    typed("admit")
    assert inquire(hall, code).status == 201
    on, again = today(), ("--why", "案件未结（示例）", *ONE)
    OfficialLetter.objects.update(signed_on=on - timedelta(days=1800), silent_until=on)
    with pytest.raises(
        ValueError, match=f"all decisions together keep silent up to {on + timedelta(days=26)}"
    ):
        typed("silence", "--silent", str(on + timedelta(days=27)), *again)
    typed("silence", "--silent", str(on + timedelta(days=26)), *again)  # the control
    assert (told(code, 26), told(code, 27)) == (0, 1)
    OfficialLetter.objects.update(signed_on=on, silent_until=on - timedelta(days=1))
    with pytest.raises(ValueError, match="stays ended"):
        typed("silence", "--silent", str(on + timedelta(days=1)), *again)
    assert told(code, 0) == 1


def test_what_is_told_at_last_is_told_with_its_letter_and_a_query_on_none_without(
    hall: Knocker, code: str, typed: Callable[..., Any]
) -> None:
    bare = inquire_without_rule(hall, code)
    Query.objects.filter(query_no=bare).update(case_no="示例〔2023〕9号", made_at="2023-01-02T03:04:05.000Z")
    typed("admit")
    asked = str(inquire(hall, code).body["query_no"])
    unit, on = find_legal(code), today() + timedelta(days=61)
    assert unit is not None
    scope = ReportScope((on - timedelta(days=1800)).isoformat(), on.isoformat())
    told_of = {one.reference: one for one in looks(unit.subject_key, scope, on, "zh_CN")}
    assert (told_of[asked].ground, told_of[asked].letter_no) == ("official", LETTER)
    assert (told_of[bare].ground, told_of[bare].letter_no) == ("open", "")  # the control


def test_a_letter_silences_no_query_of_before_its_admission(
    hall: Knocker, code: str, typed: Callable[..., Any]
) -> None:
    before = inquire_without_rule(hall, code)
    Query.objects.filter(query_no=before).update(case_no=LETTER, made_at="2023-01-02T03:04:05.000Z")
    assert told(code, 0) == 1
    (card,) = typed("admit")
    assert told(code, 0) == 1
    Query.objects.filter(query_no=before).update(made_at=card["admitted_at"])
    assert told(code, 0) == 0  # the control


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"approver": " "}, "answers for it"),
        ({"approver": "测试甲 430400198803140006"}, "number"),
        ({"named": []}, "subjects"),
        (
            {"named": [{"kind": "legal", "number": "91430400MA00000000"}]},
            "subject 1 of the letter: number-invalid",
        ),
        ({"named": {"number": "1"}}, "names nobody"),
        ({"signed": "2999-01-01"}, "signed by today"),
        ({"until": "2999-01-01"}, "signed by today"),
        ({"silent": "2999-01-01"}, "silent up to"),
        ({"silent": (date.today() - timedelta(days=3)).isoformat()}, "is none"),
    ],
)
def test_a_letter_that_cannot_stand_is_not_admitted(
    city: Sample, typed: Callable[..., Any], settings: Any, given: dict[str, str], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        typed("admit", **given)
    assert not OfficialLetter.objects.exists()
    assert not (settings.HENGXIN_HOME / "official-letters").exists()  # a scan that no row names


def test_who_knows_the_number_opens_nobody_whom_the_letter_does_not_name(
    hall: Knocker,
    code: str,
    city: Sample,
    subject: Callable[[str], dict[str, str]],
    typed: Callable[..., Any],
) -> None:
    person = next(one for one in city.subjects if one["kind"] == "person" and one["why"] != "minor")
    whom = {"kind": "person"} | {name: person[name] for name in ("id_type", "number", "name")}
    neighbour = subject("heavy")["code"]
    (card,) = typed("admit", named=[whom, {"kind": "legal", "number": code}])
    row = OfficialLetter.objects.get()
    assert card["subjects"] == row.subjects == 2
    assert not {person["number"], person["name"], code} & set(json.dumps(row.keys).split('"'))
    assert why(inquire(hall, neighbour))[2] == "not-named"
    assert inquire(hall, code).status == 201
    asked = hall.query(subject=whom, purpose="G06", case_no=LETTER)
    assert (asked.status, Query.objects.get(query_no=asked.body["query_no"]).kind) == (201, "person")
    with pytest.raises(ValueError, match="subject 2 of the letter is named by a key, or twice"):
        official_subjects.keys_of([Whom("legal", code), Whom("legal", code.lower())], today())


def test_the_leaf_of_each_act_holds_the_row_and_a_row_that_was_changed_elsewhere_differs(
    city: Sample, typed: Callable[..., Any]
) -> None:
    def kept() -> str:
        last = Leaf.objects.filter(kind__startswith="official.").exclude(kind="official.listed")
        return str(json.loads(last.latest("index").entry)["records_sha256"])

    reason = ("--why", "案件未结（示例）")
    seen = []
    for act, more in (
        ("admit", ()),
        ("silence", ("--silent", str(today() + timedelta(days=9)), *reason, *ONE)),
        ("stop", (*reason, "--as", "centre1")),
    ):
        typed(act, *more)
        (card,) = typed("list", "--as", "centre2")
        assert card["digest"] == kept(), act
        seen.append(card["digest"])
    assert len(set(seen)) == 3
    for changed in (
        {"keys": ["A" * 26]},
        {"silent_until": today()},
        {"stopped_at": ""},
        {"valid_to": today()},
    ):
        row = OfficialLetter.objects.get()
        for name, value in changed.items():
            setattr(row, name, value)
        assert official_cards.digest(row) != kept(), changed  # the control


def test_it_takes_two_a_scan_and_a_public_body_and_one_letter_is_one(
    city: Sample, typed: Callable[..., Any], scan: Path
) -> None:
    with pytest.raises(Problem, match="role-denied"):
        typed("admit", confirmed="centre1")
    assert not OfficialLetter.objects.exclude(admitted_at="").exists()
    typed("withdraw", "--why", "录入有误（示例）", *ONE, confirmed="")
    paper = scan.read_bytes()
    scan.write_bytes(b"no paper")
    with pytest.raises(ValueError, match="neither PDF"):
        typed("admit")
    scan.write_bytes(paper)
    (card,) = typed("admit")
    with pytest.raises(ValueError, match="entered already"):
        typed("admit")
    Officer.objects.filter(user="hall1").update(organisation=Officer.objects.get(user="bank1").organisation)
    with pytest.raises(LookupError, match="public body"):
        typed("admit")
    leaf = Leaf.objects.get(kind="official.admitted")
    assert (leaf.user, leaf.organisation) == ("centre2", card["organisation"])
    assert json.loads(leaf.entry)["basis_sha256"] == card["sha256"]


def test_who_checks_reads_every_letter_and_what_stands_on_none(
    hall: Knocker, code: str, typed: Callable[..., Any]
) -> None:
    before = inquire_without_rule(hall, code)
    typed("admit")
    number = inquire(hall, code).body["query_no"]
    with pytest.raises(Problem, match="role-denied"):
        typed("list", "--as", "hall1")
    letter, bare = typed("list", "--as", "centre2")
    assert (letter["queries"], letter["officers"]) == ([number], ["hall1"])
    assert bare == {"letter_no": "", "queries": [before]}
    assert Leaf.objects.latest("index").kind == "official.listed"


def test_one_person_alone_opens_and_silences_nothing(
    hall: Knocker, code: str, typed: Callable[..., Any]
) -> None:
    (card,) = typed("admit", confirmed="")
    assert (card["waits"]["act"], card["admitted_at"], card["admitted_by"]) == ("admit", "", ["centre1"])
    assert why(inquire(hall, code))[2] == "none"
    for act in ("stop", "silence"):
        more = ("--silent", str(today())) if act == "silence" else ()
        with pytest.raises(Problem, match="rev-conflict"):
            typed(act, *more, "--why", "示例", *ONE)
    (card,) = typed("confirm", "--as", "centre2")
    assert (card["waits"], card["admitted_by"]) == ({}, ["centre1", "centre2"])
    assert inquire(hall, code).status == 201
    with pytest.raises(Problem, match="rev-conflict"):
        typed("confirm", "--as", "centre2")
    until = str(today() + timedelta(days=90))
    typed("silence", "--silent", until, "--why", "案件未结（示例）", *ONE, confirmed="")
    assert (told(code, 60), told(code, 61)) == (0, 1)  # as it was
    typed("confirm", "--as", "centre2")
    assert told(code, 61) == 0


@pytest.mark.parametrize("what", ["letter", "silence"])
def test_what_was_changed_after_it_was_read_is_not_confirmed(
    hall: Knocker, code: str, subject: Callable[[str], dict[str, str]], typed: Callable[..., Any], what: str
) -> None:
    later = [str(today() + timedelta(days=days)) for days in (90, 700)]
    reason, other = ("--why", "示例", *ONE), subject("heavy")["code"]
    if what == "letter":
        (seen,) = typed("admit", confirmed="")
        typed("withdraw", *reason, confirmed="")
        typed("admit", named=[{"kind": "legal", "number": other}], confirmed="")
    else:
        typed("admit")
        (seen,) = typed("silence", "--silent", later[0], *reason, confirmed="")
        typed("silence", "--silent", later[1], *reason, confirmed="")
    with pytest.raises(Problem, match="rev-conflict"):
        typed("confirm", "--as", "centre2", "--of", seen["digest"])
    assert OfficialLetter.objects.get(withdrawn_at="").waits["act"] in ("admit", "silence")
    if what == "letter":
        assert why(inquire(hall, other))[2] == "none"
    again = [{"kind": "legal", "number": other}] if what == "letter" else None
    (done,) = typed("confirm", "--as", "centre2", named=again)
    assert done["waits"] == {}
    assert f"as of {seen['digest']}" not in Leaf.objects.latest("index").entry
    assert "as of " in Leaf.objects.latest("index").entry


def test_the_second_types_from_the_scan_whom_it_names(
    hall: Knocker, code: str, subject: Callable[[str], dict[str, str]], typed: Callable[..., Any]
) -> None:
    mine, neighbour = ({"kind": "legal", "number": one} for one in (code, subject("heavy")["code"]))
    typed("admit", named=[neighbour], confirmed="")  # the first one's neighbour: the scan is about another
    for named in ([mine], [mine, neighbour]):
        with pytest.raises(ValueError, match="from the scan"):
            typed("confirm", "--as", "centre2", named=named)
    with pytest.raises(ValueError, match="standard input names nobody"):
        typed("confirm", "--as", "centre2", named={})
    assert why(inquire(hall, neighbour["number"]))[2] == "none"
    typed("confirm", "--as", "centre2", named=[neighbour])
    silence = ("--silent", str(today() + timedelta(days=9)), "--why", "示例", *ONE)
    typed("silence", *silence, confirmed="")
    (card,) = typed("confirm", "--as", "centre2", named=[])  # it moves a day: nobody is typed
    assert card["silent_until"] == str(today() + timedelta(days=9))


def test_what_somebody_proposed_who_is_staff_no_more_is_nobodys(
    hall: Knocker, code: str, typed: Callable[..., Any]
) -> None:
    typed("admit", confirmed="")
    Officer.objects.filter(user="centre1").update(active=False)
    with pytest.raises(Problem, match="role-denied"):
        typed("confirm", "--as", "centre2")
    assert why(inquire(hall, code))[2] == "none"
    Officer.objects.filter(user="centre1").update(active=True)
    typed("confirm", "--as", "centre2")  # the control


def test_what_waits_is_asked_again_when_it_is_confirmed(city: Sample, typed: Callable[..., Any]) -> None:
    typed("admit", confirmed="")
    OfficialLetter.objects.update(valid_to=today() - timedelta(days=1))
    with pytest.raises(ValueError, match="signed by today"):
        typed("confirm", "--as", "centre2")
    assert OfficialLetter.objects.get().admitted_at == ""


def test_a_wrong_letter_that_carried_nothing_is_taken_back_by_two_and_its_number_is_free(
    hall: Knocker, code: str, subject: Callable[[str], dict[str, str]], typed: Callable[..., Any]
) -> None:
    reason, other = ("--why", "对象录错（示例）"), subject("heavy")["code"]
    typed("admit", named=[{"kind": "legal", "number": other}])
    with pytest.raises(Problem, match="role-denied"):
        typed("withdraw", *reason, *ONE, confirmed="centre1")
    assert why(inquire(hall, code))[2] == "not-named"
    (gone,) = typed("confirm", "--as", "centre2")
    assert gone["withdrawn_at"]
    assert why(inquire(hall, other))[2] == "none"
    typed("admit")
    asked = inquire(hall, code)
    assert asked.status == 201
    cards = typed("list", "--as", "centre2")
    assert [(bool(one["withdrawn_at"]), len(one["queries"])) for one in cards] == [(True, 0), (False, 1)]
    typed("stop", *reason, *ONE)
    with pytest.raises(ValueError, match="queries stand on"):
        typed("withdraw", *reason, *ONE, confirmed="")


def test_no_letter_is_a_line_too(city: Sample, typed: Callable[..., Any]) -> None:
    assert typed("list", "--as", "centre2") == [{"letters": 0}]


def inquire_without_rule(hall: Knocker, code: str) -> str:
    """A query of before the rule."""
    number = str(hall.query(subject={"kind": "legal", "number": code}, purpose="G01").body["query_no"])
    Query.objects.filter(query_no=number).update(purpose="G06")
    return number
