"""Which page is due, which banner wins, and that a lock always ends the process."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from app.desks.desk import Notice
from app.desks.noticing import NoticingLanes
from app.desks.unlock_desk import UnlockDesk
from app.desks.window_desk import WindowDesk
from app.services.leasing import LeaseCard
from app.services.room import LeaseState
from app.services.unsent import OutboxRow
from app.trouble import NotNow, NotTrusted, NotYou, Refused, VaultTrouble
from tests.app.desks.stand_ins import Lanes, Service, Shown, client

CARD = SimpleNamespace(device_name="pc", tries_left=9)


def frame(**changes: Any) -> tuple[WindowDesk, list[str]]:
    unlocking = Service(card=CARD, lock=None, user=None, sealed_left=False)
    leasing = Service(card=LeaseCard("live", "", 0, ""))
    restarts: list[str] = []
    made = WindowDesk(
        client(unlocking=unlocking, leasing=leasing, **changes),
        Lanes(),
        Shown(),
        lambda: restarts.append("again"),
    )
    return made, restarts


REPORT = SimpleNamespace(
    removed_copies=0,
    sent=1,
    entries_sent=2,
    judged=0,
    spared=0,
    lease_state="live",
    lease_until="",
    withdrawn=(),
    withdrawn_for="",
    letters=0,
    restored_at="",
)


def unsent(state: str, kind: str) -> OutboxRow:
    """A row of the outbox after its first try."""
    return OutboxRow("op", kind, "", state, "", 1, 0)


def replace_lease(word: str) -> Any:
    """A round's report with another state of the lease."""
    return SimpleNamespace(
        removed_copies=0,
        sent=0,
        entries_sent=0,
        judged=0,
        spared=0,
        withdrawn_for="",
        letters=0,
        lease_state=word,
        lease_until="",
        withdrawn=(),
        restored_at="",
    )


def courier(*states: str, signed_in: bool = True, **answers: Any) -> Service:
    """A courier whose server is online or offline, look by look; the last state stays."""
    left = list(states)

    def online() -> Any:
        word = left.pop(0) if len(left) > 1 else left[0]
        return SimpleNamespace(state=word, as_of="", signed_in=signed_in)

    return Service(**{"outbox": (), "online": online, "sync": REPORT, "retry": 0} | answers)


@pytest.mark.parametrize(
    ("card", "stage"), [(CARD, "unlock"), (None, "sign_in"), (VaultTrouble("vault.damaged"), "sign_in")]
)
def test_the_first_page(card: Any, stage: str) -> None:
    desk, _ = frame()
    desk.client.unlocking.answers["card"] = card
    desk.begin()
    assert desk.view.stage == stage


@pytest.mark.parametrize(
    ("state", "lease", "text"),
    [
        ("untrusted", "ended", "tls.mismatch"),
        ("offline", "ended", "offline.expired"),
        ("online", "clock_back", "offline.clock"),
        ("offline", "live", "shell.offline"),
    ],
)
def test_security_before_lease_before_offline(state: str, lease: LeaseState, text: str) -> None:
    desk, _ = frame(syncing=courier(state, sync=replace_lease(lease)))
    desk.client.leasing.answers["card"] = LeaseCard(lease, "", 0, "")
    desk.opened(SimpleNamespace(name="u"), lease)
    assert desk.view.banner.text == text


def test_a_lease_that_ends_without_a_network_is_told_without_a_round() -> None:
    syncing = courier("offline")
    desk, _ = frame(syncing=syncing)
    looks: list[str] = []
    desk.look_at_pages = lambda: looks.append("looked")
    desk.opened(SimpleNamespace(name="u"))
    assert (desk.view.banner.text, desk.view.lease_state) == ("shell.offline", "live")  # the control
    desk.client.leasing.answers["card"] = LeaseCard("ended", "2026-11-25T00:00:00.000Z", 0, "")
    desk.look_around()
    assert (desk.view.banner.text, desk.view.lease_state) == ("offline.expired", "ended")
    assert (len(looks), syncing.times("sync")) == (2, 0)


def test_the_pages_are_looked_at_before_a_network_that_fails_is_asked() -> None:
    order: list[str] = []

    def online() -> Any:
        order.append("network")
        raise NotNow("net.timeout")

    desk, _ = frame(syncing=courier("offline", online=online))
    desk.look_at_pages = lambda: order.append("pages")
    desk.look_around()
    assert order == ["pages", "network"]


