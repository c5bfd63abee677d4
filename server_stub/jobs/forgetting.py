"""What is kept for a term only goes when the term of the dated tables is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.db import transaction

from app.field.working_days import add_months
from server_stub.accounts.forgetting import forget_guesses, forget_shares, forget_sign_ins
from server_stub.cases.proposing import forget_proposals
from server_stub.config.clock import now, stamp
from server_stub.evidence import services as evidence
from server_stub.feed.services import compact, forget_holdings
from server_stub.lists.forgetting import forget_screenings
from server_stub.queries.forgetting import forget_answers, forget_letters, forget_official, forget_queries
from server_stub.rules.selectors import kept_days, kept_months


def forget(on: date, *, by: str, stopped: Callable[[], bool]) -> dict[str, int]:
    """Delete what is over on a day; how many of what. A term without a row in force keeps everything.

    Rows go in short transactions. What goes of the register of queries is a leaf of the log.
    """
    moment, gone = now(), {}
    if days := kept_days("sign_in_keep_days", on):
        gone["sign_ins"] = forget_sign_ins(moment - timedelta(days=days), stopped)
    if days := kept_days("answer_keep_days", on):
        gone["answers"] = forget_answers(stamp(moment - timedelta(days=days)), stopped)
    if days := kept_days("feed_keep_days", on):
        gone["changes"] = compact(days, stopped=stopped)
        gone["holdings"] = forget_holdings(stamp(moment - timedelta(days=days)), stopped)
    if days := kept_days("guess_keep_days", on):
        gone["guesses"] = forget_guesses(moment - timedelta(days=days), stopped)
    if days := kept_days("share_keep_days", on):
        gone["shares"] = forget_shares(moment - timedelta(days=days), stopped)
    if days := kept_days("proposal_keep_days", on):
        gone["proposals"] = forget_proposals(stamp(moment - timedelta(days=days)), stopped)
    if months := kept_months("query_log", on):
        gone |= _forget_register(add_months(on, -months), by, stopped)
    if months := kept_months("official_letter", on):
        before = add_months(on, -months)
        gone["official"] = forget_official(before, stopped)
        _tell(before, by, {"official": gone["official"]})
    return gone


def _forget_register(before: date, by: str, stopped: Callable[[], bool]) -> dict[str, int]:
    gone = {
        "queries": forget_queries(before, stopped),
        "screenings": forget_screenings(before, stopped),
        "letters": forget_letters(before, stopped),
    }
    _tell(before, by, gone)
    return gone


def _tell(before: date, by: str, gone: Mapping[str, int]) -> None:
    if any(gone.values()):
        said = ",".join(f"{name}={count}" for name, count in gone.items())
        with transaction.atomic():
            evidence.append(kind="register.forgotten", user=by, outcome=f"done:{before}:{said}")
