"""What is kept for a term goes on the day after it, and not before; what was done stays done."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import transaction

from server_stub.accounts import leases, throttle
from server_stub.accounts.models import (
    Challenge,
    Device,
    EnrolmentCode,
    LeaseShare,
    Officer,
    Throttle,
    Ticket,
    Token,
)
from server_stub.config.clock import clock, stamp
from server_stub.evidence.models import Leaf
from server_stub.feed import services as feed
from server_stub.feed.models import Change, FeedHead, Holding
from server_stub.jobs import forgetting, sweeping
from server_stub.jobs.forgetting import forget
from server_stub.jobs.sweeping import Daily
from server_stub.lists.models import ScreenedSubject, Screening
from server_stub.queries.models import Letter, OfficialLetter, Op, Query
from server_stub.queries.policy import figure
from server_stub.rules import selectors as rules
from server_stub.rules.tables_file import shipped
from tests.server_stub.api.conftest import account, bank, city, signed_in, subject
from tests.server_stub.api.test_queries import legal, letter, person
from tests.server_stub.api.test_screenings import ask
from tests.server_stub.knocking import Knocker, query_body

__all__ = ["account", "bank", "city", "signed_in", "subject"]
pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
Turn = Callable[[datetime], None]
Who = Callable[[str], dict[str, str]]


def never() -> bool:
    return False


@pytest.fixture(autouse=True)
def at(request: pytest.FixtureRequest) -> Iterator[Turn]:
    moment = [START]
    with clock(lambda: moment[0]):
        yield lambda to: moment.__setitem__(0, to)


@pytest.fixture
def stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session of the test outlives its day, so that a repetition comes through the door."""
    monkeypatch.setattr(forgetting, "forget_sign_ins", lambda *_: 0)


def on(moment: datetime) -> date:
    return moment.date()


def forgotten(at: Turn, moment: datetime, stopped: Callable[[], bool] = never) -> dict[str, int]:
    at(moment)
    return forget(on(moment), by="system", stopped=stopped)


def test_the_rows_of_a_sign_in_go_a_term_after_its_end(at: Turn, bank: Knocker) -> None:
    last = max(Token.objects.values_list("family_until", flat=True))
    term = timedelta(days=figure("sign_in_keep_days", on(START)))
    ending = [Challenge, Ticket, EnrolmentCode]
    counts = [rows.objects.count() for rows in (Token, *ending)]
    assert counts[0] >= 2 and counts[1] >= 1
    early = min(row.expires_at for rows in ending for row in rows.objects.all())
    assert forgotten(at, early + term)["sign_ins"] == 0
    # the tokens of a family go together, and after whatever ended before them
    forgotten(at, last + term)
    assert Token.objects.count() == counts[0]
    assert forgotten(at, last + term + timedelta(seconds=1))["sign_ins"] >= counts[0]
    assert not Token.objects.exists()
    forgotten(at, max([last, *EnrolmentCode.objects.values_list("expires_at", flat=True)]) + term + DAY)
    assert [rows.objects.count() for rows in ending] == [0, 0, 0]
    assert Officer.objects.filter(user="bank1").exists()


def test_an_answer_goes_and_that_it_was_given_stays(
    at: Turn, stays: None, bank: Knocker, subject: Who
) -> None:
    op_id, row = str(uuid.uuid4()), {"code": subject("rich")["code"]}
    first = ask(bank, row, op_id=op_id)
    refused = str(uuid.uuid4())
    assert ask(bank, row, op_id=refused, purpose="G01").code == "purpose-not-allowed"
    kept = Op.objects.get(op_id=refused).response
    term = timedelta(days=figure("answer_keep_days", on(START)))
    assert forgotten(at, START + term)["answers"] == 0
    assert ask_again(at, bank, row, op_id) == 201
    assert forgotten(at, START + term + timedelta(seconds=1))["answers"] >= 1
    op = Op.objects.get(op_id=op_id)
    assert first.body["answer"]["payload_b64"] not in str(op.response)
    assert (op.status, op.response["code"]) == (409, "answer-withdrawn")
    assert Op.objects.get(op_id=refused).response == kept
    assert ask_again(at, bank, row, op_id) == 409
    done = [leaf for leaf in Leaf.objects.filter(op_id=op_id) if '"outcome":"done"' in leaf.entry]
    assert (Screening.objects.count(), len(done)) == (1, 1)


