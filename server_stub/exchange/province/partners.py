"""The registry of partners: proposed by one member of the centre, approved by another, stopped by any."""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from django.conf import settings
from django.db import transaction

from server_stub.accounts.models import Officer
from server_stub.config.city import city
from server_stub.config.clock import stamp, today
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.exchange.province import lawful
from server_stub.exchange.province.credentials import agreement_public, id_of, own_id
from server_stub.exchange.province.models import DIRECTIONS, Partner, PersonToken
from server_stub.exchange.province.words import Card, Scope
from server_stub.reasons import reason_of


def own_card(url: str, authority: Path | None = None) -> Card:
    """What we hand to a partner on a medium of our own; `url` is where it reaches us, or empty;
    `authority` vouches for a gateway in front, else our own does.

    Raises:
        ValueError: when the address is none.
    """
    pinned: Path = authority or settings.HENGXIN_HOME / "tls" / "ca.pem"
    card = Card(
        v=1,
        id=own_id(),
        name=str(city()["name"]["zh_CN"]["centre"]),
        url=url,
        public_b64=base64.b64encode(keys().partner.public).decode(),
        agreement_b64=base64.b64encode(agreement_public()).decode(),
        ca_pem=pinned.read_text(encoding="ascii") if url else "",
    )
    return msgspec.convert(msgspec.to_builtins(card), Card)


def add(card: Card, *, direction: str, scope: Scope, by: str) -> Partner:
    """Propose a partner, or new terms for a known one; nothing is exchanged before somebody else approved.

    New terms let everything be offered again.

    Raises:
        Problem: `role-denied` when `by` is not of the centre, `rev-conflict` when an approved one is not
            stopped first.
        ValueError: when the card or the terms do not fit.
    """
    _check(card, direction, scope)
    terms: dict[str, Any] = json.loads(msgspec.json.encode(scope))
    officer = _staff(by)
    with transaction.atomic():
        held = Partner.objects.select_for_update().filter(pk=card.id).first()
        if held is not None and held.state == "approved":
            raise Problem("rev-conflict", "stop the partner before its terms change")
        partner = held or Partner(partner_id=card.id)
        if held is not None and held.scope != terms:
            partner.given_upto = 0
        if held is not None and held.agreement_b64 != card.agreement_b64:
            PersonToken.objects.filter(partner=held).delete()  # they were made under a key that is no more
        partner.name, partner.url, partner.ca_pem = card.name, card.url, card.ca_pem
        partner.public_b64, partner.agreement_b64 = card.public_b64, card.agreement_b64
        partner.direction, partner.scope = direction, terms
        partner.state, partner.added_by, partner.approved_by = "proposed", by, ""
        partner.changed_at = stamp()
        partner.save()
        _witness("partner.added", officer, partner)
    return partner


def approve(partner_id: str, *, by: str) -> Partner:
    """Let the exchange begin.

    Raises:
        Problem: `role-denied` for who proposed it, `rev-conflict` when it is not proposed, `not-found`.
    """
    officer = _staff(by)
    with transaction.atomic():
        partner = locked(partner_id)
        if partner.state != "proposed":
            raise Problem("rev-conflict", f"the partner is {partner.state}")
        if partner.added_by == by:
            raise Problem("role-denied", "somebody else approves a partner")
        partner.state, partner.approved_by, partner.changed_at = "approved", by, stamp()
        partner.save()
        _witness("partner.approved", officer, partner)
    return partner


def stop(partner_id: str, *, by: str, why: str) -> Partner:
    """End the exchange at once; what was taken stays, as does the place reached.

    Raises:
        Problem: `role-denied`, `not-found`. ValueError: without a reason.
    """
    reason = reason_of(why, "stopping a partner")
    officer = _staff(by)
    with transaction.atomic():
        partner = locked(partner_id)
        partner.state, partner.stopped_by, partner.why_stopped = "stopped", by, reason
        partner.changed_at = stamp()
        partner.save()
        _witness("partner.stopped", officer, partner)
    return partner


def locked(partner_id: str) -> Partner:
    """The partner under its row lock.

    Raises:
        Problem: `not-found`.
    """
    partner = Partner.objects.select_for_update().filter(pk=partner_id).first()
    if partner is None:
        raise Problem("not-found", f"no partner {partner_id}")
    return partner


def named(text: str) -> Partner:
    """The partner of an id, the beginning of one, or a name.

    Raises:
        Problem: `not-found` when none or several fit.
    """
    fits = [one for one in Partner.objects.all() if text == one.name or one.partner_id.startswith(text)]
    if len(fits) != 1:
        raise Problem("not-found", f"{len(fits)} partners are called {text}")
    return fits[0]


def card_of(partner: Partner) -> dict[str, Any]:
    """What the staff see of a partner."""
    names = (
        "partner_id", "name", "url", "direction", "scope", "state", "added_by", "approved_by", "stopped_by",
        "why_stopped", "changed_at", "given_upto", "taken_upto",
    )  # fmt: skip
    return {name: getattr(partner, name) for name in names}


def _check(card: Card, direction: str, scope: Scope) -> None:
    for text in (card.public_b64, card.agreement_b64):
        if len(base64.b64decode(text, validate=True)) != 32:
            raise ValueError("a key of a card has 32 bytes")
    if card.id != id_of(base64.b64decode(card.public_b64)):
        raise ValueError("the card's id is not that of its key")
    if card.id == own_id():
        raise ValueError("this is our own card")
    if card.url and not x509.load_pem_x509_certificates(card.ca_pem.encode()):
        raise ValueError("an address needs the authority to pin")
    if direction not in DIRECTIONS:
        raise ValueError(f"the direction is one of {', '.join(DIRECTIONS)}")
    unknown = [name for name in scope.sections if lawful.section_of(name, today()) is None]
    if unknown or not scope.sections:
        raise ValueError(f"sections that may be exchanged are wanted, not {unknown}")
    for day in (scope.since, scope.until):
        if day:
            date.fromisoformat(day)


def _staff(user: str) -> Officer:
    officer = Officer.objects.select_related("organisation").filter(user=user).first()
    if officer is None or not officer.active or officer.role != "centre_staff":
        raise Problem("role-denied", f"{user} is no active member of the centre's staff")
    return officer


def _witness(kind: str, officer: Officer, partner: Partner) -> None:
    evidence.append(
        kind=kind,
        source="server",
        user=officer.user,
        organisation=officer.organisation_id,
        op_id=partner.partner_id,
        records_sha256=lawful.digest_of({"scope": partner.scope, "key": partner.public_b64}),
        outcome=f"done:{partner.direction}",
    )