def test_what_weighs_more_is_not_covered_by_a_line_that_comes_beside_it() -> None:
    desk, _ = frame(syncing=courier("online"))
    gone, beside = Notice("answer.withdrawn", (), "error"), Notice("subject.beside_gone", (), "warning")
    desk.tell(gone)
    desk.tell_beside(beside)
    assert desk.view.notice == gone
    desk.tell(None)
    desk.tell_beside(beside)
    assert desk.view.notice == beside


@pytest.mark.parametrize(
    ("state", "left_s", "text", "facts"),
    [
        ("live", 190_000, "shell.offline_days", {"days": 2}),
        ("live", 86_399, "shell.offline_hours", {"hours": 23}),
        ("live", 3_599, "shell.offline_minutes", {"minutes": 59}),
        ("live", 59, "shell.offline", {}),
        ("clock_back", 190_000, "offline.clock", {}),
    ],
)
def test_offline_the_banner_says_what_the_lease_has_left(
    state: LeaseState, left_s: int, text: str, facts: dict[str, int]
) -> None:
    desk, _ = frame(syncing=courier("offline"))
    desk.client.leasing.answers["card"] = LeaseCard(state, "", left_s, "")
    desk.opened(SimpleNamespace(name="u"))
    assert (desk.view.banner.text, desk.view.banner.facts()) == (text, facts)


def test_what_is_sealed_is_told_when_nothing_weighs_more() -> None:
    desk, _ = frame(syncing=courier("online"))
    desk.client.unlocking.answers["sealed_left"] = True
    desk.opened(SimpleNamespace(name="u"))
    assert (desk.view.banner.text, desk.view.banner.retry) == ("shell.sealed_left", False)
    refused = (unsent("refused", "objection.file"),)
    desk, _ = frame(syncing=courier("online", outbox=refused))
    desk.client.unlocking.answers["sealed_left"] = True
    desk.opened(SimpleNamespace(name="u"))
    assert desk.view.banner.text == "shell.refused_items"


def test_control_no_banner_when_all_is_well() -> None:
    desk, _ = frame(syncing=courier("online"))
    desk.opened(SimpleNamespace(name="u"))
    assert desk.view.banner is None
    assert desk.view.today == 3


def test_refused_items_are_counted() -> None:
    filed = [unsent(word, "objection.file") for word in ("refused", "waiting")]
    # A refused query ended with its own notice; the objections' page could not show it.
    rows = (*filed, replace(unsent("refused", "query"), heard=True))
    desk, _ = frame(syncing=courier("online", outbox=rows))
    desk.opened(SimpleNamespace(name="u"))
    assert desk.view.counts == (("objection", 2),)
    assert desk.view.banner.facts() == {"count": 1}
    assert desk.view.unsent == 2
    turned: list[str] = []
    desk.turn_to, rounds = turned.append, desk.client.syncing.times("sync")
    desk.act()
    assert (desk.view.banner.act, turned) == ("shell.refused_look", ["objection"])
    assert desk.client.syncing.times("sync") == rounds


def test_a_refused_repair_is_counted_behind_its_page_and_the_banner_leads_there() -> None:
    rows = [unsent("refused", "repair.apply"), unsent("waiting", "objection.file")]
    desk, _ = frame(syncing=courier("online", outbox=rows))
    desk.opened(SimpleNamespace(name="u"))
    assert desk.view.counts == (("objection", 1), ("repair", 1))
    turned: list[str] = []
    desk.turn_to = turned.append
    desk.act()
    assert turned == ["repair"]


@pytest.mark.parametrize("outcome", [None, VaultTrouble("vault.disk-full")])
def test_a_lock_ends_the_process_whatever_happens(outcome: Any) -> None:
    desk, restarts = frame()
    desk.client.unlocking.answers["lock"] = outcome
    desk.lock("idle")
    assert desk.client.unlocking.last("lock") == ("idle",)
    assert restarts == ["again"]


def test_what_is_being_written_is_kept_before_the_lock() -> None:
    desk, _ = frame()
    order: list[str] = []
    desk.before_lock = lambda: order.append("kept")
    desk.client.unlocking.answers["lock"] = lambda why: order.append("locked")
    desk.lock("idle")
    assert order == ["kept", "locked"]


def unlock(**answers: Any) -> tuple[UnlockDesk, Service, list[Any], list[str]]:
    service = Service(**{"card": CARD, "unlock": "found"} | answers)
    opened: list[Any] = []
    gone: list[str] = []
    desk = UnlockDesk(
        SimpleNamespace(unlocking=service), Lanes(), Shown(), opened.append, lambda: gone.append("gone")
    )
    desk.start()
    return desk, service, opened, gone


