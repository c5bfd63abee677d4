"""The list of objections says about whom and about which document, on its way or filed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from app.clock import epoch_ms
from app.keys.device import DeviceKey
from app.lanes import Lane
from app.services.entries import note_act
from app.services.objecting import KIND, Objecting
from app.services.showing import Showing
from app.services.syncing import Syncing
from app.services.unlocking import Unlocking
from app.trouble import NotNow
from local_cache import answers, drafts
from local_cache.drafts import Body
from tests.app.services.vaults import LONG, START, TurnedClock, bundle, grant, kept_copy, unlocking

SUBJECT = "红隼科技(示例)"


class Offline:
    def deliver_items(self) -> None:
        raise NotNow("net.offline")


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def client(tmp_path: Path, clock: TurnedClock) -> Iterator[Unlocking]:
    lane, key = Lane("vault"), DeviceKey.generate(clock)
    made = unlocking(tmp_path / "home", clock, lane=lane)
    made.create_vault("u0", grant(key), LONG, key, "柜台一")
    note_act(made.room, "query", SUBJECT, query_no="Q1", purpose="loan")
    copy = kept_copy(bundle("Q1"), epoch_ms(START + timedelta(days=2)))
    made.room.run(lambda opened: answers.put(opened.copies(), copy, [("r1", 1)], ""))
    yield made
    made.lock()
    lane.close()


@pytest.fixture
def objecting(client: Unlocking) -> Objecting:
    return Objecting(client.room, cast(Syncing, Offline()), cast(Showing, NothingShown()))


class NothingShown:
    def bundle(self, query_no: str) -> Any:
        return None


def file_one(objecting: Objecting) -> None:
    draft = objecting.draft("Q1", "r1")
    whole = msgspec.structs.replace(draft, ground="content", wish="correct", statement="金额有误（示例）")
    assert objecting.file(whole).state == "queued"


def hear(client: Unlocking, **facts: Any) -> None:
    """What a synchronisation keeps of an objection the server knows."""
    body = msgspec.json.encode({"number": "YY-1", "query_no": "Q1", "rec_id": "r1", **facts})
    client.room.run(lambda opened: drafts.save(opened.work, "kept", Body(KIND, "YY-1", body, "t")))


def test_one_on_its_way_names_subject_and_document(objecting: Objecting) -> None:
    file_one(objecting)
    (row,) = objecting.list()
    assert (row.state, row.subject, row.document_no) == ("queued", SUBJECT, "(2026)1号")


def test_a_filed_one_names_the_subject_of_its_query(objecting: Objecting, client: Unlocking) -> None:
    hear(client, document_no="(2026)9号")
    (row,) = objecting.list()
    assert (row.subject, row.document_no) == (SUBJECT, "(2026)9号")
    assert objecting.show("YY-1").subject == SUBJECT


def test_without_a_copy_to_read_the_subject_is_known_still(
    objecting: Objecting, client: Unlocking, clock: TurnedClock
) -> None:
    file_one(objecting)
    clock.pass_(hours=100)
    (row,) = objecting.list()
    assert (row.subject, row.document_no) == (SUBJECT, "")


def test_a_query_of_another_computer_gives_no_name(objecting: Objecting, client: Unlocking) -> None:
    """Control: the name comes from the query the objection belongs to and from nowhere else."""
    hear(client, query_no="Q-elsewhere")
    assert objecting.list()[0].subject == ""


def test_a_draft_names_its_document_as_long_as_the_answer_does_and_keeps_no_number(
    objecting: Objecting, client: Unlocking, clock: TurnedClock
) -> None:
    made = objecting.draft("Q1", "r1")
    assert made.document_no == "(2026)1号"
    objecting.save_draft(msgspec.structs.replace(made, statement="金额有误（示例）"))
    assert [one.document_no for one in objecting.drafts()] == ["(2026)1号"]
    (kept,) = client.room.run(lambda opened: drafts.listed(opened.work, "drafts", KIND))
    assert "(2026)1号".encode() not in kept.body
    clock.pass_(hours=100)
    (late,) = objecting.drafts()
    assert (late.document_no, late.subject_name, late.statement) == ("", SUBJECT, "金额有误（示例）")
