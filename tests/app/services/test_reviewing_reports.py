"""Reports kept here: every one is listed, opened only as sealed and receipted, and never without a link."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast

import msgspec
import pytest

from app.clock import epoch_ms
from app.field.evidence import ClientEntry, LeafEntry, Receipt
from app.keys.device import DeviceKey
from app.report import document_sha256, render
from app.services import issued
from app.services.entries import builder, new_op_id, note_act
from app.services.ledgering import Ledger
from app.services.lines import Lines
from app.services.reviewing_reports import ReportFiles
from app.services.unlocking import Unlocking
from app.services.verifying import Verifying
from app.trouble import NotNow, NotTrusted, NotYou, Refused, VaultTrouble
from local_cache import answers, drafts, ledger, reports
from server_stub.reports.authority import Seal
from tests.app.report import samples
from tests.app.report.tools import FONTS
from tests.app.services.test_verifying import Register
from tests.app.services.vaults import START, TurnedClock, bundle, create, kept_copy
from tests.server_stub.own_seals import put_seal, seal_at

QUERY, SUBJECT, AT = "Q1", "红隼科技(示例)", "2026-11-23T01:00:00.000Z"
State = Literal["current", "superseded", "expired", "void", "unknown"]


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    return seal_at(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def sealed(seal: Seal) -> bytes:
    return put_seal(render(samples.official(), FONTS), seal, datetime.now(UTC), samples.NUMBER)


@dataclass
class House:
    """An open vault in which one query was asked and one report of it was issued."""

    client: Unlocking
    clock: TurnedClock
    files: ReportFiles
    register: Register

    def links(self) -> list[ClientEntry]:
        rows = self.client.room.run(lambda o: ledger.entries(o.work))
        return [msgspec.json.decode(row.payload, type=ClientEntry) for row in rows]

    def run(self, job: Any) -> Any:
        return self.client.room.run(job)


@pytest.fixture
def house(
    client: Unlocking, key: DeviceKey, clock: TurnedClock, seal: Seal, sealed: bytes
) -> Iterator[House]:
    create(client, key)
    register = Register(seal)
    made = House(client, clock, ReportFiles(client.room, Verifying(cast(Lines, register))), register)

    def fill(opened: Any) -> None:
        answer = bundle(QUERY, START + timedelta(days=2))
        kept = kept_copy(answer, epoch_ms(START + timedelta(days=2)))
        answers.put(opened.copies(), kept, [("r1", 1)], "")
        asked = builder(client.room, opened, "query", new_op_id(), purpose="loan")
        ledger.append(opened.work, asked, SUBJECT, QUERY)

    made.run(fill)
    issue(made, samples.NUMBER, sealed)
    yield made


def issue(house: House, number: str, pdf: bytes, query_no: str = QUERY, outcome: str = "done") -> None:
    """What a delivered issue leaves: link, receipt, the word about it, the file."""

    def put(opened: Any) -> None:
        made = ledger.append(
            opened.work,
            builder(house.client.room, opened, "issue", new_op_id(), query_no=query_no),
            ledger.subject_of(opened.work, query_no),
            query_no,
        )
        digest = hashlib.sha256(pdf).hexdigest()
        leaf = LeafEntry(
            1, "device", "issue", AT, "u1", "o", entry_sha256=made.digest, query_no=query_no,
            report_no=number, report_sha256=digest, outcome=outcome,
        )  # fmt: skip
        body = msgspec.json.encode(Receipt(leaf, "0" * 64, made.n, "note", ()))
        ledger.add_receipts(opened.work, [ledger.ReceiptRow(made.n, made.n, outcome, body)])
        row = reports.Report(number, query_no, SUBJECT, AT, "2026-12-23", "current", digest)
        reports.put(opened.copies(), row, pdf)
        issued.keep(opened.work, number, AT, "2026-12-23")

    house.run(put)


def test_every_issued_report_is_listed_with_what_is_known(house: House) -> None:
    row = house.files.list()[0]
    assert (row.number, row.query_no, row.subject, row.purpose) == (samples.NUMBER, QUERY, SUBJECT, "loan")
    assert (row.issued_at, row.valid_until, row.state, row.file) == (AT, "2026-12-23", "current", "here")


def test_a_refused_issue_is_no_report(house: House, sealed: bytes) -> None:
    issue(house, "HYXYE2", sealed, outcome="refused:query-stale")
    assert [row.number for row in house.files.list()] == [samples.NUMBER]


def test_opening_is_a_link_first_and_gives_the_sealed_bytes(house: House, sealed: bytes) -> None:
    found = house.files.open(samples.NUMBER)
    assert found.pdf == sealed
    assert (found.verdict.genuine, found.verdict.state) == (True, "unchecked")
    assert found.verdict.document_sha256 == document_sha256(samples.official())
    assert found.verdict.pdf_sha256 == hashlib.sha256(sealed).hexdigest() != found.verdict.document_sha256
    last = house.links()[-1]
    assert (last.kind, last.report_no, last.query_no, last.purpose, last.report_sha256) == (
        "open_cached", samples.NUMBER, QUERY, "loan", found.row.pdf_sha256,
    )  # fmt: skip
    assert Ledger(house.client.room).verify().ok


def test_without_its_link_nothing_is_opened(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise VaultTrouble("vault.disk-full")

    monkeypatch.setattr("app.services.reviewing_reports.ledger.append", full)
    with pytest.raises(VaultTrouble, match="disk-full"):
        house.files.open(samples.NUMBER)


@pytest.mark.parametrize("where", ["file", "receipt"])
def test_bytes_that_are_not_the_receipted_ones_stay_shut(house: House, sealed: bytes, where: str) -> None:
    before = len(house.links())
    if where == "file":  # another content under the number, with the digest put right beside it
        broken = bytes([*sealed[:2000], sealed[2000] ^ 1, *sealed[2001:]])
        house.run(lambda o: o.copies().execute("UPDATE reports SET pdf = ?", (broken,)).rowcount)
    else:  # a genuine report of ours, only another one than was receipted
        house.run(lambda o: o.work.execute("DROP TRIGGER receipts_are_fixed"))
        swap = "UPDATE receipts SET body = CAST(replace(CAST(body AS TEXT), ?, ?) AS BLOB)"
        values = (hashlib.sha256(sealed).hexdigest(), "0" * 64)
        assert house.run(lambda o: o.work.execute(swap, values).rowcount) == 1
    with pytest.raises(NotTrusted, match=r"report\.altered"):
        house.files.open(samples.NUMBER)
    assert len(house.links()) == before


def test_a_file_goes_with_its_copy_and_the_report_stays_listed(house: House) -> None:
    house.run(lambda o: answers.withdraw(o.copies(), "r1", "corrected", AT))
    assert [(row.number, row.file) for row in house.files.list()] == [(samples.NUMBER, "gone")]
    with pytest.raises(Refused, match=r"report\.erased"):
        house.files.open(samples.NUMBER)


def test_a_copy_whose_term_is_over_takes_the_file_along(house: House) -> None:
    house.clock.pass_(days=2, seconds=1)
    assert house.files.list()[0].file == "gone"


def test_under_an_ended_lease_the_list_stays_and_files_are_locked(house: House) -> None:
    house.clock.pass_(days=4)
    assert house.files.list()[0].file == "locked"
    with pytest.raises(VaultTrouble, match=r"offline\.ended"):
        house.files.open(samples.NUMBER)


def test_nobody_lists_or_opens_behind_a_lock(house: House) -> None:
    house.client.lock()
    with pytest.raises(NotYou):
        house.files.list()
    with pytest.raises(NotYou):
        house.files.open(samples.NUMBER)


def test_a_number_of_another_computer_is_none_of_ours(house: House) -> None:
    with pytest.raises(Refused, match=r"report\.none"):
        house.files.open("HYXYE0")


def test_a_notice_makes_it_out_of_date_until_it_was_looked_at(house: House) -> None:
    assert house.files.outdated() == ()
    house.run(lambda o: issued.hear(o.work, samples.NUMBER, "superseded", AT))
    assert [row.number for row in house.files.outdated()] == [samples.NUMBER]
    assert house.files.open(samples.NUMBER).row.state == "superseded"
    assert house.files.outdated() == ()
    house.run(lambda o: issued.hear(o.work, samples.NUMBER, "superseded", AT))
    assert house.files.outdated() == ()
    house.run(lambda o: issued.hear(o.work, samples.NUMBER, "void", AT))
    assert len(house.files.outdated()) == 1


def test_telling_that_the_file_is_gone_is_telling(house: House) -> None:
    house.run(lambda o: answers.withdraw(o.copies(), "r1", "corrected", AT))
    house.run(lambda o: issued.hear(o.work, samples.NUMBER, "superseded", AT))
    with pytest.raises(Refused):
        house.files.open(samples.NUMBER)
    assert house.files.outdated() == ()


def test_the_last_day_counts_in_beijing(house: House) -> None:
    house.run(lambda o: drafts.discard(o.work, "kept", issued.KIND, samples.NUMBER))
    house.run(lambda o: issued.keep(o.work, samples.NUMBER, AT, "2026-11-24"))
    house.clock.pass_(hours=30)  # 11-24 15:00 in Beijing
    assert house.files.list()[0].state == "current"
    house.clock.pass_(hours=10)  # 11-25 01:00
    assert house.files.list()[0].state == "expired"


@pytest.mark.parametrize("state", ["current", "superseded", "expired", "void"])
def test_what_the_register_says_is_remembered_and_may_be_taken_back(house: House, state: State) -> None:
    house.run(lambda o: issued.hear(o.work, samples.NUMBER, "superseded", AT))
    house.register.state = state
    assert house.files.ask(samples.NUMBER).state == state
    assert house.files.list()[0].state == state
    assert house.files.list()[0].heard_at


@pytest.mark.parametrize(("state", "match"), [("unknown", False), ("current", False)])
def test_a_register_that_does_not_know_it_changes_nothing(house: House, state: State, match: bool) -> None:
    house.register.state, house.register.match = state, match
    with pytest.raises(NotTrusted, match=r"report\.unregistered"):
        house.files.ask(samples.NUMBER)
    assert house.files.list()[0].heard_at == ""


def test_without_a_server_the_last_word_stays(house: House) -> None:
    house.run(lambda o: issued.hear(o.work, samples.NUMBER, "superseded", AT))
    with pytest.raises(NotNow):
        house.files.ask(samples.NUMBER)
    assert house.files.list()[0].state == "superseded"


def test_a_report_of_an_older_program_is_known_by_its_file(house: House) -> None:
    house.run(lambda o: drafts.discard(o.work, "kept", issued.KIND, samples.NUMBER))
    house.run(lambda o: o.copies().execute("UPDATE reports SET state = 'superseded'").rowcount)
    row = house.files.list()[0]
    assert (row.state, row.valid_until) == ("superseded", "2026-12-23")
    house.run(lambda o: answers.erase(o.copies(), [QUERY]))
    row = house.files.list()[0]
    assert (row.file, row.valid_until, row.issued_at) == ("gone", "", AT)


def test_the_ledger_shows_whose_copy_it_was_and_when_it_is_gone(house: House) -> None:
    note_act(house.client.room, "view", query_no=QUERY)
    note_act(house.client.room, "print", query_no=QUERY, report_no=samples.NUMBER, copies=1)
    note_act(house.client.room, "view", query_no="Q-unknown")
    chain = Ledger(house.client.room)
    assert [(row.kind, row.subject, row.purpose, row.copy) for row in chain.list(5)] == [
        ("view", "", "", "gone"),
        ("print", SUBJECT, "loan", "here"),
        ("view", SUBJECT, "loan", "here"),
        ("issue", SUBJECT, "loan", "here"),
        ("query", SUBJECT, "loan", ""),
    ]
    assert {row.report_no for row in chain.list(5) if row.kind in ("issue", "print")} == {samples.NUMBER}
    house.run(lambda o: answers.withdraw(o.copies(), "r1", "corrected", AT))
    assert [(row.subject, row.copy) for row in chain.list(3)[1:]] == [(SUBJECT, "gone"), (SUBJECT, "gone")]
    house.clock.pass_(days=4)
    assert {row.copy for row in chain.list(4)} == {"locked"}


def test_prints_of_a_report_are_counted_and_no_others(house: House) -> None:
    def put(number: str) -> None:
        house.run(
            lambda o: ledger.append(
                o.work, builder(house.client.room, o, "print", new_op_id(), report_no=number, copies=2)
            )
        )

    before = [house.run(lambda o: issued.printed_before(o, samples.NUMBER))]
    for number in (samples.NUMBER, "HYXYE-another", samples.NUMBER):
        put(number)
        before.append(house.run(lambda o: issued.printed_before(o, samples.NUMBER)))
    assert before == [0, 1, 1, 2]


def test_rows_of_an_older_program_find_their_subject(house: House) -> None:
    """They were written without one, and prints of a report without the query."""
    house.run(
        lambda o: ledger.append(
            o.work, builder(house.client.room, o, "print", new_op_id(), report_no=samples.NUMBER, copies=1)
        )
    )
    row = Ledger(house.client.room).list(1)[0]
    assert (row.report_no, row.subject, row.query_no, row.copy) == (samples.NUMBER, SUBJECT, QUERY, "here")
