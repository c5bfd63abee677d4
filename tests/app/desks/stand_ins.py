"""Stand-ins for lanes and services, so that a desk can be tried without threads, vault or network."""

from __future__ import annotations

from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

from app.field import identifiers
from app.field.records import (
    Basis,
    Bundle,
    Lease,
    PurposeRef,
    Record,
    RegisterCard,
    Requester,
    Signed,
    SubjectCard,
)
from app.services.answer import Answer
from app.services.querying import Candidates, KeptLetter, PurposeChoice

CODE = "91430400MA00000A10"
PERSON = "430400199001010001"
PURPOSES = (
    PurposeChoice("pre_loan", "贷前审查", "Pre-loan", True, False),
    PurposeChoice("guarantee", "担保审查", "Guarantee", True, True),
)
LETTER = KeptLetter("SQ-1", "a" * 64, "2026-12-31", "示例甲")
CARD = RegisterCard("1" * 26, "legal", "衡阳青禾（示例）有限公司", CODE, "存续")


class Lanes:
    """Does work at once; with `held`, only when told to."""

    def __init__(self, held: bool = False) -> None:
        self.held = held
        self.inside = False  # whether a lane is at work, and not the window
        self.waiting: list[Any] = []
        self.used: list[str] = []

    def submit(self, lane: str, job: Any, *args: Any, done: Any = None) -> Future[Any]:
        future: Future[Any] = Future()
        self.used.append(lane)

        def work() -> None:
            self.inside = True
            try:
                future.set_result(job(*args))
            except Exception as flaw:  # noqa: BLE001 (a lane hands every exception over)
                future.set_exception(flaw)
            self.inside = False
            if done is not None:
                done(future)

        if self.held:
            self.waiting.append(work)
        else:
            work()
        return future

    def run(self) -> None:
        waiting, self.waiting = self.waiting, []
        for work in waiting:
            work()


class Service:
    """Answers verbs as told and keeps what was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, verb: str) -> Any:
        if verb.startswith("_") or verb not in self.answers:
            raise AttributeError(verb)

        def act(*args: Any, **named: Any) -> Any:
            self.asked.append((verb, *args, *named.values()))
            given = self.answers[verb]
            if isinstance(given, BaseException):
                raise given
            return given(*args) if callable(given) else given

        return act

    def times(self, verb: str) -> int:
        return sum(call[0] == verb for call in self.asked)

    def last(self, verb: str) -> tuple[Any, ...]:
        return next(call[1:] for call in reversed(self.asked) if call[0] == verb)


class Shown(list[Any]):
    """What a desk has shown, in order."""

    def __call__(self, view: Any) -> None:
        self.append(view)


def record(number: int, section: Any = "penalty", **more: Any) -> Record:
    made: dict[str, Any] = {
        "rec_id": f"R{number}", "rev": 1, "section": section, "title": f"title {number}",
        "document_no": f"doc {number}",
        "provider": "示例局", "decided_on": f"2026-0{number}-01",
    }  # fmt: skip
    return Record(**(made | more))


def answer(
    records: tuple[Record, ...] = (), no_information: bool = False, source: Any = "server", **more: Any
) -> Answer:
    bundle = Bundle(
        type="bundle", v=1, query_no="Q1", op_id="op",
        made_at="2026-11-22T01:00:00.000Z",
        as_of="2026-11-21T18:00:00.000Z",
        as_of_seq=1, epoch="e", specimen=True, subject_key="1" * 26,
        no_information=no_information,
        requester=Requester("u", "经办", "o", "示例行", "bank", "bank_officer"),
        purpose=PurposeRef("pre_loan", "贷前审查", "Pre-loan"), case_no="LN-1", basis=Basis("open"),
        lease=Lease("l", "", "", 0),
        subject=None if no_information else SubjectCard("1" * 26, "legal", "例", CODE),
        records=records,
    )  # fmt: skip
    return Answer("Q1", bundle, Signed("", "", ""), True, source, bundle.as_of, **more)


def client(**changes: Any) -> SimpleNamespace:
    """A client whose services answer kindly."""
    made: dict[str, Any] = {
        "querying": Service(
            recognise=identifiers.recognise, purposes=PURPOSES, recent=(), today_count=3,
            candidates=Candidates((CARD,), False), query=answer((record(1),)), viewed=None,
        ),
        "lettering": Service(letters=(LETTER,), begun=None, drop_begun=None),
        "objecting": Service(drafts=(), list=()),
        "repairing": Service(drafts=(), list=()),
        "syncing": Service(
            outbox=(),
            online=SimpleNamespace(state="online", as_of="", last_contact=""),
            retry=0,
            sync=SimpleNamespace(
                removed_copies=0, sent=0, entries_sent=0, judged=0, spared=0, lease_state="live",
                lease_until="", withdrawn=(), withdrawn_for="", letters=0,
            ),
        ),
        "report_files": Service(outdated=()),
        "offline_files": Service(open=answer((record(1),), source="cache"), release="op"),
    }  # fmt: skip
    return SimpleNamespace(**(made | changes))
