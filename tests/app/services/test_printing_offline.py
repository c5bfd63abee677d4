"""Printing a kept copy without the platform: the policy of the last sign-in says whether, and as what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.assembly import Client, open_client
from app.clock import epoch_ms
from app.field.records import Signed, held_by
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.answer import Answer
from app.services.opening import Opening
from app.trouble import Refused
from local_cache import answers, ledger
from tests.app.report.tools import text_of
from tests.app.services.vaults import LIGHT, START, TurnedClock, bundle, checked, create, kept_copy

ENDS = START + timedelta(days=2)


@pytest.fixture
def client(home: Path, clock: TurnedClock, key: DeviceKey) -> Iterator[Client]:
    """A client with one kept copy; no server has ever answered it."""
    made = open_client(home, clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(made.unlocking, key)
    made.reporting.opening = Opening(made.unlocking.room, checked)
    copy = kept_copy(bundle("Q1", ENDS), epoch_ms(ENDS))
    made.unlocking.room.run(lambda o: answers.put(o.copies(), copy, [("r1", 1)], ""))
    yield made
    made.close()


def allow(client: Client, allowed: bool) -> None:
    def change(opened: object) -> None:
        policy = opened.policy  # type: ignore[attr-defined]
        opened.policy = msgspec.structs.replace(policy, offline_print=allowed)  # type: ignore[attr-defined]

    client.unlocking.room.run(change)


def entries(client: Client) -> int:
    return client.unlocking.room.run(lambda o: len(ledger.entries(o.work)))


def test_a_kept_copy_is_not_printed_where_the_policy_does_not_allow_it(client: Client) -> None:
    allow(client, False)
    with pytest.raises(Refused) as refused:
        client.reporting.begin_working_copy("Q1").whole()
    assert refused.value.code == "offline.print-off"
    assert entries(client) == 0
    for language in ("zh_CN", "en"):
        assert client.texts.has(refused.value.text), language


def test_the_policy_that_says_nothing_does_not_allow_it(client: Client) -> None:
    with pytest.raises(Refused):
        client.reporting.begin_working_copy("Q1").whole()


def test_nor_is_a_report_of_this_computer(client: Client) -> None:
    allow(client, False)
    with pytest.raises(Refused) as refused:
        client.reporting.require_leave()
    assert (refused.value.code, refused.value.text) == ("offline.print-off", "offline.print-off-report")
    for language in ("zh_CN", "en"):
        assert client.texts.has(refused.value.text), language
    allow(client, True)
    client.reporting.require_leave()


def test_control_a_report_is_printed_while_the_platform_answers(client: Client) -> None:
    allow(client, False)
    client.reporting.answers = lambda: True
    client.reporting.require_leave()


def test_where_it_is_allowed_every_page_says_offline_copy(client: Client, tmp_path: Path) -> None:
    allow(client, True)
    pages = text_of(client.reporting.begin_working_copy("Q1").whole(), tmp_path, "-layout").split("\f")[:-1]
    assert all("离线副本" in page for page in pages)
    assert entries(client) == 1


def test_control_with_the_platform_it_is_the_usual_print(client: Client, tmp_path: Path) -> None:
    allow(client, False)
    client.reporting.answers = lambda: True
    text = text_of(client.reporting.begin_working_copy("Q1").whole(), tmp_path)
    assert "查询结果打印件" in text and "离线副本" not in text


def test_an_answer_just_given_is_no_kept_copy(client: Client, tmp_path: Path) -> None:
    allow(client, False)
    answer = bundle("Q2", ENDS)
    shown = Answer("Q2", answer, Signed("", "", ""), False, "server", answer.as_of)
    client.reporting.showing.remember(shown)
    assert "查询结果打印件" in text_of(client.reporting.begin_working_copy("Q2").whole(), tmp_path)


def test_looking_at_the_preview_is_not_printing(client: Client) -> None:
    allow(client, False)
    assert client.reporting.begin_preview("Q1").whole().startswith(b"%PDF-")


def test_a_paper_made_ready_is_only_of_what_is_on_the_screen_and_leaves_no_entry(client: Client) -> None:
    assert client.reporting.make_ready("Q1") == b""  # a kept copy would have to be opened
    answer = bundle("Q2", ENDS)
    shown = Answer("Q2", answer, Signed("", "", ""), False, "server", answer.as_of)
    client.reporting.showing.remember(shown)
    assert client.reporting.make_ready("Q2").startswith(b"%PDF-")
    assert entries(client) == 0


def test_a_page_of_an_answer_withdrawn_while_it_was_set_is_not_handed_out(client: Client) -> None:
    answer = bundle("Q2", ENDS)
    shown = Answer("Q2", answer, Signed("", "", ""), False, "server", answer.as_of)
    client.reporting.showing.remember(shown)
    begun = client.reporting.begin_preview("Q2")
    assert client.reporting.showing.judge(held_by(answer)) == ("Q2",)
    for write in (begun.first, begun.whole):
        with pytest.raises(Refused, match="withdrawn"):
            write()
