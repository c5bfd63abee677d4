"""What stands in the ground of a query was stated where it may be stated, or the query is not begun."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.assembly import Client, open_client
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.policy import Purpose
from app.services.querying import KeptLetter, QueryRequest, SubjectAsk
from app.services.room import Opened
from app.trouble import NotRight, NotYou
from local_cache import ledger, outbox
from tests.app.services.vaults import LIGHT, TurnedClock, create

PERSON = SubjectAsk("person", "E12345678", "测试甲", "passport")
UNIT = SubjectAsk("legal", "91430400MA00000A10")
DUTY = Purpose("duty", "依法履职", "Duty", letter_for_person=False)
WINDOW = Purpose("window", "本人查询", "Own", letter_for_person=False, document_for_person=True)
LETTER = KeptLetter("SQ-1", "a" * 64, "2099-12-31", "测试甲")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A vault whose policy knows a duty and the window; no server is reached."""
    clock = TurnedClock()
    made = open_client(tmp_path / "home", clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(made.unlocking, DeviceKey.generate(clock))

    def change(opened: Opened) -> None:
        assert opened.policy is not None
        opened.policy = msgspec.structs.replace(opened.policy, purposes=(DUTY, WINDOW))

    made.unlocking.room.run(change)
    yield made
    made.close()


def basis_sent(client: Client, request: QueryRequest) -> dict[str, Any]:
    """The ground of the query that waits in the outbox."""
    with pytest.raises(NotYou, match=r"trust\.none"):
        client.querying.query(request)
    (item,) = client.unlocking.room.run(lambda opened: outbox.all_items(opened.work))
    found: dict[str, Any] = msgspec.json.decode(item.body)["basis"]
    return found


@pytest.mark.parametrize(
    ("subject", "purpose", "letter"),
    [(PERSON, "duty", None), (UNIT, "duty", None), (UNIT, "window", None), (PERSON, "window", LETTER)],
    ids=["a duty", "a unit", "a unit at the window", "an agent's letter"],
)
def test_a_document_is_not_said_to_be_seen_where_no_ground_takes_it(
    client: Client, subject: SubjectAsk, purpose: str, letter: KeptLetter | None
) -> None:
    with pytest.raises(NotRight) as caught:
        client.querying.query(QueryRequest(subject, purpose, "c", letter, document_seen=True))
    assert caught.value.code == "query.document-not-taken"
    assert client.unlocking.room.run(lambda o: (outbox.all_items(o.work), ledger.entries(o.work))) == ([], [])


def test_control_at_the_window_it_is_the_ground_and_on_duty_none_is(client: Client) -> None:
    sent = basis_sent(client, QueryRequest(PERSON, "window", "c", document_seen=True))
    assert sent == {"type": "own", "ref": "passport", "sha256": ""}


def test_control_without_it_a_duty_is_a_duty(client: Client) -> None:
    assert basis_sent(client, QueryRequest(PERSON, "duty", "c"))["type"] == "duty"
