"""What the rules are asked about, and what they answer. Every date is explicit; no rule looks at a clock."""

from __future__ import annotations

from datetime import date

import msgspec

from app.field.records import RuleRef
from server_stub.rules.tables_file import Display


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """One record as the rules see it. Dates are calendar days of the city; amounts are fen.

    `subject_born_on` matters for persons only. `performed` None means nobody told. `tier` is the provider's
    word and may be empty. `item_code` is the item of the catalogue, empty for the section's own. `valid` is
    False for a licence whose own status says revoked or invalid.
    """

    section: str
    status: str = "current"
    status_on: date | None = None
    decided_on: date | None = None
    acted_on: date | None = None
    published_on: date | None = None
    publicity_end_given: date | None = None
    effect_until: date | None = None
    tier: str = ""
    procedure: str = ""
    sector: str = ""
    channel: str = "platform"
    classes: tuple[str, ...] = ()
    amount_fen: int | None = None
    public_security: bool = False
    performed: bool | None = None
    list_code: str = ""
    ground: str = ""
    disclosure: str = ""
    item_code: str = ""
    subject_kind: str = "legal"
    subject_born_on: date | None = None
    objected: bool = False
    valid: bool = True


class Period(msgspec.Struct, frozen=True):
    """Publicity of one record: shown while day < `end`; a repair may be asked for from `earliest` on."""

    published: bool
    earliest: date | None
    end: date | None
    rule: RuleRef
    flags: tuple[str, ...] = ()


class Verdict(msgspec.Struct, frozen=True):
    """What to do with a record and why. Only show, mark and label let it be seen or counted.

    `state` is the finding behind the display (current, objected, repaired, over, sealed, unmapped, ...).
    `item` names item, edition and basis by which the catalogue spoke, None when no edition holds the item.
    `end` and `earliest_repair` are ISO text or empty. `flags` name what a person should look at.
    """

    display: Display
    state: str
    rule: RuleRef
    tier: str = ""
    flags: tuple[str, ...] = ()
    earliest_repair: str = ""
    end: str = ""
    period_rule: RuleRef | None = None
    item: RuleRef | None = None

    @property
    def visible(self) -> bool:
        return self.display in ("show", "mark", "label")
