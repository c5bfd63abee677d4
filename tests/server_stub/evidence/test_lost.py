"""A leaf that a restore took comes back as it was, for a receipt of this log and for no other."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from app.field.restorations import Restoration
from server_stub.evidence import restorations, tree
from server_stub.evidence.log import append
from server_stub.evidence.models import DeviceChain, DeviceEntry, Head, Leaf
from server_stub.feed.services import begin_epoch
from server_stub.jobs import noting
from tests.server_stub.api.conftest import account, city, signed_in, subject  # noqa: F401
from tests.server_stub.api.test_queries import legal
from tests.server_stub.knocking import Knocker

PATH = "/api/v1/log/entries"


@pytest.fixture
def bank(signed_in: Any) -> Knocker:  # noqa: F811
    found: Knocker = signed_in("bank1")
    return found


@pytest.fixture
def lost(bank: Knocker, subject: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:  # noqa: F811
    """A question whose link the server forgot; what the device still has of it."""
    links: list[str] = []
    real = bank.link
    monkeypatch.setattr(
        bank, "link", lambda *words, **facts: links.append(real(*words, **facts)) or links[-1]
    )
    answer = bank.query(subject=legal(subject("rich")))
    assert answer.status == 201
    (receipt,) = answer.body["receipts"]
    gone = {"evidence_deviceentry": "", "evidence_leaf": " WHERE query_no <> ''", "evidence_node": ""}
    with connection.cursor() as cursor:  # the tables forget nothing by themselves
        for table, which in gone.items():
            where = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {table}_no_delete{where}")
            cursor.execute(f"DELETE FROM {table}{which}")
    DeviceChain.objects.all().delete()
    leaves = [bytes.fromhex(row.leaf) for row in Leaf.objects.order_by("index")]
    for index, leaf in enumerate(leaves):
        tree.grow(index, leaf)
    Head.objects.update(size=len(leaves))
    assert not DeviceEntry.objects.exists()
    return {"entries": links, "tree_size": 0, "lost": [receipt]}


def test_it_comes_back_with_what_it_said(bank: Knocker, lost: dict[str, Any]) -> None:
    said = lost["lost"][0]["entry"]
    assert said["subject_key"]
    (again,) = bank.call("POST", PATH, lost).body["receipts"]
    places = {"subject_seq", "prev_subject_leaf", "org_seq", "prev_org_leaf"}
    assert {name for name in said if said[name] != again["entry"][name]} <= places
    assert again["leaf_index"] >= lost["lost"][0]["leaf_index"]
    count = Leaf.objects.count()
    (third,) = bank.call("POST", PATH, lost).body["receipts"]
    assert (third["leaf_index"], Leaf.objects.count()) == (
        again["leaf_index"],
        count,
    )  # once, however often sent


def test_a_claim_that_stands_already_gets_its_effect_beside_it(bank: Knocker, lost: dict[str, Any]) -> None:
    (claim,) = bank.call("POST", PATH, {**lost, "lost": []}).body["receipts"]
    (again,) = bank.call("POST", PATH, lost).body["receipts"]
    said = lost["lost"][0]["entry"]
    assert (claim["entry"]["outcome"], again["entry"]["outcome"]) == ("claimed", said["outcome"])
    assert again["entry"]["subject_key"] == said["subject_key"] != claim["entry"]["subject_key"]


def test_without_its_receipt_the_link_alone_is_logged(bank: Knocker, lost: dict[str, Any]) -> None:
    (again,) = bank.call("POST", PATH, {**lost, "lost": []}).body["receipts"]
    assert (again["entry"]["kind"], again["entry"]["subject_key"]) == ("query", "")


def other_subject(receipt: dict[str, Any]) -> None:
    receipt["entry"]["subject_key"] = "S" * 26


def other_outcome(receipt: dict[str, Any]) -> None:
    receipt["entry"]["outcome"] = "no-information"


def other_link(receipt: dict[str, Any]) -> None:
    receipt["entry"]["entry_sha256"] = "0" * 64


def other_path(receipt: dict[str, Any]) -> None:
    receipt["inclusion"] = ["zz"]


def other_key(receipt: dict[str, Any]) -> None:
    body, gap, line = receipt["checkpoint"].partition("\n\n")
    dash, name, mark = line.rstrip("\n").split(" ")
    hint = base64.b64decode(mark)[:4]
    forged = base64.b64encode(hint + Ed25519PrivateKey.generate().sign((body + "\n").encode())).decode()
    receipt["checkpoint"] = f"{body}{gap}{dash} {name} {forged}\n"


@pytest.mark.parametrize("alter", [other_subject, other_outcome, other_link, other_path, other_key])
def test_a_receipt_of_no_log_of_ours_is_refused_and_nothing_kept(
    bank: Knocker, lost: dict[str, Any], alter: Any
) -> None:
    honest = json.loads(json.dumps(lost))
    count = Leaf.objects.count()
    alter(lost["lost"][0])
    answer = bank.call("POST", PATH, lost)
    assert (answer.status, answer.code) == (422, "entry-invalid")
    assert (Leaf.objects.count(), DeviceEntry.objects.count()) == (count, 0)
    assert bank.call("POST", PATH, honest).status == 200  # control


def test_a_request_to_an_earlier_life_is_refused_before_anything_is_done(bank: Knocker) -> None:
    own = bank.over.send("GET", "/api/", {}, None).body["epoch"]
    real = bank.over.send
    told: list[str] = [own]
    bank.over.send = lambda m, p, h, c: real(m, p, {**h, "HYC-Epoch": told[0]}, c)  # type: ignore[method-assign]
    assert bank.call("GET", "/api/v1/objections").status == 200
    begin_epoch("another")
    count = Leaf.objects.count()
    link = {"entries": [bank.link("screen", "op-00001", {})], "tree_size": 0}
    answer = bank.call("POST", PATH, link)
    assert (answer.status, answer.code, Leaf.objects.count()) == (409, "epoch-changed", count)
    told[0] = "another"
    assert bank.call("POST", PATH, link).status == 200


def grow() -> None:
    with transaction.atomic():
        append(kind="sign-in", user="u")


def test_a_log_that_lost_its_end_stops_every_command(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noting, "close_old_connections", lambda: None)  # the test's transaction is in it
    noting.require_whole(tmp_path)  # nothing was noted yet
    grow()
    noting.note(tmp_path)
    grow()
    noting.require_whole(tmp_path)
    noting.note(tmp_path)
    known = noting.noted(tmp_path)
    assert known["size"] == 2
    path = tmp_path / "log" / "reached.json"
    for other in ({"size": 3}, {"root": "00" * 32}, {"epoch": "other"}):
        path.write_text(json.dumps(known | other))
        with pytest.raises(ImproperlyConfigured, match="hengxin-server restored"):
            noting.require_whole(tmp_path)


def test_declarations_name_each_other_and_every_earlier_epoch(
    db: None, settings: Any, tmp_path: Path
) -> None:
    settings.HENGXIN_HOME = tmp_path
    first = Restoration("restoration", 1, "e2", ("e1",), 5, "00" * 32, "t", "a", "b", "w")
    assert (restorations.statements(), restorations.last_digest()) == ([], "")
    restorations.declare(first)
    second = Restoration(
        "restoration", 1, "e3", ("e1", "e2"), 5, "00" * 32, "t", "a", "b", "w", restorations.last_digest()
    )
    restorations.declare(second)
    assert restorations.earlier_epochs() == ["e1", "e2", "e3"]
    assert len(restorations.statements()) == 2