def ask_again(at: Turn, bank: Knocker, row: dict[str, str], op_id: str) -> int:
    """The same screening once more, on the day of the sign-in, as long as its session lasted."""
    at(START)
    return ask(bank, row, op_id=op_id).status


def test_a_letter_and_a_returned_copy_answer_as_before(at: Turn, bank: Knocker, subject: Who) -> None:
    letter(bank, subject("person"))
    bank.call("POST", "/api/v1/outbox", {"items": [bank.item("copy.release", {"query_no": "CX-none"})]})
    stored = list(Op.objects.filter(kind__in=("letter", "copy.release")).values_list("status", "response"))
    assert stored
    forgotten(at, START + timedelta(days=1000))
    kept = Op.objects.filter(kind__in=("letter", "copy.release")).values_list("status", "response")
    assert list(kept) == stored


def test_the_feed_is_cut_in_short_steps_and_a_stop_leaves_it_whole(
    at: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "AT_ONCE", 3)
    term = timedelta(days=figure("feed_keep_days", on(START)))
    for hour in range(8):
        at(START + timedelta(hours=hour))
        with transaction.atomic():
            feed.announce("S" * 26, rec_id=f"R{hour}")
        feed.number()
    asked: list[int] = []

    def after_one() -> bool:
        asked.append(1)
        return len(asked) > 1

    late = START + term + timedelta(hours=6, seconds=1)
    at(late)
    assert feed.compact(figure("feed_keep_days", on(START)), stopped=after_one) == 3
    assert FeedHead.objects.get().kept_from == 4
    assert forgotten(at, late)["changes"] == 4
    assert list(Change.objects.values_list("rec_id", flat=True)) == ["R7"]
    assert FeedHead.objects.get().kept_from == 8
    assert forgotten(at, late)["changes"] == 0


def test_the_register_of_queries_goes_after_ten_years_and_its_leaves_stay(
    at: Turn, bank: Knocker, subject: Who, settings: Any
) -> None:
    who = subject("person")
    assert bank.query(subject=person(who), basis=letter(bank, who)).status == 201
    assert bank.query(subject=legal(subject("rich"))).status == 201
    assert ask(bank, {"code": subject("rich")["code"]}).status == 201
    scans = Path(settings.HENGXIN_HOME) / "letters"
    assert len(list(scans.iterdir())) == 1
    leaves = Leaf.objects.count()
    day = datetime(2036, 11, 26, 4, 0, tzinfo=UTC)
    assert rules.kept_months("query_log", on(START)) == 120
    same_day = forgotten(at, day)
    assert [same_day[name] for name in ("queries", "screenings", "letters")] == [0, 0, 0]
    assert Leaf.objects.count() == leaves
    gone = forgotten(at, day + DAY)
    assert [gone[name] for name in ("queries", "screenings", "letters")] == [2, 1, 0]  # the letter held on
    assert [rows.objects.count() for rows in (Query, Screening, ScreenedSubject)] == [0] * 3
    told = Leaf.objects.get(kind="register.forgotten")
    assert "done:2026-11-27:queries=2,screenings=1,letters=0" in told.entry
    assert forgotten(at, day + 4 * DAY)["letters"] == 1
    assert (Letter.objects.count(), list(scans.iterdir())) == (0, [])
    assert Leaf.objects.filter(kind="query").count() == 2


