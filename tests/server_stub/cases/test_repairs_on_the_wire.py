"""What the server tells of repairs is what the client reads, and what the client sends is what it takes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.services.repair_drafts import RepairDraft
from app.services.repairing import _body
from app.wire.repair_messages import RepairStanding, RepairView
from server_stub.cases.items import PaperSupplement
from server_stub.cases.repairs import selectors, services
from server_stub.cases.repairs.applying import Application
from server_stub.cases.repairs.standing import standing
from server_stub.config.clock import today
from server_stub.rules.repairing import paper_source, repair_kinds
from server_stub.rules.tables_file import shipped
from tests.server_stub.cases.conftest import Town
from tests.server_stub.cases.test_repairs import body

pytestmark = pytest.mark.django_db


def plain(told: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(told))


def test_a_standing_reaches_the_client_whole(town: Town) -> None:
    told = standing(town.own, "Q-own1", town.rec_id)
    read = msgspec.convert(told, RepairStanding)
    assert plain(read) == plain(told)
    kind = read.kind("performance")
    assert kind is not None and all(
        one.where.zh and one.where.en for one in kind.checks if one.check in kind.papers
    )


def test_an_application_reaches_the_client_whole(town: Town) -> None:
    services.apply(town.own, "op", body(town))
    (told,) = selectors.views(town.own)
    read = plain(msgspec.convert(told, RepairView))
    assert {name: read[name] for name in told} == plain(told)


def test_the_bodies_of_the_client_are_those_the_server_reads() -> None:
    draft = RepairDraft("d", "Q1", "R1", code="performance", statement="示例", letter_no="L-1", rev=3)
    papers = [("performed", ("a.pdf", b"%PDF-1.7"))]
    read = msgspec.convert(_body(draft, papers), Application)
    assert (read.kind, read.base_rev, read.papers[0].check, read.letter_no) == (
        "performance",
        3,
        "performed",
        "L-1",
    )
    more = msgspec.structs.replace(draft, number="XF-1")
    assert msgspec.convert(_body(more, papers), PaperSupplement).number == "XF-1"


def test_every_paper_that_is_asked_for_says_where_it_is_to_be_had() -> None:
    roles = {role for kind in shipped().repair_kind for role in kind.roles}
    wanted = {paper for role in roles for kind in repair_kinds(role, today()) for paper in kind.papers}
    assert wanted and all(paper_source(name, today()) for name in wanted)
    assert paper_source("no-such-paper", today()) is None
