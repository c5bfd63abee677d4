"""Whom a paper names, against what the register says of him now: a wrong name is another's (ADR 060)."""

from __future__ import annotations

import msgspec

from app.field.masks import mask_name
from app.field.records import Bundle
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.reports.models import Report
from server_stub.rules.ages import is_minor
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import card, find_by_key


def require_same_subject(bundle: Bundle) -> None:
    """Whom the answer names is who he is today, and may be told of.

    Raises:
        Problem: `query-stale`.
    """
    subject, told = find_by_key(bundle.subject_key), bundle.subject
    if subject is None or told is None or is_minor(subject.born_on, today()):
        raise Problem("query-stale", "the subject is not known so any more")
    known = card(subject)
    if (known.name, known.code) != (told.name, told.code):
        raise Problem("query-stale", "the name or the code of the subject has changed since the query")


class _Card(msgspec.Struct, frozen=True):
    name: str = ""


class _Told(msgspec.Struct, frozen=True):
    subject: _Card | None = None


class _Headed(msgspec.Struct, frozen=True):
    """Of a stored document only whom it names: in the head of its facts, or in the answer it shows."""

    subject: str = ""
    bundle: _Told | None = None


def names_another(report: Report) -> bool:
    """Whether a paper about a person bears a name, in full or masked, that he neither has nor had. A unit's
    names are all its own.
    """
    if report.subject_kind != "person":
        return False
    headed = msgspec.json.decode(bytes(report.document), type=_Headed)
    answer = headed.bundle.subject if headed.bundle else None
    named = answer.name if answer is not None else headed.subject
    rows = Subject.objects.filter(pk=report.subject_key).values_list("name", "former_names__name")
    his = {name for row in rows for name in row if name}
    return named not in his | {mask_name(name) for name in his}