def test_an_official_letter_goes_after_its_silence_and_its_queries_and_its_scan_with_it(
    at: Turn, bank: Knocker, subject: Who, settings: Any
) -> None:
    number = str(bank.query(subject=legal(subject("rich"))).body["query_no"])
    query = Query.objects.get(query_no=number)
    scans = Path(settings.HENGXIN_HOME) / "official-letters"
    scans.mkdir()
    given: dict[str, Any] = {"organisation": query.organisation, "approver": "测试局长", "subjects": 1}
    given |= {"signed_on": on(START), "valid_to": on(START), "media": "png", "admitted_by": "centre1"}
    given |= {"second": "centre2", "admitted_at": "2026-11-26T00:00:00.000Z"}
    for name, silent in (("a", on(START)), ("b", on(START) + 700 * DAY), ("c", on(START))):
        OfficialLetter.objects.create(**given, letter_no=name, silent_until=silent, sha256=name)
        (scans / name).write_bytes(b"scan")
    Query.objects.filter(query_no=number).update(purpose="G06", case_no="c", query_no="CX-20991231-000001")
    day = datetime(2036, 11, 26, 4, 0, tzinfo=UTC)
    assert rules.kept_months("official_letter", on(START)) == 120
    assert forgotten(at, day)["official"] == 0
    assert forgotten(at, day + DAY)["official"] == 1
    assert sorted(path.name for path in scans.iterdir()) == ["b", "c"]  # silent still; a query stands on it
    assert "official=1" in Leaf.objects.filter(kind="register.forgotten").latest("index").entry
    Query.objects.all().delete()
    assert forgotten(at, day + 2 * DAY)["official"] == 1
    assert forgotten(at, day + 701 * DAY)["official"] == 1
    assert (OfficialLetter.objects.count(), list(scans.iterdir())) == (0, [])


