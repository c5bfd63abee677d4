"""Copies: open only in their time, only as signed, only after the chain has it; marks lie over them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.clock import epoch_ms, utc_text
from app.field.canonical import canonical_sha256
from app.field.evidence import ClientEntry, LeafEntry, Receipt
from app.field.names import spaced
from app.field.proofs import Checkpoint, write_note
from app.field.records import ObjectionMark
from app.keys.device import ITEM, DeviceKey
from app.keys.device import opened as open_jws
from app.lanes import Lane
from app.services.entries import builder, note_act
from app.services.reviewing_offline import OfflineFiles
from app.services.room import Opened
from app.services.unlocking import Unlocking
from app.trouble import NotTrusted, NotYou, Refused, VaultTrouble
from local_cache import answers, ledger, outbox
from tests.app.services.vaults import LONG, START, TurnedClock, bundle, checked, grant, kept_copy, unlocking


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def client(tmp_path: Path, clock: TurnedClock) -> Iterator[Unlocking]:
    lane = Lane("vault")
    key = DeviceKey.generate(clock)
    made = unlocking(tmp_path / "home", clock, lane=lane)
    made.create_vault("u0", grant(key), LONG, key, "柜台一")
    yield made
    made.lock()
    lane.close()


@pytest.fixture
def files(client: Unlocking) -> OfflineFiles:
    return OfflineFiles(client.room, checked)


def keep(client: Unlocking, query_no: str, hours: int = 48, name: str = "红隼科技(示例)") -> None:
    answer = bundle(query_no, START + timedelta(hours=hours), name)
    kept = kept_copy(answer, epoch_ms(START + timedelta(hours=hours)), name)
    words = spaced(f"{name} 未按规定公示年报")
    client.room.run(lambda o: answers.put(o.copies(), kept, [("r1", 1)], words))


def entries(client: Unlocking) -> list[ledger.Entry]:
    return client.room.run(lambda o: ledger.entries(o.work))


def test_a_copy_opens_after_its_entry_is_in_the_chain(client: Unlocking, files: OfflineFiles) -> None:
    keep(client, "Q1")
    answer = files.open("Q1")
    assert (answer.source, answer.cached, answer.bundle.query_no, answer.left_s) == (
        "cache",
        True,
        "Q1",
        172800,
    )
    made = entries(client)
    assert [(one.kind, one.purpose) for one in made] == [("open_cached", "loan")]
    assert msgspec.json.decode(made[0].payload)["query_no"] == "Q1"
    assert files.open("91430400MA00000001").query_no == "Q1"


def test_an_opened_copy_says_where_its_query_stands_in_the_log(
    client: Unlocking, files: OfflineFiles
) -> None:
    keep(client, "Q1")
    note_act(client.room, "view")
    note = write_note(Checkpoint("log", 41, bytes(32)), "log", bytes(4), b"x")
    leaf = LeafEntry(1, "device", "query", "t", "u1", "o")
    body = msgspec.json.encode(Receipt(leaf, "0" * 64, 40, note, ()))

    def receipted(opened: Opened) -> None:
        link = builder(client.room, opened, "query", "op-Q1")
        made = ledger.append(opened.work, link)
        ledger.add_receipts(opened.work, [ledger.ReceiptRow(made.n, 40, "done", body)])

    client.room.run(receipted)
    answer = files.open("Q1")
    assert (answer.leaf_index, answer.tree_size) == (40, 41)


def test_no_entry_no_answer(client: Unlocking, files: OfflineFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(client, "Q1")

    def full(*_: object) -> None:
        raise VaultTrouble("vault.disk-full")

    monkeypatch.setattr("app.services.opening.ledger.append", full)
    with pytest.raises(VaultTrouble):
        files.open("Q1")
    assert entries(client) == []


def test_words_of_copies_are_shown_after_one_entry(client: Unlocking, files: OfflineFiles) -> None:
    keep(client, "Q1")
    keep(client, "Q2", name="青鸢建设(示例)")
    assert files.search("隼红") == ()
    assert entries(client) == []  # nothing was shown
    assert len(files.search("年报")) == 2
    assert len(files.search("红隼")) == 1
    both, one = (msgspec.json.decode(made.payload, type=ClientEntry) for made in entries(client))
    assert (both.kind, both.query_no) == ("open_cached", "")
    assert both.body_sha256 == canonical_sha256({"query_nos": ["Q1", "Q2"]})
    assert (one.kind, one.query_no, one.purpose) == ("open_cached", "Q1", "loan")


def test_no_entry_no_words(client: Unlocking, files: OfflineFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(client, "Q1")

    def full(*_: object) -> None:
        raise VaultTrouble("vault.disk-full")

    monkeypatch.setattr("app.services.opening.ledger.append", full)
    with pytest.raises(VaultTrouble):
        files.search("年报")


@pytest.mark.parametrize("act", ["list", "search"])
def test_an_altered_copy_is_neither_listed_nor_found(
    client: Unlocking, files: OfflineFiles, act: str
) -> None:
    keep(client, "Q1")
    keep(client, "Q2")
    client.room.run(lambda o: o.copies().execute("UPDATE answers SET sig = x'00' WHERE query_no = 'Q1'"))
    with pytest.raises(NotTrusted) as altered:
        _ = files.list() if act == "list" else files.search("年报")
    assert altered.value.code == "answer.unsigned"
    assert entries(client) == []
    assert [row.query_no for row in files.list()] == ["Q2"]


def test_an_altered_copy_is_not_shown_and_goes(client: Unlocking, files: OfflineFiles) -> None:
    keep(client, "Q1")
    client.room.run(lambda o: o.copies().execute("UPDATE answers SET sig = x'00'"))
    with pytest.raises(NotTrusted):
        files.open("Q1")
    assert entries(client) == []
    assert files.list() == ()


def test_a_copy_goes_when_its_term_ends(client: Unlocking, files: OfflineFiles, clock: TurnedClock) -> None:
    keep(client, "Q1", hours=10)
    keep(client, "Q2", hours=20)
    assert [(row.query_no, row.left_s // 3600, row.state) for row in files.list()] == [
        ("Q2", 20, "live"), ("Q1", 10, "live"),
    ]  # fmt: skip
    clock.pass_(hours=10)
    with pytest.raises(Refused) as expired:
        files.open("Q1")
    assert expired.value.code == "offline.expired"
    assert client.room.run(lambda o: answers.get(o.copies(), "Q1")) is None
    assert [row.query_no for row in files.list()] == ["Q2"]
    with pytest.raises(Refused) as none:
        files.open("Q1")
    assert none.value.code == "offline.none"


def test_the_life_of_a_copy_ends_with_its_term_or_with_the_lease(
    client: Unlocking, files: OfflineFiles, clock: TurnedClock
) -> None:
    """The lease of the sign-in is 72 hours long."""
    keep(client, "Q1", hours=10)
    keep(client, "Q2", hours=100)
    clock.pass_(hours=1)
    lives = {row.query_no: (row.left_s // 3600, row.readable_until, row.of_lease) for row in files.list()}
    term, lease = (utc_text(START + timedelta(hours=hours)) for hours in (10, 72))
    assert lives == {"Q1": (9, term, False), "Q2": (71, lease, True)}
    (own,) = [row.expires_at for row in files.list() if row.query_no == "Q2"]
    assert own == utc_text(START + timedelta(hours=100))
    hits = {hit.query_no: (hit.left_s // 3600, hit.of_lease) for hit in files.search("红隼")}
    assert hits == {"Q1": (9, False), "Q2": (71, True)}
    shown = files.open("Q2")
    assert (shown.left_s // 3600, shown.readable_until, shown.of_lease) == (71, lease, True)


def test_a_clock_put_back_does_not_stretch_a_term(
    client: Unlocking, files: OfflineFiles, clock: TurnedClock
) -> None:
    keep(client, "Q1", hours=10)
    clock.pass_(hours=9)
    client.lock()
    clock.wall -= timedelta(hours=8)
    client.unlock(LONG)
    for call in (files.list, lambda: files.open("Q1"), lambda: files.search("红隼")):
        with pytest.raises(VaultTrouble) as back:
            call()
        assert back.value.code == "offline.clock-back"


def test_an_ended_lease_shuts_all_copies(client: Unlocking, files: OfflineFiles, clock: TurnedClock) -> None:
    keep(client, "Q1", hours=200)
    clock.pass_(hours=73)
    with pytest.raises(VaultTrouble) as ended:
        files.open("Q1")
    assert ended.value.code == "offline.ended"
    client.lock()
    with pytest.raises(NotYou):
        files.list()


def test_words_are_found_in_copies(client: Unlocking, files: OfflineFiles) -> None:
    keep(client, "Q1")
    keep(client, "Q2", name="青鸢建设(示例)")
    assert [hit.query_no for hit in files.search("红隼")] == ["Q1"]
    assert {hit.query_no for hit in files.search("年报")} == {"Q1", "Q2"}
    assert [(hit.query_no, hit.name) for hit in files.search("年报 青鸢")] == [("Q2", "青鸢建设(示例)")]
    assert "年报" in files.search("公示年报")[0].snippet
    assert files.search("隼红") == files.search("   ") == files.search("·") == ()


def test_a_mark_lies_over_the_signed_answer(client: Unlocking, files: OfflineFiles) -> None:
    keep(client, "Q1")
    assert files.list()[0].marks == 0
    mark = ObjectionMark("O1", "2026-11-20", "2026-12-01")
    client.room.run(lambda o: answers.mark(o.copies(), "r1", msgspec.json.encode(mark), "t"))
    answer = files.open("Q1")
    assert answer.bundle.records[0].objection == mark
    assert files.list()[0].marks == 1
    assert checked(answer.signed) == checked(answer.signed)
    client.room.run(lambda o: answers.mark(o.copies(), "r1", b"null", "t"))
    assert files.open("Q1").bundle.records[0].objection is None


def test_giving_a_copy_back_erases_it_and_tells_the_server(client: Unlocking, files: OfflineFiles) -> None:
    keep(client, "Q1")
    op_id = files.release("Q1")
    assert files.list() == ()

    def look(opened: Opened) -> None:
        item = outbox.get(opened.work, op_id)
        assert item is not None
        assert (item.kind, item.body, item.state) == ("copy.release", b'{"query_no":"Q1"}', "waiting")
        claims = msgspec.json.decode(open_jws(item.jws, opened.device_key.public_jwk(), ITEM))
        assert claims["body_sha256"] == item.body_sha256

    client.room.run(look)
    with pytest.raises(Refused):
        files.release("Q1")


def test_a_kill_while_a_copy_is_given_back_never_tells_the_server_of_a_copy_that_opens(
    client: Unlocking, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = kept_copy(bundle("Q1"), epoch_ms(START + timedelta(days=2)))
    client.room.run(lambda opened: answers.put(opened.copies(), copy, [("r1", 1)], ""))
    files = OfflineFiles(client.room, checked)

    class KilledError(BaseException):
        pass

    def dead(*_: object) -> None:
        raise KilledError

    for place in ("answers.erase", "outbox.add"):
        with monkeypatch.context() as cut:
            cut.setattr(f"app.services.reviewing_offline.{place}", dead)
            with pytest.raises(KilledError):
                files.release("Q1")
        told = client.room.run(lambda opened: outbox.all_items(opened.work))
        opens = client.room.run(lambda opened: answers.get(opened.copies(), "Q1") is not None)
        assert not (told and opens), place
    assert client.room.run(lambda opened: answers.get(opened.copies(), "Q1")) is None
