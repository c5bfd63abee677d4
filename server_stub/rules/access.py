"""What a role may see of which items, on which day, on which ground: catalogue and table of access joined."""

from __future__ import annotations

from datetime import date

import msgspec

from app.field.records import RuleRef
from server_stub.catalogue.judging import Catalogue
from server_stub.catalogue.selectors import current, items
from server_stub.rules.disclosing import admitted, modes
from server_stub.rules.tables_file import Tables, reference, shipped


class ItemAccess(msgspec.Struct, frozen=True):
    """One item about one kind of subject. `seen`: its records may be shown, unless a rule of time hides them.

    `state` is why the catalogue hides it, or empty; `modes` are those that have to let the role in, `rows`
    the rows of access that do.
    """

    item: str
    name: str
    edition: str
    kind: str
    seen: bool
    state: str
    modes: tuple[str, ...]
    basis: str
    rows: tuple[RuleRef, ...]


def items_for(
    role: str,
    on: date,
    ground: str = "open",
    *,
    tables: Tables | None = None,
    catalogue: Catalogue | None = None,
) -> tuple[ItemAccess, ...]:
    """Every item of the day, for each kind of subject it is about, as `role` meets it on `ground`."""
    rules, held = tables or shipped(), catalogue or current()
    found = []
    for item in items(held, on):
        for kind in item.kinds:
            said = held.judge(item.code, item.section, kind, on)
            wanted = modes(item.section, kind, "", item, rules, on)
            rows = admitted(wanted, role, ground, rules, on) if not said.state else ()
            found.append(
                ItemAccess(
                    item=item.code,
                    name=item.name,
                    edition=said.edition.name if said.edition else "",
                    kind=kind,
                    seen=bool(rows),
                    state=said.state,
                    modes=wanted,
                    basis=item.basis,
                    rows=tuple(reference("access", row) for row in rows),
                )
            )
    return tuple(found)