def test_the_right_passphrase_opens() -> None:
    desk, _, opened, _ = unlock()
    desk.unlock("right")
    assert opened == ["found"]


def test_a_wrong_one_says_so_and_rereads_the_card() -> None:
    desk, service, opened, _ = unlock(unlock=NotYou("unlock.bad", context={"tries": 8}))
    desk.unlock("wrong")
    assert opened == []
    assert desk.view.notice.facts() == {"tries": 8}
    assert service.times("card") == 2


def test_when_the_vault_is_gone_it_leads_to_the_sign_in() -> None:
    desk, service, _, gone = unlock(unlock=NotYou("unlock.bad"))
    service.answers["card"] = None
    desk.unlock("wrong")
    assert gone == ["gone"]


def test_an_empty_passphrase_is_not_counted() -> None:
    desk, service, _, _ = unlock()
    desk.unlock("")
    assert service.times("unlock") == 0


def test_back_online_means_a_round_at_once_and_without_pause() -> None:
    syncing = courier("offline", "online")
    desk, _ = frame(syncing=syncing)
    desk.opened(SimpleNamespace(name="u"))
    assert syncing.times("sync") == 0
    desk.look_around()
    assert (syncing.times("retry"), syncing.times("sync")) == (1, 1)
    assert desk.view.notice.text == "shell.synced"
    desk.look_around()
    assert syncing.times("sync") == 1


def test_each_quarter_of_an_hour_a_round_that_keeps_its_pauses() -> None:
    syncing = courier("online")
    desk, _ = frame(syncing=syncing)
    desk.opened(SimpleNamespace(name="u"))
    for _ in range(31):
        desk.look_around()
    assert (syncing.times("retry"), syncing.times("sync")) == (1, 2)


def test_a_round_that_fails_is_tried_again_later() -> None:
    syncing = courier("online", sync=NotYou("token-invalid"))
    desk, restarts = frame(syncing=syncing)
    desk.opened(SimpleNamespace(name="u"))
    assert desk.view.notice.code == "token-invalid"
    for _ in range(31):
        desk.look_around()
    assert syncing.times("sync") >= 2
    assert not restarts


def test_a_revoked_device_ends_the_process() -> None:
    desk, restarts = frame(syncing=courier("online", sync=Refused("device-revoked")))
    desk.opened(SimpleNamespace(name="u"))
    assert restarts == ["again"]


STOPPED = NotTrusted("log.restored", context={"seen": 41, "left": 30})


def test_a_restored_platform_waits_for_the_code_and_goes_on_with_it() -> None:
    def sync(progress: Any = None, cancelled: Any = None, restored: str = "") -> Any:
        if not restored:
            raise STOPPED
        if restored != "ABCD":
            raise NotTrusted("log.code")
        return SimpleNamespace(**vars(REPORT) | {"restored_at": "2026-11-26T00:00:00.000Z", "sent_again": 2})

    desk, _ = frame(syncing=courier("online", sync=sync))
    desk.opened(SimpleNamespace(name="u"))
    assert desk.view.restored is not None
    assert (desk.view.restored.text, desk.view.restored.facts()) == (
        "shell.restored",
        {"seen": 41, "left": 30},
    )
    desk.follow("0000")
    assert desk.view.restored is not None and desk.view.code_flaw.code == "log.code"
    assert not desk.view.busy
    desk.follow("ABCD")
    assert (desk.view.restored, desk.view.code_flaw) == (None, None)
    assert (desk.view.notice.text, desk.view.notice.facts()) == ("shell.followed", {"count": 2})


def test_control_a_round_without_a_restore_asks_for_no_code() -> None:
    desk, _ = frame(syncing=courier("online"))
    desk.opened(SimpleNamespace(name="u"))
    assert desk.view.restored is None


def test_a_network_that_fails_meanwhile_leaves_the_question_standing() -> None:
    answers: list[Any] = [STOPPED, NotNow("net.cut")]

    def sync(progress: Any = None, cancelled: Any = None, restored: str = "") -> Any:
        raise answers.pop(0)

    desk, _ = frame(syncing=courier("online", sync=sync))
    desk.opened(SimpleNamespace(name="u"))
    desk.follow("ABCD")
    assert desk.view.restored is not None
    assert desk.view.notice.code == "net.cut"


