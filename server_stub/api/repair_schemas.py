"""The bodies of repair as the OpenAPI document shows them; days are ISO text, empty where none is known."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import Field

from app.field.limits import LONGEST


class Words(Schema):
    zh: str
    en: str


class RuleOut(Schema):
    table: str
    row: str
    version: int
    basis: str
    text: str


class RepairCheck(Schema):
    check: str
    words: Words
    met: bool | None
    where: Words


class RepairKindOut(Schema):
    code: str
    words: Words
    effect: Literal["end", "note", "shield"]
    may: bool
    checks: list[RepairCheck]
    papers: list[str]


class StandingIn(Schema):
    query_no: str = Field(max_length=LONGEST["query_no"])
    rec_id: str = Field(max_length=26)


class StandingOut(Schema):
    rec_id: str
    rev: int
    document_no: str
    standing: Literal[
        "eligible", "not_yet", "not_repairable", "over", "ended", "shielded", "undated", "no_route"
    ]
    words: Words
    earliest: str
    end: str
    tier: str
    flags: list[str]
    rule: RuleOut | None
    keeper: str
    keeper_words: Words
    basis: str
    open: bool
    number: str
    kinds: list[RepairKindOut]


class RepairStepOut(Schema):
    state: str
    at: str
    text: str


class PaperOut(Schema):
    check: str
    name: str
    sha256: str
    size: int


class RepairOut(Schema):
    number: str
    kind: str
    kind_words: Words
    query_no: str
    rec_id: str
    document_no: str
    state: str
    state_words: Words
    filed_at: str
    keeper: str
    keeper_words: Words
    handed_to: str
    handed_on: str
    tracking_no: str
    due_on: str
    site_due: str
    result_on: str
    result_no: str
    answer: str
    next_on: str
    papers: list[PaperOut]
    history: list[RepairStepOut]
    rev: int


class RepairsOut(Schema):
    repairs: list[RepairOut]
