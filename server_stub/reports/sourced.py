"""What a source of facts gives for a paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.field.paper_facts import Facts
from app.field.records import Basis, PurposeRef
from app.field.templates import Template
from server_stub.reports.drafted import Ground


@dataclass(frozen=True)
class Sourced:
    """Facts as they are now, and on what they rest. `subject` names whom the paper is about; `queried` is
    when that was asked (UTC text); `held`, `still` as in `Drafted`; `tables` decided what is shown.
    """

    layout: Template
    facts: Facts
    subject: str
    ground: Ground
    basis: Basis
    purpose: PurposeRef
    case_no: str
    queried: str
    held: Mapping[str, int]
    tables: tuple[str, ...]
    still: Callable[[], None]
