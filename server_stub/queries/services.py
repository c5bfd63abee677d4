"""Answering a query: every check, the signed answer and its evidence in ONE transaction."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import msgspec
from django.db import transaction

from app.field.evidence import Receipt
from app.field.records import Signed, held_by
from server_stub import statements
from server_stub.accounts.models import Device, Officer
from server_stub.config.clock import stamp, today
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.feed import services as feed
from server_stub.queries import official, sql
from server_stub.queries.bundles import Drafted, circumstances, draft
from server_stub.queries.grounds import Grounded, allowed_purpose, ground, require_case
from server_stub.queries.models import Query
from server_stub.queries.once import Asked, Settled, once
from server_stub.queries.question import Meant, Question, meant, read_question
from server_stub.queries.reconciling import require_held
from server_stub.queries.selectors import subject_keys_of
from server_stub.records.ahead import Ahead, compose
from server_stub.rules.tables_file import Purpose
from server_stub.together import together

NO_INFORMATION = "no-information"


class _Put(msgspec.Struct, frozen=True):
    """A question that may be asked: whom it means, on what ground, and the day of all that."""

    question: Question
    purpose: Purpose
    meant: Meant
    grounded: Grounded
    on: date


def answer(
    officer: Officer, device: Device, entries: Sequence[str], op_id: str, body: dict[str, Any], tree_size: int
) -> dict[str, Any]:
    """The 201 body for a query, its receipts as structs. `entries` are the device's links not yet receipted,
    the query's own last.

    Raises:
        Problem: of the chain (nothing is kept), or a refusal (its link, its leaf and the refusal are kept;
            the receipts are in its context); `answer-withdrawn` when the stored answer to this operation no
            longer holds (the query stays registered).
    """
    ahead = _ahead(officer, body)
    return once(
        Asked("query", officer, device, entries, op_id, body, tree_size),
        decide=lambda: _decide(officer, op_id, body, ahead),
        settle=lambda own, drafted: _settle(officer, device, own, drafted.numbered()),
        again=lambda kept: _once_more(officer, kept["query_no"]),
        commit=together,
        reads_only=True,
    )


def _once_more(officer: Officer, query_no: str) -> dict[str, Any]:
    """What was answered, as long as it may still be shown."""
    require_held(officer, query_no)
    return _again(query_no)


def _again(query_no: str) -> dict[str, Any]:
    payload, key_id, signature = sql.signed_answer(query_no)
    signed = Signed(base64.b64encode(payload).decode(), key_id, base64.b64encode(signature).decode())
    return {"query_no": query_no, "answer": msgspec.to_builtins(signed)}


def _settle(officer: Officer, device: Device, own: evidence.Accepted, drafted: Drafted) -> Settled:
    payload = drafted.payload()
    leaf = evidence.leaf_of_act(
        own,
        organisation=officer.organisation_id,
        subject_key=drafted.subject_key,
        basis_sha256=drafted.bundle.basis.sha256,
        query_no=drafted.bundle.query_no,
        records_sha256=hashlib.sha256(payload).hexdigest(),
        outcome=NO_INFORMATION if drafted.bundle.no_information else "done",
    )
    response = _keep(officer, device, drafted, payload, leaf.leaf_index)
    # the signed bytes stand with the query; a repetition is answered from there
    return Settled(leaf, {"query_no": drafted.bundle.query_no}, response)


def _ahead(officer: Officer, body: dict[str, Any]) -> Ahead | None:
    """The document, before anybody waits for the write lock; None for a question that would be refused now:
    it is judged where its refusal can be kept. Where rows are locked one by one nobody waits for composing.
    """
    if statements.locking():
        return None
    with suppress(Problem):
        return _composed(officer, body)
    return None


def _composed(officer: Officer, body: dict[str, Any]) -> Ahead:
    put = _put(officer, body)
    return compose(put.meant.subject, circumstances(officer, put.grounded, put.on))


def _decide(officer: Officer, op_id: str, body: dict[str, Any], ahead: Ahead | None) -> Drafted:
    """All checks again, where nobody else can change a record any more, then the draft."""
    composed = ahead or _composed(officer, body)
    evidence.stand_still()
    put = _put(officer, body)
    whom = put.question.subject
    until = official.require(officer, put.purpose, put.question.case_no, whom, put.meant, put.on)
    grounded = put.grounded.until_at_most(until)
    return draft(officer, op_id, put.question, put.meant, grounded, put.on, composed)


def _put(officer: Officer, body: dict[str, Any]) -> _Put:
    """All checks in the order in which an officer can mend them."""
    on = today()
    question = read_question(body)
    purpose = allowed_purpose(officer, question.purpose, on)
    require_case(question.case_no)
    subject = meant(question.subject, on)
    return _Put(question, purpose, subject, ground(officer, purpose, question, subject, on), on)


def _keep(
    officer: Officer, device: Device, drafted: Drafted, payload: bytes, leaf_index: int
) -> dict[str, Any]:
    bundle = drafted.bundle
    signed = keys().answers.sealed(payload)
    shown = held_by(bundle)
    columns = {
        "query_no": bundle.query_no,
        "op_id": bundle.op_id,
        "subject_key": drafted.subject_key,
        "kind": drafted.kind,
        "user": officer.user,
        "organisation": officer.organisation_id,
        "device_id": device.device_id,
        "purpose": bundle.purpose.code,
        "case_no": bundle.case_no,
        "basis_type": bundle.basis.type,
        "basis_ref": bundle.basis.ref,
        "basis_sha256": bundle.basis.sha256,
        "no_information": bundle.no_information,
        "made_at": bundle.made_at,
        "bundle": payload,
        "key_id": signed.key_id,
        "signature": base64.b64decode(signed.sig_b64),
        "lease_id": bundle.lease.lease_id,
        "lease_until": bundle.lease.expires_at,
        "leaf_index": leaf_index,
    }
    sql.keep_query(columns)
    if bundle.lease.max_offline_s:
        feed.hold(
            device.device_id,
            bundle.query_no,
            bundle.lease.lease_id,
            drafted.subject_key,
            shown.items(),
            bundle.lease.expires_at,
        )
    return {"query_no": bundle.query_no, "answer": msgspec.to_builtins(signed)}


def receive_entries(
    officer: Officer,
    device: Device,
    entries: Sequence[str],
    tree_size: int,
    lost: Sequence[Receipt] = (),
) -> dict[str, Any]:
    """Take links that stand for no request of their own (views, prints, copies opened) into the log.

    `lost`: receipts of links whose leaves a restore took; their leaves come back with what they said.

    Raises:
        Problem: of the chain; nothing is kept then.
    """
    with transaction.atomic():
        accepted = evidence.accept_device_entries(device, officer, entries)
        said = evidence.facts_by_link(accepted, lost)
        leaves = [
            evidence.leaf_again(one, said[one.digest])
            if one.digest in said
            else evidence.leaf_for(one, organisation=officer.organisation_id, subject_key=key)
            for one, key in zip(accepted, subject_keys_of(officer, accepted), strict=True)
        ]
        receipts = msgspec.to_builtins(evidence.receipts(leaves, tree_size))
        last_n, _ = evidence.position(device.device_id)
    return {"last_n": last_n, "receipts": receipts}


def release_copy(officer: Officer, device: Device, query_no: str) -> None:
    """The officer gave a copy up; call inside a transaction.

    Raises:
        Problem: `not-found` for a query of others.
    """
    query = Query.objects.filter(query_no=query_no, device_id=device.device_id, user=officer.user).first()
    if query is None:
        raise Problem("not-found", "no such query of this device")
    feed.release(device.device_id, query_no)
    evidence.append(
        kind="copy-released",
        user=officer.user,
        organisation=officer.organisation_id,
        device_id=device.device_id,
        subject_key=query.subject_key,
        query_no=query_no,
        at=stamp(),
    )
