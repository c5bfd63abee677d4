"""A unit's new name reaches who holds a copy, by the feed and by a reconciliation; the copy itself holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from server_stub.feed import services as feed
from server_stub.subjects.models import Subject
from server_stub.subjects.services import rename
from tests.server_stub.api.test_queries import bundle
from tests.server_stub.knocking import Knocker


def test_who_holds_a_copy_is_told_and_who_holds_none_is_not(
    bank: Knocker, signed_in: Callable[[str], Knocker], subject: Callable[[str], dict[str, str]]
) -> None:
    seen = bundle(bank.query(subject={"kind": "legal", "number": subject("rich")["code"]}))
    other = signed_in("hall1")
    feed.number()
    start = bank.call("POST", "/api/v1/reconcile", {"copies": []}).body["cursor"]
    name = "红隼新科技（示例）有限公司"
    rename(Subject.objects.get(pk=seen.subject_key).subject_key, name, date(2026, 11, 20))
    feed.number()
    (told,) = bank.call("GET", "/api/v1/changes", cursor=start).body["changes"]
    assert (told["op"], told["reason"], told["rec_id"]) == ("put", "renamed", "")
    assert told["body"] == {"name": name, "until": "2026-11-20"}
    assert other.call("GET", "/api/v1/changes", cursor=start).body["changes"] == []

    held = [{"rec_id": record.rec_id, "rev": record.rev} for record in seen.records]
    body = {"copies": [{"query_no": seen.query_no, "records": held}]}
    answer = bank.call("POST", "/api/v1/reconcile", body).body
    assert (answer["revoke"], answer["gone"]) == ([], [])
    assert answer["renamed"] == [{"query_no": seen.query_no, "name": name, "until": "2026-11-20"}]
