"""What travels about repair: how a record stands, and how far an application has come. Days are ISO text."""

from __future__ import annotations

from typing import Literal

from app.field.records import RuleRef
from app.wire.messages import HistoryStep, Message


class Words(Message, frozen=True):
    """A sentence in both languages."""

    zh: str = ""
    en: str = ""

    def of(self, language: str) -> str:
        """The sentence in a language, in Chinese where it has no other."""
        return (self.en if language == "en" else self.zh) or self.zh


class RepairCheck(Message, frozen=True):
    """What has to be so or be proven. `met` None: nobody told, a paper has to show it. `where` says where
    that paper is to be had."""

    check: str
    words: Words
    met: bool | None = None
    where: Words = Words()


class RepairKind(Message, frozen=True):
    """What the officer's role may apply for; `may`: for this record as it stands today."""

    code: str
    words: Words
    effect: Literal["end", "note", "shield"]
    may: bool
    checks: tuple[RepairCheck, ...] = ()
    papers: tuple[str, ...] = ()


class RepairStanding(Message, frozen=True):
    """How a record stands by the rules of the day of asking. `keeper` alone determines its repair; `open`:
    an application is under way, `number` when it is the officer's."""

    rec_id: str
    rev: int
    standing: str
    words: Words
    document_no: str = ""
    earliest: str = ""
    end: str = ""
    tier: str = ""
    flags: tuple[str, ...] = ()
    rule: RuleRef | None = None
    keeper: str = ""
    keeper_words: Words = Words()
    basis: str = ""
    open: bool = False
    number: str = ""
    kinds: tuple[RepairKind, ...] = ()

    def kind(self, code: str) -> RepairKind | None:
        """What is applied for under a code, None when the role may not."""
        return next((one for one in self.kinds if one.code == code), None)


class PaperView(Message, frozen=True):
    check: str
    name: str
    sha256: str = ""
    size: int = 0


class RepairView(Message, frozen=True):
    """An application as the server tells it. `due_on` ends the keeper's term, `site_due` the answer to who
    applied."""

    number: str
    kind: str
    query_no: str
    rec_id: str
    state: str
    filed_at: str
    kind_words: Words = Words()
    document_no: str = ""
    state_words: Words = Words()
    keeper: str = ""
    keeper_words: Words = Words()
    handed_to: str = ""
    handed_on: str = ""
    tracking_no: str = ""
    due_on: str = ""
    site_due: str = ""
    result_on: str = ""
    result_no: str = ""
    answer: str = ""
    next_on: str = ""
    notice: str = ""
    papers: tuple[PaperView, ...] = ()
    history: tuple[HistoryStep, ...] = ()
    rev: int = 0


class RepairsReply(Message, frozen=True):
    repairs: tuple[RepairView, ...]
