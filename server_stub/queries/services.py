"""Answering a query: every check, the signed answer and its evidence in ONE transaction."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import transaction

from app.field.evidence import Receipt
from app.field.records import Signed, held_by
from server_stub.accounts.models import Device, Officer
from server_stub.config.clock import stamp, today
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.evidence.errors import EntryInvalid
from server_stub.feed import services as feed
from server_stub.queries import ops, sql
from server_stub.queries.bundles import Drafted, draft
from server_stub.queries.grounds import allowed_purpose, ground, require_case
from server_stub.queries.models import Query
from server_stub.queries.question import meant, read_question
from server_stub.queries.reconciling import require_held
from server_stub.queries.selectors import subject_keys_of
from server_stub.together import together

NO_INFORMATION = "no-information"


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
    body_sha256 = ops.digest_of(body)

    def act() -> tuple[_Done, list[Receipt]]:
        accepted = evidence.accept_device_entries(device, officer, entries)
        _require_own_entry(accepted, op_id, body, body_sha256)
        leaves = [
            evidence.leaf_for(one, organisation=officer.organisation_id, subject_key=key)
            for one, key in zip(accepted[:-1], subject_keys_of(officer, accepted[:-1]), strict=True)
        ]
        stored = ops.find(device.device_id, op_id, body_sha256)
        if stored is None:
            done = _first_time(officer, device, accepted[-1], op_id, body, body_sha256)
        else:
            own = evidence.leaf_for(accepted[-1], organisation=officer.organisation_id)
            done = _once_more(officer, stored, own)
        return done, evidence.receipts([*leaves, done.leaf], tree_size)

    done, receipts = together(act)
    if done.problem is not None:
        done.problem.context["receipts"] = msgspec.to_builtins(receipts)
        done.problem.context["replayed"] = done.replayed
        raise done.problem
    return {**done.response, "receipts": receipts, "replayed": done.replayed}


def _once_more(officer: Officer, stored: sql.StoredOp, own: evidence.Appended) -> _Done:
    """What was answered, as long as it may still be shown; the operation stays as it is stored."""
    if stored.status >= 400:
        return _Done(own, ops.refused(stored.response), replayed=True)
    query_no = stored.response["query_no"]
    try:
        require_held(officer, query_no)
    except Problem as problem:
        return _Done(own, problem, replayed=True)
    return _Done(own, response=_again(query_no), replayed=True)


def _again(query_no: str) -> dict[str, Any]:
    payload, key_id, signature = sql.signed_answer(query_no)
    signed = Signed(base64.b64encode(payload).decode(), key_id, base64.b64encode(signature).decode())
    return {"query_no": query_no, "answer": msgspec.to_builtins(signed)}


class _Done(msgspec.Struct, frozen=True):
    leaf: evidence.Appended
    problem: Problem | None = None
    response: dict[str, Any] = {}
    replayed: bool = False


def _first_time(
    officer: Officer,
    device: Device,
    own: evidence.Accepted,
    op_id: str,
    body: dict[str, Any],
    body_sha256: str,
) -> _Done:
    try:
        with transaction.atomic():
            drafted = _decide(officer, op_id, body)
    except Problem as problem:
        outcome = f"refused:{problem.code}"
        leaf = evidence.leaf_of_act(
            own, organisation=officer.organisation_id, outcome=outcome, records_sha256=""
        )
        if ops.kept(problem):
            kept = ops.refusal(problem)
            ops.keep(device.device_id, op_id, "query", body_sha256, problem.status, kept)
        return _Done(leaf, problem)
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
    kept_answer = {"query_no": drafted.bundle.query_no}
    ops.keep(device.device_id, op_id, "query", body_sha256, 201, kept_answer)
    return _Done(leaf, None, response)


def _decide(officer: Officer, op_id: str, body: dict[str, Any]) -> Drafted:
    """All checks in the order in which an officer can mend them, then the draft."""
    on = today()
    question = read_question(body)
    purpose = allowed_purpose(officer, question.purpose, on)
    require_case(question.case_no)
    subject = meant(question.subject, on)
    grounded = ground(officer, purpose, question, subject, on)
    return draft(officer, op_id, question, subject, grounded, on)


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
    sql.keep_query(columns, shown.items())
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


def _require_own_entry(
    accepted: Sequence[evidence.Accepted], op_id: str, body: dict[str, Any], body_sha256: str
) -> None:
    """The last link is this query's own intent."""
    if not accepted:
        raise EntryInvalid("a query needs its link")
    own = accepted[-1].entry
    purpose = body.get("purpose", "")
    if own.kind != "query" or own.op_id != op_id or own.body_sha256 != body_sha256 or own.purpose != purpose:
        raise EntryInvalid("the last link is not this query's")


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
