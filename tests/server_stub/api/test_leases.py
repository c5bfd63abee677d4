"""The lease that comes with fresh tokens: for a device in order that takes in corrections, for no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import transaction

from server_stub.accounts.models import Device, LeaseShare, Officer, Organisation
from server_stub.accounts.services import freeze, revoke
from server_stub.config.clock import clock, now, stamp
from server_stub.feed.models import Follower
from server_stub.queries import policy
from server_stub.rules.tables_file import shipped
from tests.server_stub.api.test_sign_in import payload
from tests.server_stub.knocking import Answer, Knocker

LEASE = timedelta(hours=72)
SILENCE = timedelta(hours=72)


def renewed(knocker: Knocker) -> Answer:
    answer = knocker.call("POST", "/api/v1/tokens", {"refresh_token": knocker.refresh}, signed=False)
    if answer.status == 200:
        knocker.token, knocker.refresh = answer.body["access_token"], answer.body["refresh_token"]
    return answer


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def enrolled_before(knocker: Knocker, span: timedelta) -> None:
    Device.objects.filter(device_id=knocker.device_id).update(enrolled_at=now() - span)


def keeps_in_step(knocker: Knocker) -> None:
    cursor = knocker.session["cursor"]
    assert knocker.call("GET", "/api/v1/changes", cursor=cursor, acked=cursor).status == 200


def unruled(name: str) -> Any:
    """The tables of a city that has no row of that name in force."""
    found = shipped()
    rows = tuple(row for row in found.policy if row.id != name)
    return lambda: msgspec.structs.replace(found, policy=rows)


def test_fresh_tokens_bring_a_lease_that_runs_from_now(bank: Knocker) -> None:
    first = payload(bank.session["lease"])
    later = now() + timedelta(hours=11)
    with clock(at(later)):
        said = renewed(bank).body
    assert "lease_withheld" not in said
    lease = payload(said["lease"]["lease"])
    assert (lease["user"], lease["device_id"], lease["max_subjects"]) == ("bank1", bank.device_id, 200)
    assert lease["lease_id"] != first["lease_id"]
    assert (lease["issued"], lease["not_after"]) == (stamp(later), stamp(later + LEASE))
    assert said["lease"]["lease_share_b64"] == bank.session["lease_share_b64"]
    assert said["lease"]["share_id"] == lease["share_id"] == bank.session["share_id"]
    assert LeaseShare.objects.filter(device=bank.device_id).count() == 1


def test_the_length_is_that_of_the_row_in_force(bank: Knocker, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shipped()
    rows = tuple(
        msgspec.structs.replace(row, number=3600) if row.id == "lease_s" else row for row in found.policy
    )
    monkeypatch.setattr(policy, "shipped", lambda: msgspec.structs.replace(found, policy=rows))
    lease = payload(renewed(bank).body["lease"]["lease"])
    assert lease["not_after"] == stamp(datetime.fromisoformat(str(lease["issued"])) + timedelta(hours=1))


@pytest.mark.parametrize("name", ["lease_s", "max_subjects", "silence_s"])
def test_without_a_row_in_force_there_is_no_lease_and_the_tokens_turn_all_the_same(
    bank: Knocker, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(policy, "shipped", unruled(name))
    said = renewed(bank)
    assert (said.status, said.body["lease_withheld"]) == (200, "lease-unruled")
    assert "lease" not in said.body
    assert bank.call("GET", "/api/v1/objections").status == 200


def test_a_frozen_device_gets_neither_tokens_nor_lease(bank: Knocker) -> None:
    with transaction.atomic():
        freeze(Device.objects.select_related("officer").get(device_id=bank.device_id), "asked")
    said = renewed(bank)
    assert (said.status, said.code) == (403, "device-frozen")
    assert "lease" not in said.body


def test_a_revoked_device_gets_the_order_to_end_and_no_lease(bank: Knocker) -> None:
    with transaction.atomic():
        revoke(Device.objects.select_related("officer").get(device_id=bank.device_id))
    said = renewed(bank)
    assert (said.status, said.code) == (403, "device-revoked")
    assert "lease" not in said.body


@pytest.mark.parametrize("who", ["officer", "organisation"])
def test_a_suspended_officer_or_organisation_gets_no_lease(bank: Knocker, who: str) -> None:
    if who == "officer":
        Officer.objects.filter(user="bank1").update(active=False)
    else:
        organisation = Officer.objects.get(user="bank1").organisation_id
        Organisation.objects.filter(pk=organisation).update(active=False)
    said = renewed(bank)
    assert (said.status, said.code) == (403, "account-suspended")
    assert "lease" not in said.body


@pytest.mark.parametrize(
    ("silent_for", "withheld"),
    [(SILENCE - timedelta(minutes=1), None), (SILENCE + timedelta(minutes=1), "device-silent")],
)
def test_a_device_that_takes_in_no_corrections_too_long_is_not_renewed(
    bank: Knocker, silent_for: timedelta, withheld: str | None
) -> None:
    enrolled_before(bank, timedelta(days=90))
    keeps_in_step(bank)
    Follower.objects.filter(device_id=bank.device_id).update(acked_at=stamp(now() - silent_for))
    said = renewed(bank)
    assert (said.status, said.body.get("lease_withheld")) == (200, withheld)
    assert ("lease" in said.body) is (withheld is None)
    assert bank.call("GET", "/api/v1/objections").status == 200


def test_taking_in_what_changed_ends_the_silence_even_when_nothing_did(bank: Knocker) -> None:
    enrolled_before(bank, timedelta(days=90))
    assert renewed(bank).body["lease_withheld"] == "device-silent"
    keeps_in_step(bank)
    assert "lease" in renewed(bank).body
    Follower.objects.filter(device_id=bank.device_id).update(acked_at=stamp(now() - timedelta(days=4)))
    assert renewed(bank).body["lease_withheld"] == "device-silent"
    keeps_in_step(bank)
    assert "lease" in renewed(bank).body


def test_a_refresh_token_used_twice_brings_no_second_lease(bank: Knocker) -> None:
    old = bank.refresh
    assert "lease" in renewed(bank).body
    bank.refresh = old
    said = renewed(bank)
    assert (said.code, "lease" in said.body) == ("device-frozen", False)
