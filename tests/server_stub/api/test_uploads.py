"""Evidence over the wire: in parts, once, by its owner, judged by its bytes, for a day."""

from __future__ import annotations

import errno
import hashlib
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from server_stub.cases import uploads
from server_stub.cases.models import Attachment, Objection, Upload
from server_stub.config.clock import clock
from tests.server_stub.api.test_queries import bundle, legal
from tests.server_stub.cases.test_attachments import PNG, pdf, script
from tests.server_stub.in_process import InProcess
from tests.server_stub.knocking import Answer, Knocker

SCAN = PNG + bytes(range(256)) * 40
HALF = len(SCAN) // 2


@pytest.fixture
def firm(signed_in: Callable[[str], Knocker]) -> Knocker:
    return signed_in("firm1")


@pytest.fixture
def at(db: None) -> Iterator[Callable[[timedelta], None]]:
    """Move the clock on."""
    moment = [datetime.now(UTC)]
    with clock(lambda: moment[0]):
        yield lambda by: moment.__setitem__(0, moment[0] + by)


def sent(device: Knocker, content: bytes, **more: str) -> Answer:
    """The whole upload in two parts; the last answer."""
    begun = device.upload(content, **more)
    assert begun.status == 201, begun.body
    half = len(content) // 2
    first = device.part(begun.body["upload_url"], 0, content[:half])
    return first if first.status != 200 else device.part(begun.body["upload_url"], half, content[half:])


def where(device: Knocker, url: str) -> Answer:
    return device.bare("HEAD", url, None)


def parts(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "uploads").iterdir())


def filing(firm: Knocker, subject: Callable[[str], dict[str, str]], *contents: bytes) -> dict[str, Any]:
    """A hint of the firm about a record of its own, naming these files."""
    asked = firm.query(subject=legal(subject("certified")), purpose="B06")
    assert asked.status == 201, asked.body
    body = {
        "kind": "data_error",
        "query_no": asked.body["query_no"],
        "rec_id": bundle(asked).records[0].rec_id,
        "ground": "content",
        "wish": "correct",
        "statement": "示例：金额与决定书不一致",
        "attachments": [
            {"name": "扫描.png", "sha256": hashlib.sha256(one).hexdigest(), "size": len(one)}
            for one in contents
        ],
    }
    return firm.item("objection.file", body)


def deliver(device: Knocker, item: dict[str, Any]) -> dict[str, Any]:
    (result,) = device.call("POST", "/api/v1/outbox", {"items": [item]}).body["results"]
    return dict(result)


def test_a_file_arrives_in_parts_and_says_how_far_it_is(firm: Knocker) -> None:
    op_id = str(uuid.uuid4())
    begun = firm.upload(SCAN, op_id)
    url = begun.body["upload_url"]
    assert (begun.body["offset"], begun.body["arrived"]) == (0, False)
    first = firm.part(url, 0, SCAN[:HALF])
    assert (first.status, first.body) == (200, {"offset": HALF, "arrived": False})
    asked = where(firm, url)
    assert (asked.status, asked.headers["upload-offset"]) == (200, str(HALF))
    again = firm.upload(SCAN, op_id)
    assert (again.body["upload_url"], again.body["offset"]) == (url, HALF)
    last = firm.part(url, HALF, SCAN[HALF:])
    assert last.body == {"offset": len(SCAN), "arrived": True}
    assert last.headers["upload-offset"] == str(len(SCAN))
    assert firm.upload(SCAN, op_id).body["arrived"]


def test_a_part_that_comes_twice_or_too_early_is_told_what_is_due(firm: Knocker) -> None:
    url = firm.upload(SCAN).body["upload_url"]
    assert firm.part(url, 0, SCAN[:HALF]).status == 200
    for offset in (0, HALF + 1):
        wrong = firm.part(url, offset, SCAN[:10])
        assert (wrong.status, wrong.code, wrong.body["context"]) == (409, "upload-offset", {"offset": HALF})
    assert firm.part(url, HALF, SCAN[HALF:]).body["arrived"]


def test_what_a_crash_left_behind_the_offset_is_overwritten(firm: Knocker, settings: Any) -> None:
    url = firm.upload(SCAN).body["upload_url"]
    firm.part(url, 0, SCAN[:HALF])
    part = settings.HENGXIN_HOME / "uploads" / url.rpartition("/")[2]
    with part.open("ab") as file:
        file.write(b"written, and never told")
    assert firm.part(url, HALF, SCAN[HALF:]).body["arrived"]


def test_bytes_that_are_lost_begin_again_instead_of_being_judged(firm: Knocker, settings: Any) -> None:
    """As after a restore: the database speaks of a file that is not there."""
    op_id = str(uuid.uuid4())
    url = firm.upload(SCAN, op_id).body["upload_url"]
    firm.part(url, 0, SCAN[:HALF])
    (settings.HENGXIN_HOME / "uploads" / url.rpartition("/")[2]).unlink()
    assert firm.part(url, HALF, SCAN[HALF:]).code == "upload-expired"
    again = firm.upload(SCAN, op_id)
    assert again.body["offset"] == 0 and again.body["upload_url"] != url


def test_another_device_finds_nothing_not_even_of_the_same_officer(
    firm: Knocker, signed_in: Callable[[str], Knocker], subject: Callable[[str], dict[str, str]]
) -> None:
    url = firm.upload(SCAN).body["upload_url"]
    stranger = signed_in("bank1")
    assert where(stranger, url).code == "not-found"
    assert stranger.part(url, 0, SCAN).code == "not-found"
    assert where(firm, url).headers["upload-offset"] == "0"
    assert sent(stranger, SCAN).body["arrived"]
    awaited = deliver(firm, filing(firm, subject, SCAN))
    assert (awaited["status"], awaited["problem"]["code"]) == (409, "evidence-awaited")


