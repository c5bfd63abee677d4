"""What the cases room tells the reports room of an answered objection; neither knows the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from app.field.paper_facts import AnswerFacts
from server_stub.accounts.models import Officer


@dataclass(frozen=True)
class Answered:
    """Facts of one answer, about whom it is, whose case it was, and how often it was concluded.

    `query_no` is of the query that the objection began with; empty for a paper from the window.
    """

    facts: AnswerFacts
    subject_key: str
    query_no: str
    organisation: str


Tell = Callable[[str, Officer | None, str], Answered]
"""By a case's number, for an officer (None: nobody in particular), in a language. Raises Problem."""


def answered() -> Tell:
    """The function that the settings name (HENGXIN_TELLS_ANSWERS).

    Raises:
        ImportError: for a name behind which there is none.
    """
    return _at(str(settings.HENGXIN_TELLS_ANSWERS))


@cache
def _at(path: str) -> Tell:
    found: Tell = import_string(path)
    return found
