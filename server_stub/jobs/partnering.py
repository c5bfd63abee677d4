"""`partner`: introduce this server, and keep the registry of other platforms."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from server_stub.exchange.province import partners
from server_stub.exchange.province.models import Partner
from server_stub.exchange.province.words import Card, Scope


def run(words: argparse.Namespace) -> int:
    """Do the act; one line of JSON a partner with `--json`, else words.

    Raises:
        Problem: refused. ValueError: a card or terms that do not fit. OSError: no such file.
    """
    if words.act == "card":
        if words.url and not words.url.startswith("https://"):
            raise ValueError(f"{words.url} is not https://NAME: partners reach this server over TLS only")
        _out(msgspec.to_builtins(partners.own_card(words.url, words.ca)))
        return 0
    if words.act == "list":
        for partner in Partner.objects.order_by("partner_id"):
            _say(partner, words.json)
        return 0
    if words.act == "add":
        card = _card(Path(words.name))
        sections = tuple(one.strip() for one in words.sections.split(",") if one.strip())
        items = tuple(one.strip() for one in words.items.split(",") if one.strip())
        scope = Scope(sections=sections, items=items, area=words.area, since=words.since, until=words.until)
        scope = msgspec.convert(msgspec.to_builtins(scope), Scope)
        _say(partners.add(card, direction=words.direction, scope=scope, by=words.by), words.json)
        return 0
    partner = partners.named(words.name)
    if words.act == "approve":
        partner = partners.approve(partner.partner_id, by=words.by)
    else:
        partner = partners.stop(partner.partner_id, by=words.by, why=words.why)
    _say(partner, words.json)
    return 0


def _card(file: Path) -> Card:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Card)
    except msgspec.DecodeError as flaw:
        raise ValueError(f"{file.name} is no card of a partner: {flaw}") from flaw


def _say(partner: Partner, as_json: bool) -> None:
    card = partners.card_of(partner)
    if as_json:
        _out(card)
    else:
        sys.stdout.write("  ".join(str(card[n]) for n in ("partner_id", "state", "direction", "name")) + "\n")


def _out(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