@pytest.mark.parametrize("rows", [Letter, OfficialLetter])
def test_a_crash_while_a_letter_goes_leaves_no_scan_that_nothing_finds_again(
    rows: Any,
    stays: None,
    settings: Any,
    at: Turn,
    bank: Knocker,
    subject: Who,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if rows is Letter:
        letter(bank, subject("person"))
    else:
        given: dict[str, Any] = {"signed_on": on(START), "valid_to": on(START), "silent_until": on(START)}
        rows.objects.create(**given, organisation="O", letter_no="a", subjects=1, sha256="a")
        (Path(settings.HENGXIN_HOME) / "official-letters").mkdir()
        (Path(settings.HENGXIN_HOME) / "official-letters" / "a").write_bytes(b"scan")
    scans = Path(settings.HENGXIN_HOME) / ("letters" if rows is Letter else "official-letters")
    assert len(list(scans.iterdir())) == 1

    def crash(*_: Any, **__: Any) -> None:
        raise OSError

    over = START + timedelta(days=36500)
    with monkeypatch.context() as broken, pytest.raises(OSError):  # noqa: PT012
        broken.setattr(Path, "unlink", crash)
        forgotten(at, over)
    assert rows.objects.count() == 1  # what is left of it is found again
    forgotten(at, over)
    assert (rows.objects.count(), list(scans.iterdir())) == (0, [])


def test_control_without_a_row_everything_is_kept(
    at: Turn, bank: Knocker, subject: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bank.query(subject=legal(subject("rich"))).status == 201
    tables = msgspec.structs.replace(
        shipped(),
        retention=tuple(
            row for row in shipped().retention if row.id not in ("R-query-log", "R-official-letter")
        ),
        policy=tuple(row for row in shipped().policy if not row.id.endswith("_keep_days")),
    )
    monkeypatch.setattr(forgetting, "kept_months", lambda what, day: rules.kept_months(what, day, tables))
    monkeypatch.setattr(forgetting, "kept_days", lambda name, day: rules.kept_days(name, day, tables))
    counts = [rows.objects.count() for rows in (Query, Token, Op)]
    assert forgotten(at, START + timedelta(days=36500)) == {}
    assert [rows.objects.count() for rows in (Query, Token, Op)] == counts
    assert Op.objects.filter(status=201).count() == 1


def test_a_query_asked_again_after_its_answer_went_is_not_asked_anew(
    at: Turn, stays: None, bank: Knocker, subject: Who
) -> None:
    body, op_id = query_body(subject=legal(subject("rich"))), str(uuid.uuid4())
    whole = {"entries": [bank.link("query", op_id, body, purpose="B01")], "op_id": op_id, "body": body}
    assert bank.call("POST", "/api/v1/queries", {**whole, "tree_size": 0}).status == 201
    forgotten(at, START + timedelta(days=4000))
    assert not Query.objects.exists()
    at(START)
    again = bank.call("POST", "/api/v1/queries", {**whole, "tree_size": 0})
    assert (again.status, again.code) == (409, "answer-withdrawn")
    assert not Query.objects.exists()
    assert base64.b64decode(again.body["context"]["receipts"][0]["checkpoint"].splitlines()[2])


def test_the_daily_look_forgets_too(at: Turn, bank: Knocker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "close_old_connections", lambda: None)
    daily = Daily()
    daily.look(never)
    assert Token.objects.exists()
    at(START + timedelta(days=60))
    daily.look(never)
    assert not Token.objects.exists()


def test_counts_of_wrong_guesses_go_a_term_after_the_last_one(at: Turn, db: None) -> None:
    throttle.reserve("示例甲")
    term = timedelta(days=figure("guess_keep_days", on(START)))
    at(START + DAY)
    throttle.reserve("示例甲")
    throttle.reserve("示例乙")
    Throttle.objects.create(key="of before", failures=3)
    assert forgotten(at, START + DAY + term)["guesses"] == 0
    assert Throttle.objects.count() == 3
    assert forgotten(at, START + DAY + term + timedelta(seconds=1))["guesses"] == 2
    assert list(Throttle.objects.values_list("key", flat=True)) == ["of before"]
    assert forgotten(at, START + DAY + 2 * term + timedelta(seconds=1))["guesses"] == 1


def test_notes_of_copies_go_when_no_kept_change_can_touch_them(at: Turn, bank: Knocker, subject: Who) -> None:
    bank.query(subject=legal(subject("rich")))
    leaves = Leaf.objects.count()
    held = Holding.objects.count()
    assert held > 1
    last = max(Holding.objects.values_list("until", flat=True))
    end = datetime.fromisoformat(last)
    term = timedelta(days=figure("feed_keep_days", on(START)))
    assert forgotten(at, end + term)["holdings"] == 0
    given_back = Holding.objects.order_by("pk").first()
    assert given_back is not None
    Holding.objects.filter(pk=given_back.pk).update(ended_at=stamp(START))
    assert forgotten(at, START + term + timedelta(seconds=1))["holdings"] == 1
    assert forgotten(at, end + term + timedelta(seconds=1))["holdings"] == held - 1
    assert Leaf.objects.count() == leaves  # what was asked and answered stays in the log


def test_a_share_goes_with_a_device_that_nobody_uses(at: Turn, bank: Knocker) -> None:
    assert LeaseShare.objects.count() == 1
    device = LeaseShare.objects.get().device_id
    term = timedelta(days=figure("share_keep_days", on(START)))
    over = START + term + DAY
    at(START + DAY)
    feed.acknowledge(device, 0)
    assert forgotten(at, over)["shares"] == 0  # control: it took in corrections a day later
    Token.objects.all().delete()
    assert forgotten(at, over)["shares"] == 0
    assert forgotten(at, over + DAY)["shares"] == 1
    assert Device.objects.filter(pk=device).exists()
    with clock(lambda: over + DAY), transaction.atomic():
        found = leases.lease(Officer.objects.get(user="bank1"), Device.objects.get(pk=device), 60, 1)
    assert len(found.share) == 32
