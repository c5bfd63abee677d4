"""`exchange`: push to a partner, pull from it, see how both stand, and look after what was refused."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import msgspec
from django.db import transaction

from server_stub.accounts.staff_looks import note_list
from server_stub.exchange.province import journal, partners, persons, segments, standing, tickets, turning
from server_stub.exchange.province.line import PartnerRefused
from server_stub.exchange.province.models import Partner


def run(words: argparse.Namespace) -> int:
    """Do the act; prints what it did. 2 when the partner refused.

    Raises:
        Problem: refused here. OSError: the partner cannot be reached. ValueError: no such number, no reason,
            no name of who reads tickets.
    """
    if words.act == "again":
        journal.begin_again()
        _out(words, {"entries": journal.gather()})
        return 0
    if words.act == "retry":
        if not words.name.isdecimal():
            raise ValueError("a ticket is named by its number")
        ticket = tickets.retry(int(words.name))
        _out(words, {"ticket": ticket.pk, "rec_id": ticket.rec_id})
        return 0
    partner = partners.named(words.name)
    if words.act in ("push", "pull"):
        return _talk(words, partner)
    if words.act == "status":
        _out(words, status(partner))
    elif words.act == "tickets":
        for ticket_card in _tickets(partner, words.by):
            _out(words, ticket_card)
    elif words.act == "segments":
        journal.gather()
        _out(words, {"closed": segments.close(partner)})
    else:
        _out(words, {"withdrawn": segments.rebuild(partner, words.why)})
    return 0


def _talk(words: argparse.Namespace, partner: Partner) -> int:
    if partner.state != "approved":
        raise ValueError(f"partner {words.name} is {partner.state}, and records go to an approved one only")
    try:
        told = turning.talk(
            partner,
            words.act,
            until_empty=words.until_empty,
            most=max(1, min(words.most, 100)),
            tries=max(1, words.tries),
        )
    except PartnerRefused as no:
        sys.stderr.write(f"{no.code}: {no}\n")
        return 2
    _out(words, msgspec.to_builtins(told))
    return 0


def _tickets(partner: Partner, by: str) -> list[dict[str, Any]]:
    """A leaf says who read them, before they are shown: what a partner wrote of a record stands in them."""
    if not by:
        raise ValueError("tickets are read with --as USER")
    with transaction.atomic():
        rows = tickets.listed(partner)
        note_list("exchange.tickets", by, f"{partner.partner_id}: {len(rows)}")
    return rows


def status(partner: Partner) -> dict[str, Any]:
    """How both sides stand: a digest of what the partner should hold of ours, one of what we hold."""
    journal.gather()
    given, taken = standing.given(partner), standing.taken(partner)
    return {
        "partner": partner.partner_id,
        "state": partner.state,
        "given_upto": partner.given_upto,
        "taken_upto": partner.taken_upto,
        "waiting": standing.waiting(partner),
        "given": {"records": len(given), "digest": standing.digest(given)},
        "taken": {"records": len(taken), "digest": standing.digest(taken)},
        "persons_unmatched": persons.unmatched(),
        "open_tickets": partner.tickets.filter(state="open").count(),
        "bulk": bool(partner.bulk),
    }


def _out(words: argparse.Namespace, card: dict[str, Any]) -> None:
    if words.json:
        sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
        return
    for name, value in card.items():
        sys.stdout.write(f"{name}: {value}\n")
