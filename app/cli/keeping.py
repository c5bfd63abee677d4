"""objection, outbox, sync and ledger."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec

from app.assembly import Client
from app.cli import returned
from app.cli.done import Done, local_time, unlock
from app.cli.objection_steps import TURNS, step, turn_line
from app.cli.rendering import clean
from app.cli.secrets import Secrets
from app.desks.doctor_words import chain_flaw
from app.desks.lease_words import held_text
from app.desks.words import reason, refused_words, size_of
from app.services.ledgering import LedgerRow
from app.services.objecting import ObjectionRow
from app.trouble import NotNow, NotYou, Value, VaultTrouble
from local_cache.outbox import OPEN

ROWS_MOST = 1_000_000
DATA_ERROR = "data_error"


def objection(client: Client, options: Any, secrets: Secrets) -> Done:
    """file, supplement, recheck, list, show."""
    unlock(client, secrets)
    say = client.texts.say
    if options.act == "file":
        return _file(client, options)
    if options.act in TURNS:
        return step(client, options)
    if options.act == "list":
        return _list(client)
    found = client.objecting.show(options.number)
    lines = [_line(client, found)]
    for past in found.view.history if found.view else ():
        state = _state(client, past.state, found.kind)
        lines.append(clean(f"  {local_time(past.at)}  {state}  {past.text}"))
    if found.state == "refused":
        return returned.shown(client, found, _row(client, found), lines)
    if found.kind == DATA_ERROR:
        lines.append(say("cli.data_error_way"))
    if found.view is not None and found.view.notice:
        lines += _notice(found.view.notice)
    elif found.view is not None and found.view.answer:
        lines.append(clean(say("cli.objection_answer", answer=found.view.answer)))
    lines += turn_line(client, found)
    return Done(_row(client, found), tuple(lines))


def _list(client: Client) -> Done:
    """What was filed, what came back and what is being written."""
    say = client.texts.say
    rows, kept = client.objecting.list(), client.objecting.drafts()
    lines = [_line(client, row) for row in rows]
    begun = [draft for draft in kept if not draft.refused]
    lines += [clean(say("cli.draft_line", document=draft.document_no or draft.rec_id or draft.number,
                        query_no=draft.query_no, rec_id=draft.rec_id)) for draft in begun]  # fmt: skip
    if len(begun) < len(kept):
        lines.append(say("cli.refused_what_now"))
    facts = {
        "objections": [_row(client, row) for row in rows],
        "drafts": [msgspec.to_builtins(draft) for draft in kept],
    }
    return Done(facts, tuple(lines) or (say("cli.no_objections"),))


def _notice(text: str) -> list[str]:
    """The notice of the result as the centre wrote it, line by line, so that it can be printed."""
    return [clean(line) for line in text.splitlines()]


def _file(client: Client, options: Any) -> Done:
    """Go on with the draft of this record, if there is one: what is not said stays as it was written."""
    draft = client.objecting.draft(options.query_no, options.rec_id)
    fields = ("kind", "ground", "wish", "statement", "should_be", "letter_no")
    said = {name: getattr(options, name) for name in fields if getattr(options, name) is not None}
    filled = msgspec.structs.replace(draft, **said)
    filled = returned.without(client.objecting.proofs(draft), filled, options.leave_out)
    client.objecting.save_draft(filled)
    filed = client.objecting.file(filled, options.attach)
    facts = {"op_id": filed.op_id, "state": filed.state, "number": filed.number}
    if filed.state == "queued":
        return Done(facts, (client.texts.say("cli.queued", op_id=filed.op_id),), 4)
    if filled.kind == DATA_ERROR:
        say = client.texts.say
        return Done(facts, (say("cli.filed_data_error", number=filed.number), say("cli.data_error_way")))
    return Done(facts, (client.texts.say("cli.filed", number=filed.number),))


def outbox(client: Client, options: Any, secrets: Secrets) -> Done:
    """list, retry, recover, dismiss. A retry delivers at once, and so does what came back."""
    unlock(client, secrets)
    say = client.texts.say
    if options.act == "recover":
        return _recover(client, secrets)
    if options.act == "dismiss":
        return returned.dismiss(client, options)
    if options.act == "retry":
        client.syncing.retry(options.op_id)
        client.syncing.deliver_chained()
        client.syncing.deliver_items()
    rows = client.syncing.outbox()
    lines = tuple(
        say(
            "cli.outbox_line",
            op_id=row.op_id,
            kind=_named(client, "outbox_kind", row.kind),
            state=say(f"outbox_state.{row.state}"),
            why=refused_words(row, client.texts),
        )
        + _brought(client, row.evidence_sent, row.evidence_size)
        for row in rows
    )
    return Done({"items": [asdict(row) for row in rows]}, lines or (say("cli.outbox_empty"),))


def _named(client: Client, table: str, word: str) -> str:
    """A word of the program in words; one of a later program is told as it came."""
    return client.texts.say(f"{table}.{word}") if client.texts.has(f"{table}.{word}") else word


def _brought(client: Client, sent: int, size: int) -> str:
    """How much of the evidence has arrived; empty without any."""
    if not size:
        return ""
    return "  " + client.texts.say("cli.evidence", sent=size_of(sent), size=size_of(size))


def _recover(client: Client, secrets: Secrets) -> Done:
    """Take back what an earlier vault of this officer left sealed, then offer it to the server."""
    unlocking = client.unlocking
    try:
        name = "sealed_passphrase" if secrets.has("sealed_passphrase") else "passphrase"
        found = unlocking.recover_sealed(secrets.get(name))
    except NotYou:
        if secrets.has("sealed_passphrase"):
            raise
        found = unlocking.recover_sealed(secrets.get("sealed_passphrase"))
    waits = False
    try:
        client.syncing.deliver_items()
    except (NotNow, NotYou):
        waits = bool(found.items)
    say = client.texts.say
    facts = asdict(found) | {"waiting": waits, "sealed_left": unlocking.sealed_left()}
    lines = [say("cli.recovered", items=found.items, drafts=found.drafts)]
    if found.elsewhere:
        lines.append(say("cli.recovered_elsewhere", count=found.elsewhere))
    if waits:
        lines.append(say("cli.recovered_waits"))
    return Done(facts, tuple(lines), 4 if waits else 0)


def sync(client: Client, options: Any, secrets: Secrets) -> Done:
    """One round with the server."""
    unlock(client, secrets)
    client.syncing.retry()
    before = {row.number for row in client.report_files.list()}
    try:
        found = client.syncing.sync(restored=options.restored)
    except NotNow as flaw:
        if not flaw.code.startswith("net."):
            raise
        raise _not_synced(client, flaw) from flaw
    line = client.texts.say(
        "cli.sync_line", sent=found.sent, pulled=found.pulled, removed=found.removed_copies,
        marks=found.marks, entries=found.entries_sent, refused=found.refused, unknown=found.unknown,
    )  # fmt: skip
    lines = [line]
    if found.judged:
        lines.append(client.texts.say("cli.sync_judged", judged=found.judged, kept=found.spared))
    if found.letters:
        lines.append(client.texts.say("cli.sync_letters", count=found.letters))
    if found.lease_until:
        lines.append(client.texts.say("cli.lease_line", until=local_time(found.lease_until)))
    if found.lease_withheld:
        lines.append(client.texts.say(held_text(found.lease_withheld)))
    if found.restored_at:
        at = local_time(found.restored_at)
        lines.append(client.texts.say("cli.sync_followed", time=at, count=found.sent_again))
    elif options.restored:
        lines.append(client.texts.say("cli.not_restored"))
    issued = [row for row in client.report_files.list() if row.number not in before]
    for row in issued:
        words = client.texts.say("cli.sync_issued", number=row.number, query_no=row.query_no)
        lines.append(clean(words))
    return Done({**asdict(found), "issued": [row.number for row in issued]}, tuple(lines))


def _not_synced(client: Client, flaw: NotNow) -> NotNow:
    """Without the platform: what is here all the same, and how old it is."""
    say = client.texts.say
    as_of, contact = client.syncing.last_known()
    facts: dict[str, Value] = {
        **flaw.context, "as_of": as_of, "last_contact": contact,
        "waiting": sum(row.state in OPEN for row in client.syncing.outbox()),
        "data_time": local_time(as_of) or say("cli.unknown_time"),
        "contact_time": local_time(contact) or say("cli.unknown_time"),
        "said": say(flaw.text, **flaw.context),
    }  # fmt: skip
    try:
        facts["copies"] = len(client.offline_files.list())
    except VaultTrouble:
        return NotNow(flaw.code, "cli.not_synced_shut", facts, kept="kept.vault")
    return NotNow(flaw.code, "cli.not_synced", facts, kept="kept.vault")


def ledger(client: Client, options: Any, secrets: Secrets) -> Done:
    """list, verify."""
    unlock(client, secrets)
    say = client.texts.say
    if options.act == "list":
        rows = client.ledger.list(min(options.limit, ROWS_MOST), options.kind)
        lines = tuple(_entry(client, row) for row in rows)
        return Done({"entries": [asdict(row) for row in rows]}, lines or (say("cli.no_entries"),))
    found = client.ledger.verify()
    if not found.ok:
        why = say("ledger_page.broken", entry=found.broken_at, why=chain_flaw(found.detail, client.texts))
        return Done(asdict(found), (why, say("ledger.chain", entry=found.broken_at)), 5)
    return Done(asdict(found), (say("cli.chain_ok", length=found.length, receipted=found.receipted),))


def _entry(client: Client, row: LedgerRow) -> str:
    """The act and what came of it before everything else; then whether the platform has logged it."""
    say = client.texts.say
    gone = say("cli.copy_gone") if row.copy == "gone" else ""
    why = reason(row.why, client.texts)
    code = f"[{row.why}]" if row.why != why else ""
    facts = (
        str(row.n), local_time(row.claimed_at), _act(client, row), say(f"fate.{row.fate}"), why, code,
        row.purpose, row.query_no, row.report_no, row.subject, gone, say(f"entry_state.{row.state}"),
    )  # fmt: skip
    return "  ".join(clean(part) for part in facts if part)


def _act(client: Client, row: LedgerRow) -> str:
    """What was done, in words; a kind of a later program is told as it came."""
    act = "open_report" if row.kind == "open_cached" and row.report_no else row.kind
    word = f"ledger_page.kind_{DATA_ERROR if row.data_error else act}"
    return client.texts.say(word) if client.texts.has(word) else row.kind


def _row(client: Client, row: ObjectionRow) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in row.__dataclass_fields__ if name != "view"}
    facts |= msgspec.to_builtins(row.view) if row.view else {}
    return facts | {"holder": _holder(row), "state_text": _state(client, row.state, row.kind)}


def _line(client: Client, row: ObjectionRow) -> str:
    """Number, state, document, until when and with whom; a refusal says why."""
    say, holder = client.texts.say, _holder(row)
    parts = [
        row.number or row.op_id,
        say("cli.kind_data_error") if row.kind == DATA_ERROR else "",
        say(f"objection_page.step_of_{row.act}", number=row.of) if row.of else "",
        _state(client, row.state, row.kind),
        row.document_no or row.rec_id,
    ]
    if row.due_on:
        parts.append(say("cli.objection_due", date=row.due_on))
    if holder:
        parts.append(say("cli.objection_holder", holder=holder))
    if row.state == "refused":
        parts.append(
            say("objection.dup", number=row.other) if row.other else refused_words(row, client.texts)
        )
    said = clean("  ".join(part for part in parts if part))
    return said + _brought(client, row.evidence_sent, row.evidence_size)


def _holder(row: ObjectionRow) -> str:
    return row.view.holder if row.view is not None else ""


def _state(client: Client, state: str, kind: str = "objection") -> str:
    """A state in words, those of a data error where they differ; one that is not known is told as it came."""
    words = (f"data_error_state.{state}",) if kind == DATA_ERROR else ()
    for word in (*words, f"objection_state.{state}"):
        if client.texts.has(word):
            return client.texts.say(word)
    return state
