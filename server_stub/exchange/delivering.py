"""Whether a provider may deliver records of an item today: the catalogue's word, before anything enters."""

from __future__ import annotations

from datetime import date

import msgspec

from server_stub.catalogue.judging import Catalogue, section_item
from server_stub.exchange.judged import Judged
from server_stub.exchange.who import about


class Delivery(msgspec.Struct, frozen=True):
    """What a file is delivered as: the item (empty: the section's own), by whom, under which catalogue."""

    item_code: str
    provider: str
    catalogue: Catalogue

    def code(self, section: str) -> str:
        return self.item_code or section_item(section)

    def fault(self, section: str, kind: str, on: date) -> str:
        """A reason's code (texts, area row) why a row about a `kind` of subject is not taken, or empty."""
        said = self.catalogue.judge(self.item_code, section, kind, on)
        if said.why:
            return f"item-{said.why}"
        held = said.item.provider_code if said.item else ""
        if held and said.item and self.provider not in (held, said.item.provider):
            return "item-provider"
        return ""


def admit(row: Judged, delivery: Delivery, on: date) -> None:
    """Refuse a row whose item does not take it."""
    fault = delivery.fault(row.form.section, about(row), on)
    if fault:
        row.refuse("", fault, item=delivery.code(row.form.section))