def test_a_sign_in_that_has_ended_is_told_first_and_renewed_over_the_open_work() -> None:
    syncing = courier("online", signed_in=False)
    desk, restarts = frame(syncing=syncing)
    desk.opened(SimpleNamespace(name="u"), "ended")
    assert (desk.view.banner.text, desk.view.banner.act) == ("shell.signed_out", "shell.sign_in_again")
    rounds = syncing.times("sync")
    desk.act()
    assert (desk.view.signing_in, desk.view.stage, syncing.times("sync")) == (True, "open", rounds)
    desk.stay()
    assert not desk.view.signing_in and syncing.times("sync") == rounds
    desk.act()
    desk.renewed()
    assert not desk.view.signing_in and syncing.times("sync") == rounds + 1
    assert not restarts


def test_without_the_platform_nobody_is_sent_to_a_sign_in_that_cannot_be() -> None:
    desk, _ = frame(syncing=courier("offline", signed_in=False))
    desk.opened(SimpleNamespace(name="u"))
    assert desk.view.banner.text == "shell.offline"


def test_control_the_banner_of_something_else_tries_again() -> None:
    syncing = courier("offline")
    desk, _ = frame(syncing=syncing)
    desk.opened(SimpleNamespace(name="u"))
    desk.act()
    assert (desk.view.signing_in, syncing.times("sync")) == (False, 1)


def test_a_question_that_fails_for_want_of_a_sign_in_brings_the_banner_at_once() -> None:
    syncing = courier("online")
    desk, _ = frame(syncing=syncing)
    desk.opened(SimpleNamespace(name="u"))
    assert desk.view.banner is None
    syncing.answers["online"] = lambda: SimpleNamespace(state="online", as_of="", signed_in=False)
    told: list[str] = []
    lanes = NoticingLanes(Lanes(), lambda: (told.append("out"), desk.signed_out())[0])

    def ask(code: str) -> None:
        def refused() -> None:
            raise NotYou(code)

        lanes.submit("wire", refused, done=lambda future: told.append("answered"))

    ask("unlock.bad")  # somebody else's move
    assert told == ["answered"] and desk.view.banner is None
    ask("token-invalid")
    assert told == ["answered", "answered", "out"]
    assert desk.view.banner.act == "shell.sign_in_again"


@pytest.mark.parametrize(
    ("removed", "letters", "text", "facts"),
    [
        (2, 2, "cache.letters", {"count": 2}),
        (5, 2, "cache.letters_more", {"count": 2, "others": 3}),
        (3, 0, "cache.removed", {"count": 3}),
    ],
)
def test_copies_that_went_with_their_letter_are_no_change_of_data(
    removed: int, letters: int, text: str, facts: dict[str, int]
) -> None:
    report = SimpleNamespace(**{**vars(REPORT), "removed_copies": removed, "letters": letters})
    desk, _ = frame(syncing=courier("online", sync=report))
    desk.sync()
    assert (desk.view.notice.text, desk.view.notice.facts()) == (text, facts)


def test_an_answer_that_went_with_its_letter_is_told_in_its_own_words() -> None:
    gone = {"withdrawn": ("Q1",), "withdrawn_for": "answer.letter-ended", "letters": 1}
    desk, _ = frame(syncing=courier("online", sync=SimpleNamespace(**{**vars(REPORT), **gone})))
    desk.sync()
    assert desk.view.notice.text == "answer.letter-ended"


def test_copies_that_were_asked_about_one_by_one_are_told_with_what_came_of_it() -> None:
    report = SimpleNamespace(**{**vars(REPORT), "removed_copies": 3, "judged": 60, "spared": 57})
    desk, _ = frame(syncing=courier("online", sync=report))
    desk.sync()
    assert desk.view.notice.text == "cache.judged"
    assert desk.view.notice.facts() == {"judged": 60, "removed": 3, "kept": 57}


@pytest.mark.parametrize(("rebuilt", "text"), [(True, "cache.damaged"), (False, "")])
def test_copies_that_begin_anew_are_told(rebuilt: bool, text: str) -> None:
    desk, _ = frame(syncing=courier("online"))
    desk.opened(SimpleNamespace(name="u"), rebuilt=rebuilt)
    assert (desk.view.banner.text if desk.view.banner else "") == text


@pytest.mark.parametrize(("states", "shown"), [(["offline"], 1), (["online", "offline"], 0)])
def test_work_that_is_opened_without_a_network_begins_with_the_copies(states: list[str], shown: int) -> None:
    """Only then: a network that fails later turns nobody's page."""
    desk, _ = frame(syncing=courier(*states))
    begun: list[str] = []
    desk.begun_offline = lambda: begun.append("offline")
    desk.opened(SimpleNamespace(name="u"))
    desk.look_around()
    desk.look_around()
    assert len(begun) == shown
