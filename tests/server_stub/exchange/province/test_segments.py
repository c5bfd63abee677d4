"""Closed segments: named by their bytes, resumed by ranges, without what was revoked, withdrawn."""

from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from server_stub.exchange.province import journal, loading, segments, standing
from server_stub.exchange.province.models import Foreign, Segment, Turn
from server_stub.feed.models import Change
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.subjects.services import LegalEntry, register
from tests.server_stub.exchange.province.other import UNIT, Other, put, revoke
from tests.server_stub.exchange.province.test_giving import BY, facts


@pytest.fixture
def ids(other: Other, settings: Any) -> list[str]:
    """Twenty-five records, ten numbers a segment."""
    settings.HENGXIN_SEGMENT_CHANGES = 10
    key = register([LegalEntry(name=UNIT["name"], code=UNIT["code"])])[0].subject_key
    rows = [facts(key, no, rec_id=f"R{no:03}") for no in range(1, 26)]
    records.put_many(rows, by=BY)
    journal.gather()
    return [row["rec_id"] for row in rows]


def listed(other: Other) -> dict[str, Any]:
    return other.word(other.send("GET", "manifest"))


def fetch(other: Other, sha256: str, **headers: str) -> Any:
    return other.send("GET", f"segments/{sha256}", **headers)


def rows_in(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in zlib.decompress(content).splitlines()]


def test_whole_segments_are_closed_and_the_rest_stays_live(other: Other, ids: list[str]) -> None:
    assert segments.close(other.partner) == 2
    assert segments.close(other.partner) == 0
    manifest = listed(other)
    assert [(one["first"], one["last"], one["rows"]) for one in manifest["segments"]] == [
        (1, 10, 10),
        (11, 20, 10),
    ]
    assert manifest["upto"] == 20
    found: list[str] = []
    for one in manifest["segments"]:
        content = fetch(other, one["sha256"]).content
        assert hashlib.sha256(content).hexdigest() == one["sha256"]
        assert len(content) == one["size"]
        found += [row["rec_id"] for row in rows_in(content)]
    tail = other.word(other.send("POST", "pull", {"after": 20}))
    assert found + [row["rec_id"] for row in tail["rows"]] == ids
    assert Turn.objects.filter(kind="manifest").count() == 1


def test_ranges_and_tags(other: Other, ids: list[str]) -> None:
    segments.close(other.partner)
    sha256 = Segment.objects.earliest("first").sha256
    whole = fetch(other, sha256)
    tag = whole["ETag"]
    assert tag == f'"{sha256}"'
    part = fetch(other, sha256, Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(whole.content)}"
    rest = fetch(other, sha256, **{"Range": "bytes=10-", "If-Range": tag})
    assert rest.content == whole.content[10:]
    for headers in (
        {"Range": "bytes=10-", "If-Range": '"another"'},
        {"Range": "bytes=0-1,4-5"},
        {"Range": "bytes=9-3"},
        {"Range": "rows=1-2"},
    ):
        assert fetch(other, sha256, **headers).content == whole.content
    behind = fetch(other, sha256, Range=f"bytes={len(whole.content)}-")
    assert (behind.status_code, behind["Content-Range"]) == (416, f"bytes */{len(whole.content)}")
    assert fetch(other, sha256, **{"If-None-Match": f'"x", {tag}'}).status_code == 304


def test_a_segment_built_later_has_nothing_of_what_was_revoked(other: Other, ids: list[str]) -> None:
    records.annul(ids[3], reason="撤销", by=BY)
    segments.close(other.partner)
    content = fetch(other, Segment.objects.earliest("first").sha256).content
    assert ids[3] not in [row["rec_id"] for row in rows_in(content)]


def test_content_that_has_to_go_leaves_old_segments(other: Other, ids: list[str], home: Path) -> None:
    segments.close(other.partner)
    old = Segment.objects.earliest("first").sha256
    records.annul(ids[3], reason="撤销", by=BY)
    journal.gather()
    assert ids[3] in [row["rec_id"] for row in rows_in(fetch(other, old).content)]
    assert segments.rebuild(other.partner, "示例：依法删除") == [old]
    assert segments.rebuild(other.partner, "示例：依法删除") == []
    gone = fetch(other, old)
    assert (gone.status_code, gone.json()["code"]) == (410, "segment-withdrawn")
    manifest = listed(other)
    assert [one["sha256"] for one in manifest["withdrawn"]] == [old]
    new = manifest["segments"][0]
    assert (new["first"], new["last"], new["rows"]) == (1, 10, 9)
    assert ids[3] not in [row["rec_id"] for row in rows_in(fetch(other, new["sha256"]).content)]
    assert list(home.glob(f"exchange/*/segments/{old}*")) == []
    with pytest.raises(ValueError, match="reason"):
        segments.rebuild(other.partner, " ")


def test_another_partners_segment_does_not_exist(other: Other, ids: list[str]) -> None:
    segments.close(other.partner)
    third = Other()
    assert fetch(third, Segment.objects.earliest("first").sha256).status_code == 404
    assert listed(third)["segments"] == []


def test_loading_a_segment_is_the_same_as_row_by_row(other: Other) -> None:
    rows = [put(f"R{n}", columns={"document_no": f"{n}号"}) for n in range(30)]
    rows += [revoke("R2"), put("R3", 2, columns={"document_no": "3号", "tier": "serious"})]
    rows += [put("R40", who={**UNIT, "code": "91430405MA0000007H"}), {"rec_id": ["odd"], "op": "put"}]
    done = loading.load(other.partner, rows)
    assert done.accepted == 32
    assert [row.code for row in done.refused] == ["number-invalid", "row-unreadable"]
    assert Record.objects.filter(status="current").count() == 29
    held = standing.taken(other.partner)
    assert "R2" not in held
    assert held["R3"] == [2, rows[31]["digest"]]
    again = loading.load(other.partner, rows)
    assert (again.accepted, Record.objects.count()) == (32, 30)


def test_what_is_new_enters_without_a_row_in_the_feed(other: Other) -> None:
    loading.load(other.partner, [put(f"R{n}", columns={"document_no": f"{n}号"}) for n in range(5)])
    assert Foreign.objects.count() == 5
    assert not Change.objects.exists()
