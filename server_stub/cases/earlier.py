"""What a case had come to before it was rechecked, and what the recheck leaves in force of it."""

from __future__ import annotations

from app.field.paper_facts import Finding
from server_stub.cases.finding import finding_of, result_of
from server_stub.cases.models import CONCLUDED, Objection, Step
from server_stub.cases.words import say
from server_stub.config.clock import city_day

CORRECTING = ("corrected", "supplemented")


def earlier_end(case: Objection) -> Step | None:
    """The step that ended the case before its recheck; None of a case that was not rechecked."""
    if case.rechecked_on is None:
        return None
    again = case.steps.filter(state="rechecking").order_by("rev").last()
    ends = case.steps.filter(state__in=CONCLUDED).order_by("rev")
    return ends.filter(rev__lt=again.rev).last() if again is not None else None


def found(case: Objection) -> Finding:
    """As `finding_of`; a recheck that kept a correction denies nothing of it."""
    return "stands" if _kept(case) is not None else finding_of(case.outcome, case.wish)


def result(case: Objection, language: str = "zh_CN") -> str:
    """As `result_of`; of a recheck that kept a correction, of which day and what that is."""
    kept = _kept(case)
    if kept is None:
        return result_of(case.outcome, case.wish, case.kind, language)
    return say(
        "stands",
        language=language,
        day=city_day(kept.at).isoformat(),
        result=ended_with(case, kept, language),
    )


def ended_with(case: Objection, end: Step, language: str = "zh_CN") -> str:
    """What an end of this case was, in one sentence."""
    return result_of(end.state, case.wish, case.kind, language)


def _kept(case: Objection) -> Step | None:
    end = earlier_end(case) if case.outcome == "kept" else None
    return end if end is not None and end.state in CORRECTING else None
