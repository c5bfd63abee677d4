"""Outbox, chain, drafts, copies and words: what may change, what never does, what goes together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlcipher3 import dbapi2

from local_cache import answers, drafts, faults, intents, ledger, outbox, reports, search
from local_cache.answers import Copy
from local_cache.database import transaction
from local_cache.drafts import Body
from local_cache.outbox import OutboxItem
from local_cache.vault import Vault
from tests.local_cache.conftest import entry

AT = "2026-11-23T00:00:00.000Z"


def item(op_id: str, kind: str = "query", made_at: str = AT) -> OutboxItem:
    return OutboxItem(op_id, kind, made_at, b"{}", "0" * 64)


def copy(
    query_no: str, op_id: str = "", expires_ms: int = 1000, name: str = "衡阳红隼科技有限公司(示例)"
) -> Copy:
    return Copy(
        query_no, op_id or f"op-{query_no}", b'{"a":1}', "key", b"sig", "subject", "legal", name,
        "91430400MA00000001", "loan", AT, expires_ms, "lease-1", AT,
    )  # fmt: skip


def begin(vault: Vault, op_id: str) -> ledger.Entry:
    return intents.begin_intent(
        vault.work, lambda n, prev: entry(n, prev, op_id), item(op_id), "某公司(示例)"
    )


# ---- chain


def test_the_chain_grows_and_never_changes(vault: Vault) -> None:
    first = ledger.append(vault.work, entry)
    second = ledger.append(vault.work, entry)
    assert (first.n, second.n, second.prev) == (1, 2, first.digest)
    rest = "op_id, purpose, claimed_at, payload, jws"
    for statement in (
        "UPDATE ledger SET purpose = 'x' WHERE n = 1",
        "DELETE FROM ledger WHERE n = 2",
        f"INSERT OR REPLACE INTO ledger SELECT n, digest, prev, 'print', {rest} FROM ledger WHERE n = 2",
        f"INSERT OR REPLACE INTO ledger SELECT 3, digest, digest, kind, {rest} FROM ledger WHERE n = 2",
    ):
        with pytest.raises(dbapi2.IntegrityError):
            vault.work.execute(statement)
    assert [row.kind for row in ledger.entries(vault.work)] == ["query", "query"]


def test_replacing_a_row_is_refused_without_foreign_keys_too(vault: Vault) -> None:
    ledger.append(vault.work, entry)
    vault.work.execute("PRAGMA foreign_keys = OFF")
    with pytest.raises(dbapi2.IntegrityError, match="never removed"):
        vault.work.execute(
            "INSERT OR REPLACE INTO ledger SELECT 2, digest, digest, kind, op_id, purpose, claimed_at,"
            " payload, jws FROM ledger WHERE n = 1"
        )


def test_the_triggers_are_what_holds(vault: Vault) -> None:
    ledger.append(vault.work, entry)
    vault.work.execute("DROP TRIGGER ledger_is_fixed")
    vault.work.execute("UPDATE ledger SET purpose = 'x'")
    assert ledger.entries(vault.work)[0].purpose == "x"


def test_a_link_that_does_not_follow_is_refused(vault: Vault) -> None:
    ledger.append(vault.work, entry)
    with pytest.raises(faults.Sealed):
        ledger.append(vault.work, lambda n, prev: entry(n + 1, prev))
    with pytest.raises(faults.Sealed):
        ledger.append(vault.work, lambda n, prev: entry(n, "f" * 64))
    assert ledger.tail(vault.work)[0] == 1


def test_a_chain_may_begin_where_the_server_stands(vault: Vault) -> None:
    ledger.set_base(vault.work, 7, "a" * 64)
    made = ledger.append(vault.work, entry)
    assert (made.n, made.prev) == (8, "a" * 64)


def test_receipts_are_put_once(vault: Vault) -> None:
    ledger.append(vault.work, entry)
    assert [row.n for row in ledger.waiting(vault.work)] == [1]
    ledger.add_receipts(vault.work, [ledger.ReceiptRow(1, 9, "done", b"{}")])
    ledger.add_receipts(vault.work, [ledger.ReceiptRow(1, 9, "other", b"x")])
    assert ledger.waiting(vault.work) == []
    assert ledger.every_receipt(vault.work) == [ledger.ReceiptRow(1, 9, "done", b"{}")]
    with pytest.raises(dbapi2.IntegrityError):
        vault.work.execute("DELETE FROM receipts")
    with pytest.raises(faults.Sealed):
        ledger.add_receipts(vault.work, [ledger.ReceiptRow(5, 1, "done", b"{}")])


def test_a_claim_and_what_came_of_it_both_stand(vault: Vault) -> None:
    ledger.append(vault.work, entry)
    claim, effect = ledger.ReceiptRow(1, 9, "claimed", b"{}"), ledger.ReceiptRow(1, 12, "done", b"[]")
    ledger.add_receipts(vault.work, [effect])
    ledger.add_receipts(vault.work, [claim])
    assert ledger.every_receipt(vault.work) == [claim, effect]
    assert ledger.receipts(vault.work) == {1: effect}
    assert (ledger.receipt_of(vault.work, 1), ledger.receipt_of(vault.work, 2)) == (effect, None)
    assert ledger.receipted(vault.work) == {1}
    assert [(row.leaf_index, row.outcome) for row in ledger.listed(vault.work, 5)] == [(12, "done")]
    for statement in ("DELETE FROM receipts", "UPDATE receipts SET outcome = 'done'"):
        with pytest.raises(dbapi2.IntegrityError):
            vault.work.execute(statement)


def test_the_list_has_words_beside_the_chain(vault: Vault) -> None:
    ledger.append(vault.work, entry, "某公司(示例)")
    ledger.append(vault.work, lambda n, prev: entry(n, prev, kind="print"))
    ledger.note(vault.work, 1, query_no="Q1")
    rows = ledger.listed(vault.work, 10)
    assert [(row.n, row.subject, row.query_no) for row in rows] == [(2, "", ""), (1, "某公司(示例)", "Q1")]
    assert [row.n for row in ledger.listed(vault.work, 10, "print")] == [2]
    assert ledger.count_since(vault.work, "query", AT) == 1


# ---- intents


def test_an_intent_begins_whole_or_not_at_all(vault: Vault) -> None:
    begin(vault, "op-a")
    with pytest.raises(faults.Sealed):
        begin(vault, "op-a")
    assert len(ledger.entries(vault.work)) == 1
    found = outbox.get(vault.work, "op-a")
    assert found is not None
    assert (found.entry_n, found.state) == (1, "waiting")

    def broken(n: int, prev: str) -> ledger.Entry:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        intents.begin_intent(vault.work, broken, item("op-b"))
    assert outbox.get(vault.work, "op-b") is None


def test_an_intent_ends_with_copy_receipt_and_closed_row(vault: Vault) -> None:
    begin(vault, "op-a")
    kept = intents.KeptAnswer(copy("Q1", "op-a"), (("r1", 1), ("r2", 3)), "红 隼")
    recent = reports.Recent("Q1", "某公司(示例)", "legal", "loan", AT)
    for _ in range(2):
        intents.complete_intent(
            vault, "op-a", [ledger.ReceiptRow(1, 4, "done", b"{}")], query_no="Q1", answer=kept, recent=recent
        )
    found = outbox.get(vault.work, "op-a")
    assert found is not None
    assert found.state == "done"
    assert answers.by_op(vault.copies(), "op-a") == copy("Q1", "op-a")
    assert answers.held(vault.copies()) == {"Q1": [("r1", 1), ("r2", 3)]}
    assert ledger.listed(vault.work, 1)[0].query_no == "Q1"
    assert reports.recents(vault.copies(), 5) == [(recent, True)]


def test_no_copy_is_kept_while_the_cache_is_shut(vault: Vault) -> None:
    begin(vault, "op-a")
    vault.shut_cache()
    kept = intents.KeptAnswer(copy("Q1", "op-a"), (), "")
    with pytest.raises(faults.Missing):
        intents.complete_intent(vault, "op-a", [], answer=kept)
    assert outbox.count_open(vault.work) == 1
    intents.complete_intent(vault, "op-a", [], state="refused", why="role-denied")
    assert outbox.count_open(vault.work) == 0


# ---- outbox


@pytest.mark.parametrize("word", ["done", "refused"])
@pytest.mark.parametrize("kind", outbox.QUESTIONS)
def test_of_a_question_that_is_settled_only_the_digest_is_left(vault: Vault, kind: str, word: str) -> None:
    body = b'{"subject":{"number":"110105000101010003"}}'
    outbox.add(vault.work, replace(item("op-asked", kind), body=body))
    outbox.add(vault.work, replace(item("op-filed", "objection.file"), body=body))
    outbox.set_state(vault.work, "op-asked", "unknown")
    assert outbox.get(vault.work, "op-asked").body == body  # type: ignore[union-attr] # it may go again
    for op_id in ("op-asked", "op-filed"):
        outbox.set_state(vault.work, op_id, word)
    found = {one.op_id: one.body for one in outbox.all_items(vault.work)}
    assert found == {"op-asked": outbox.SPENT, "op-filed": body}  # a filing can be offered again


def test_the_outbox_keeps_order_and_states(vault: Vault) -> None:
    for number in (2, 1, 3):
        outbox.add(vault.work, item(f"op-{number}", made_at=f"2026-11-23T00:00:0{number}.000Z"))
    assert [one.op_id for one in outbox.due(vault.work, 0)] == ["op-1", "op-2", "op-3"]
    outbox.set_state(vault.work, "op-1", "waiting", "net.timeout", next_try=500, tried_at=400)
    outbox.set_state(vault.work, "op-2", "sending")
    assert [one.op_id for one in outbox.due(vault.work, 499)] == ["op-2", "op-3"]
    assert outbox.awaken(vault.work) == 1
    assert {one.op_id: one.state for one in outbox.all_items(vault.work)} == {
        "op-1": "waiting", "op-2": "unknown", "op-3": "waiting",
    }  # fmt: skip
    assert outbox.retry_now(vault.work, "op-1") == 1
    outbox.set_state(vault.work, "op-3", "done", result=b"1")
    outbox.set_state(vault.work, "op-3", "done")
    found = outbox.get(vault.work, "op-3")
    assert found is not None
    assert found.result == b"1"
    assert outbox.count_open(vault.work) == 2
    assert [one.op_id for one in outbox.due(vault.work, 0, kinds=("other",))] == []
    with pytest.raises(faults.Sealed):
        outbox.set_state(vault.work, "op-1", "lost")
    with pytest.raises(faults.Missing):
        outbox.set_state(vault.work, "op-9", "done")


# ---- drafts


def test_drafts_are_replaced_listed_and_discarded(vault: Vault) -> None:
    drafts.save(vault.work, "drafts", Body("objection", "Q1", b"one", "1"))
    drafts.save(vault.work, "drafts", Body("objection", "Q1", b"two", "2"))
    drafts.save(vault.work, "drafts", Body("query", "", b"x", "3"))
    drafts.save(vault.work, "kept", Body("letter", "L1", b"l", "4"))
    found = drafts.load(vault.work, "drafts", "objection", "Q1")
    assert found is not None
    assert found.body == b"two"
    assert [one.kind for one in drafts.listed(vault.work, "drafts")] == ["query", "objection"]
    assert drafts.discard(vault.work, "drafts", "query", "")
    assert not drafts.discard(vault.work, "drafts", "query", "")
    assert drafts.count(vault.work, "drafts") == drafts.count(vault.work, "kept") == 1


# ---- copies


def test_withdrawing_a_record_erases_every_copy_that_holds_it(vault: Vault) -> None:
    cache = vault.copies()
    answers.put(cache, copy("Q1"), [("r1", 1)], "红 隼")
    answers.put(cache, copy("Q2"), [("r1", 1), ("r2", 1)], "红 隼")
    answers.put(cache, copy("Q3"), [("r2", 1)], "红 隼")
    reports.put(cache, reports.Report("N1", "Q2", "某公司(示例)", AT, AT, "current", "0" * 64), b"%PDF")
    answers.mark(cache, "r1", b"{}", AT)
    assert sorted(answers.withdraw(cache, "r1", "repaired", AT)) == ["Q1", "Q2"]
    assert [one.query_no for one in answers.all_copies(cache)] == ["Q3"]
    assert [hit.query_no for hit in search.find(cache, "红 隼")] == ["Q3"]
    assert reports.pdf(cache, "N1") is None
    assert answers.marks(cache) == {}
    assert answers.tombstones(cache) == [answers.Tombstone("r1", "repaired", AT)]
    assert answers.holding(cache, "r1") == []


def test_copies_come_one_at_a_time_and_an_erased_one_comes_no_more(vault: Vault) -> None:
    cache = vault.copies()
    for number in ("Q1", "Q2", "Q3"):
        answers.put(cache, copy(number), [], "红 隼")
    found = answers.all_copies(cache)
    assert next(found).query_no == "Q3"
    answers.erase(cache, ["Q2"])
    assert [one.query_no for one in found] == ["Q1"]
    assert answers.numbers(cache) == ["Q3", "Q1"]


def test_the_subjects_kept_longest_come_first_with_all_their_copies(vault: Vault) -> None:
    cache = vault.copies()
    for number, key, stored_at in (("Q1", "a", "1"), ("Q2", "b", "2"), ("Q3", "a", "3")):
        answers.put(cache, replace(copy(number), subject_key=key, stored_at=stored_at), [], "红 隼")
    assert answers.kept_longest(cache) == [("b", ["Q2"]), ("a", ["Q3", "Q1"])]
    assert sorted(answers.about(cache, "a")) == ["Q1", "Q3"] and answers.about(cache, "none") == []


def test_an_erased_copy_leaves_no_byte_of_it(vault: Vault) -> None:
    """Read with the key, as an insider would: page contents and the word index forget the text."""
    cache = vault.copies()
    answers.put(cache, copy("Q1", name="秘密甲乙丙"), [], "秘 密 甲 乙 丙 zqxcanary")
    answers.put(cache, copy("Q2"), [], "红 隼")
    assert answers.erase(cache, ["Q1"]) == 1
    dump = "\n".join(
        str(row)
        for table in ("answers", "words_data", "words_content", "words_idx", "words_docsize", "holds")
        for row in cache.execute(f"SELECT * FROM {table}").fetchall()
    )
    assert "秘密" not in dump
    blobs = b"".join(row[0] for row in cache.execute("SELECT block FROM words_data").fetchall())
    assert b"zqxcanary" not in blobs
    answers.put(cache, copy("Q3"), [], "zqxcanary")
    blobs = b"".join(row[0] for row in cache.execute("SELECT block FROM words_data").fetchall())
    assert b"zqxcanary" in blobs


def test_copies_end_by_time_and_by_lease(vault: Vault) -> None:
    cache = vault.copies()
    answers.put(cache, copy("Q1", expires_ms=1000), [], "")
    answers.put(cache, copy("Q2", expires_ms=1001), [], "")
    assert answers.expired(cache, 1000) == ["Q1"]
    assert sorted(answers.of_lease(cache, "lease-1")) == ["Q1", "Q2"]
    assert answers.count_subjects(cache) == 1
    newest = answers.newest_of(cache, "91430400MA00000001")
    assert newest is not None
    assert newest.query_no == "Q2"


def test_words_are_found_as_a_phrase_only(vault: Vault) -> None:
    cache = vault.copies()
    search.put_words(cache, "Q1", "衡 阳 红 隼 科 技")
    search.put_words(cache, "Q2", "红 衡 隼 阳")
    search.put_words(cache, "Q3", "𠮷 A 1")
    assert [hit.query_no for hit in search.find(cache, "红 隼")] == ["Q1"]
    assert [hit.query_no for hit in search.find(cache, "𠮷")] == ["Q3"]
    assert search.find(cache, "科 红") == []
    for odd in ("", " ", '"', '红" OR "隼', "NEAR(", "* -", "spaced : 红"):
        search.find(cache, odd)
    search.put_words(cache, "Q1", "新 词")
    assert search.find(cache, "红 隼") == []


def test_a_failed_transaction_leaves_nothing(vault: Vault) -> None:
    with pytest.raises(RuntimeError), transaction(vault.work, "work"):
        drafts.save(vault.work, "drafts", Body("k", "1", b"x", "t"))
        raise RuntimeError
    assert drafts.count(vault.work, "drafts") == 0
