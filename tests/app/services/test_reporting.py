"""A wish for a paper: what is said when the ground it stands on has changed."""

from __future__ import annotations

from typing import NoReturn

import pytest

from app.assembly import Client
from app.field.receivers import Receiver
from app.texts import LANGUAGES, Texts
from app.trouble import NotRight, Refused
from app.wire.messages import ProblemBody
from app.wire.problems import Answered
from local_cache import ledger, outbox
from tests.app.services.test_returning import client, clock

__all__ = ["client", "clock"]


@pytest.mark.parametrize(
    ("template", "text"), [("standard", "problem.query-stale"), ("screening", "problem.screening-stale")]
)
def test_what_has_to_be_asked_again_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch, template: str, text: str
) -> None:
    def stale(op_id: str) -> NoReturn:
        raise NotRight("query-stale", "problem.query-stale")

    monkeypatch.setattr(client.reporting, "deliver", stale)
    monkeypatch.setattr(client.reporting.delivering, "flush", lambda before: 0)
    with pytest.raises(NotRight) as flaw:
        client.reporting.issue("Q1", template, "zh_CN", receiver=Receiver("subject"))
    assert (flaw.value.code, flaw.value.text) == ("query-stale", text)
    assert client.texts.has(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_row_that_cannot_be_certified_is_named_with_the_way_out(language: str) -> None:
    told = Answered(422, ProblemBody("rows-invalid", context={"bare": "4", "rest": "1-3,5"})).trouble
    said = Texts(language).say(told.text, **told.context)
    assert "4" in said and "--rows 1-3,5" in said
    assert Answered(422, ProblemBody("rows-invalid")).trouble.text == "problem.rows-invalid"


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_the_subject_gets_no_certificate_of_several_is_told(language: str) -> None:
    told = Answered(422, ProblemBody("receiver-needed", context={"units": 4})).trouble
    assert (told.code, told.text) == ("receiver-needed", "report.several-units")
    assert "4" in Texts(language).say(told.text, **told.context)
    assert Answered(422, ProblemBody("receiver-needed")).trouble.text == "problem.receiver-needed"


@pytest.mark.parametrize(
    ("query_no", "template", "code", "left", "sent"),
    [
        ("Q1", "looks", "report.purpose", [], 0),
        ("Q9", "looks", "report.purpose", [], 1),
        ("Q1", "standard", "purpose-not-allowed", ["report.issue"], 1),
    ],
)
def test_a_purpose_that_carries_no_such_paper_is_told_of_the_paper_and_leaves_nothing(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    query_no: str,
    template: str,
    code: str,
    left: list[str],
    sent: int,
) -> None:
    """Of this computer's own query nothing is begun; of Q9, which another one asked, only the platform can
    say it; the control: a paper for all."""
    begun = client.reporting.room.run(lambda o: len(ledger.entries(o.work)))
    wishes: list[str] = []

    def not_allowed(op_id: str) -> NoReturn:
        wishes.append(op_id)
        raise Refused("purpose-not-allowed", context={"logged": 1})

    monkeypatch.setattr(client.reporting, "deliver", not_allowed)
    monkeypatch.setattr(client.reporting.delivering, "flush", lambda before: 0)
    with pytest.raises(Refused) as flaw:
        client.reporting.issue(query_no, template, "zh_CN", receiver=Receiver("subject"))
    assert flaw.value.code == code
    assert len(wishes) == sent
    assert client.reporting.room.run(lambda o: len(ledger.entries(o.work))) == begun + sent
    open_items = client.reporting.room.run(lambda o: outbox.all_items(o.work, only_open=True))
    assert [item.kind for item in open_items] == left
