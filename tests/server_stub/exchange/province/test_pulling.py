"""Fetching from a partner: batches, words that wait, a new history, segments newest first, faults."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server_stub.errors import Problem
from server_stub.exchange.province import credentials, pulling, standing, turning
from server_stub.exchange.province.line import Line, PartnerRefused, PartnerUnreachable
from server_stub.exchange.province.models import Turn
from server_stub.records.models import Record
from tests.server_stub.exchange.province.other import Other, put, revoke


class Far(Line):
    """A partner's end inside the test: a journal of rows, closed segments, and what it heard from us."""

    def __init__(self, other: Other, rows: list[dict[str, Any]]) -> None:
        self.other, self.rows = other, rows
        self.files: dict[str, bytes] = {}
        self.standing: list[dict[str, Any]] = []
        self.withdrawn: set[str] = set()
        self.heard: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.deaf = False
        self.cut_at: int | None = None

    def close_segment(self, first: int, last: int, rows: list[dict[str, Any]]) -> str:
        content = zlib.compress(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
        sha256 = hashlib.sha256(content).hexdigest()
        self.files[sha256] = content
        card = {"sha256": sha256, "size": len(content), "first": first, "last": last, "rows": len(rows)}
        self.standing = [one for one in self.standing if one["first"] != first] + [card]
        self.standing.sort(key=lambda one: one["first"])
        return sha256

    def post(self, path: str, body: Any) -> dict[str, Any]:
        self.asked.append(path)
        if path == "acks":
            if self.deaf:
                raise PartnerUnreachable("cut")
            self.heard.append(msgspec.json.decode(base64.b64decode(body["payload_b64"])))
            return {}
        if body["epoch"] not in ("", self.other.epoch):
            raise PartnerRefused(409, "epoch-changed", {"epoch": self.other.epoch, "after": 0})
        after, head = body["after"], len(self.rows)
        upto = min(head, after + body["most"])
        return self.other.batch(*self.rows[after:upto], after=after, upto=upto, head=head)

    def get(self, path: str) -> dict[str, Any]:
        self.asked.append(path)
        return self.other.sealed({
            "type": "manifest", "v": 1, "sender": self.other.id, "receiver": credentials.own_id(),
            "epoch": self.other.epoch, "at": "2026-11-23T00:00:00.000Z",
            "upto": self.standing[-1]["last"] if self.standing else 0,
            "segments": self.standing, "withdrawn": [],
        })  # fmt: skip

    def fetch(self, path: str, offset: int, mark: str) -> tuple[int, bytes]:
        self.asked.append(f"{path[-64:]}@{offset}")
        if mark in self.withdrawn:
            raise PartnerRefused(410, "segment-withdrawn", {})
        piece = self.files[mark][offset:]
        if self.cut_at is not None:
            piece, self.cut_at = piece[: self.cut_at], None
        return offset, piece


def numbered(count: int) -> list[dict[str, Any]]:
    return [put(f"R{n}", n=n, columns={"document_no": f"{n}号"}) for n in range(1, count + 1)]


def until_empty(other: Other, far: Far) -> None:
    while True:
        try:
            if not pulling.pull(other.partner, far, 10).more:
                return
        except PartnerRefused as no:
            assert no.code in ("epoch-changed", "segment-withdrawn")


def test_batches_are_fetched_applied_and_answered(other: Other) -> None:
    far = Far(other, numbered(25))
    until_empty(other, far)
    assert Record.objects.count() == 25
    assert [(ack["upto"], ack["accepted"]) for ack in far.heard] == [(10, 10), (20, 10), (25, 5)]
    assert pulling.pull(other.partner, far, 10) == pulling.Moved(0, 0, 25, more=False)
    assert Turn.objects.filter(kind="taken").count() == 3


def test_a_word_that_did_not_get_through_is_said_next_time(other: Other) -> None:
    far = Far(other, numbered(5))
    far.deaf = True
    with pytest.raises(PartnerUnreachable):
        pulling.pull(other.partner, far, 10)
    assert Record.objects.count() == 5
    far.deaf = False
    pulling.pull(other.partner, far, 10)
    assert [ack["upto"] for ack in far.heard] == [5]
    assert Record.objects.count() == 5


def test_a_new_history_of_the_partner_is_followed(other: Other) -> None:
    far = Far(other, numbered(5))
    until_empty(other, far)
    other.epoch = "restored"
    far.rows = [*numbered(5), revoke("R2", 2)]
    until_empty(other, far)
    assert sorted(standing.taken(other.partner)) == ["R1", "R3", "R4", "R5"]


def test_a_first_pull_reads_the_tail_before_the_segments_and_the_newest_first(other: Other) -> None:
    rows = [*numbered(20), revoke("R3", 2, n=21), put("R4", 2, n=22, columns={"document_no": "4号"})]
    far = Far(other, rows)
    older = far.close_segment(1, 10, rows[:10])
    newer = far.close_segment(11, 20, rows[10:20])
    far.cut_at = 40
    until_empty(other, far)
    fetched = [one for one in far.asked if "@" in one]
    assert fetched == [f"{newer}@0", f"{newer}@40", f"{older}@0"]
    assert far.asked.index("pull") < far.asked.index(f"{newer}@0")
    assert not Record.objects.filter(document_no="3号").exists()
    held = standing.taken(other.partner)
    assert (len(held), held["R4"][0]) == (19, 2)
    other.partner.refresh_from_db()
    assert (other.partner.taken_upto, other.partner.bulk) == (22, {})
    assert {ack["digest"] for ack in far.heard} >= {older, newer}


def test_a_segment_withdrawn_meanwhile_is_taken_in_its_new_form(other: Other) -> None:
    rows = numbered(20)
    far = Far(other, rows)
    old = far.close_segment(1, 10, rows[:10])
    far.close_segment(11, 20, rows[10:])
    for _ in range(2):  # the list with the tail, and the newest segment
        pulling.pull(other.partner, far, 10)
    far.withdrawn.add(old)
    far.close_segment(1, 10, rows[1:10])
    until_empty(other, far)
    assert "R1" not in standing.taken(other.partner)
    assert Record.objects.count() == 19


def test_bytes_that_are_not_the_listed_ones_are_thrown_away(other: Other, home: Path) -> None:
    far = Far(other, numbered(10))
    sha256 = far.close_segment(1, 10, far.rows)
    good = far.files[sha256]
    far.files[sha256] = good[:-1] + b"x"
    pulling.pull(other.partner, far, 10)
    with pytest.raises(PartnerUnreachable, match="not what the list says"):
        pulling.pull(other.partner, far, 10)
    assert not Record.objects.exists()
    assert list(home.glob("exchange/*/incoming/*")) == []
    far.files[sha256] = good
    until_empty(other, far)
    assert Record.objects.count() == 10


def test_a_bomb_is_not_unpacked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "bomb"
    path.write_bytes(zlib.compress(b"0" * 100_000))
    monkeypatch.setattr(pulling, "MOST_UNPACKED", 50_000)
    with pytest.raises(Problem):
        pulling.rows_of(path)


def test_an_answer_to_another_question_is_refused(other: Other) -> None:
    far = Far(other, numbered(5))
    until_empty(other, far)
    wrong = other.batch(put("R9"), after=2, upto=3, head=3)
    far.post = lambda path, body: wrong  # type: ignore[method-assign]
    with pytest.raises(Problem) as no:
        pulling.pull(other.partner, far, 10)
    assert no.value.code == "body-invalid"


def test_a_partner_in_trouble_does_not_hold_up_a_round(other: Other) -> None:
    third = Other()
    for one, url in ((other, "https://localhost:1"), (third, "")):
        one.partner.url = url
        one.partner.save()
    faults = turning.round_of_all(lambda: False)
    assert [partner for partner, _ in faults] == [other.id]


def test_one_conversation_at_a_time(other: Other) -> None:
    with turning.alone(other.partner), pytest.raises(Problem) as no, turning.alone(other.partner):
        pass
    assert no.value.code == "op-in-progress"