@pytest.mark.parametrize(
    ("content", "sha256", "why"),
    [
        (SCAN, "0" * 64, "digest"),
        (b"MZ\x90\x00" * 100, "", "type"),
        (b"%PDF-1.7 nothing", "", "damaged"),
        (pdf(script), "", "active"),
    ],
)
def test_what_is_not_what_it_says_is_refused_and_gone(
    firm: Knocker,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
    content: bytes,
    sha256: str,
    why: str,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        refused = sent(firm, content, sha256=sha256)
    assert (refused.status, refused.code) == (422, "attachment-refused")
    assert refused.body["fields"][0]["code"] == why
    assert Upload.objects.count() == 0
    assert parts(settings.HENGXIN_HOME) == []


def test_more_than_was_announced_or_allowed_is_refused(firm: Knocker) -> None:
    url = firm.upload(SCAN[:100]).body["upload_url"]
    assert firm.part(url, 0, SCAN[:101]).body["fields"][0]["code"] == "size"
    large = {"op_id": str(uuid.uuid4()), "size": 10 * 1024 * 1024 + 1, "sha256": "0" * 64}
    assert firm.call("POST", "/api/v1/uploads", large).code == "attachment-refused"
    assert firm.call("POST", "/api/v1/uploads", large | {"size": large["size"] - 1}).status == 201
    assert firm.part(url, 0, b"\0" * (1024 * 1024 + 1)).code == "body-too-large"


def test_one_operation_is_one_file(firm: Knocker) -> None:
    op_id = str(uuid.uuid4())
    firm.upload(SCAN, op_id)
    other = firm.upload(SCAN + b"x", op_id)
    assert (other.status, other.code) == (422, "op-reused")


def test_a_device_holds_only_so_many(firm: Knocker, at: Callable[[timedelta], None]) -> None:
    for number in range(20):
        assert firm.upload(SCAN + bytes([number])).status == 201
    over = firm.upload(SCAN)
    assert (over.status, over.code, over.body["retry_after_s"]) == (429, "rate-limited", 3600)


def test_after_a_day_it_begins_again(
    city: Any, account: Callable[[str], dict[str, str]], at: Callable[[timedelta], None]
) -> None:
    firm, op_id = Knocker(InProcess()), str(uuid.uuid4())
    firm.sign_in(account("firm1"))
    url = firm.upload(SCAN, op_id).body["upload_url"]
    firm.part(url, 0, SCAN[:HALF])
    at(timedelta(hours=24))
    firm.sign_in(account("firm1"))  # a token does not live for a day
    assert (where(firm, url).status, where(firm, url).code) == (410, "upload-expired")
    assert firm.part(url, HALF, SCAN[HALF:]).code == "upload-expired"
    again = firm.upload(SCAN, op_id)
    assert again.body["offset"] == 0 and again.body["upload_url"] != url


def test_a_filing_waits_for_its_evidence_and_then_keeps_it(
    firm: Knocker,
    subject: Callable[[str], dict[str, str]],
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    item = filing(firm, subject, SCAN)
    early = deliver(firm, item)
    assert (early["status"], early["problem"]["code"]) == (409, "evidence-awaited")
    url = firm.upload(SCAN).body["upload_url"]
    firm.part(url, 0, SCAN[:HALF])
    assert deliver(firm, item)["status"] == 409
    firm.part(url, HALF, SCAN[HALF:])
    with django_capture_on_commit_callbacks(execute=True):
        done = deliver(firm, item)
    assert done["status"] == 200, done
    assert deliver(firm, item) == {**done, "replayed": True}
    assert Objection.objects.filter(number=done["body"]["number"]).count() == 1
    kept = Attachment.objects.get(objection=done["body"]["number"])
    assert (kept.name, kept.size, kept.media) == ("扫描.png", len(SCAN), "png")
    assert (settings.HENGXIN_HOME / "attachments" / kept.sha256).read_bytes() == SCAN
    assert Upload.objects.count() == 0
    assert parts(settings.HENGXIN_HOME) == []


def test_the_sweep_takes_what_is_over_and_what_nobody_owns(
    firm: Knocker, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    url = firm.upload(SCAN).body["upload_url"]
    firm.part(url, 0, SCAN[:HALF])
    home = settings.HENGXIN_HOME
    (home / "uploads" / ("f" * 32)).write_bytes(b"of a crash")
    now = datetime.now(UTC)
    assert uploads.sweep(now + timedelta(hours=23)) == 0
    assert len(parts(home)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.sweep(now + timedelta(hours=25)) == 1
    assert parts(home) == []
    assert where(firm, url).code == "not-found"


def test_a_full_disk_is_said_and_nothing_moves(firm: Knocker, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    url = firm.upload(SCAN).body["upload_url"]
    with monkeypatch.context() as disk:
        disk.setattr("server_stub.cases.uploads.os.fsync", full)
        said = firm.part(url, 0, SCAN[:HALF])
    assert (said.status, said.code) == (507, "storage-full")
    assert where(firm, url).headers["upload-offset"] == "0"
    assert firm.part(url, 0, SCAN[:HALF]).status == 200


def test_an_offset_that_is_missing_or_no_number_is_refused(firm: Knocker) -> None:
    url = firm.upload(SCAN).body["upload_url"]
    for headers in ({}, {"Upload-Offset": "-1"}, {"Upload-Offset": "x"}):
        assert firm.bare("PATCH", url, SCAN, headers).code == "body-invalid"
    assert firm.bare("HEAD", "/api/v1/uploads/..%2Fx", None).status in (404, 422)
