"""From the commit of a correction to "superseded": at the public page and in a client that waits.

A real server over TLS, one officer's report; its record is corrected again and again by the staff's own
function in this process. The floor of the page is the same page asked just before; of the client an empty
page of the feed.
"""

from __future__ import annotations

import base64
import json
import os
import ssl
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, child, figure
from tests.officer.city import serve

ROUNDS = 4  # the page answers one address ten times a minute
SAYS = "已非最新"
MOST_S = 600.0


def figures() -> Iterator[Figure]:
    """Medians in milliseconds."""
    said = child("benchmarks.superseded", most_s=MOST_S).said
    yield figure("superseded.page", said["page"], "the page of a current report", said["page_before"], "ms")
    yield figure("superseded.client", said["client"], "an empty page of the feed", said["empty"], "ms")


def rounds(place: Path) -> dict[str, list[float]]:
    """Each round: a query, a report on it, a page of it, a correction, the page and the feed."""
    from tests.server_stub.knocking import Knocker, OverTls

    served = serve(place / "server")
    os.environ["HENGXIN_SERVER_HOME"] = str(served.home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "server_stub.config.settings"
    import django

    django.setup()
    from server_stub.records import services as records

    taken: dict[str, list[float]] = {}
    try:
        device = Knocker(OverTls(served.url, str(served.ca_file)))
        assert device.sign_in(served.account("bank_officer")).body.get("state") == "active"
        page = _Page(served.url, str(served.ca_file))
        rich = next(one for one in served.card["subjects"] if one["why"] == "rich")
        cursor = ""
        for turn in range(ROUNDS):
            query = device.query(subject={"kind": "legal", "number": rich["code"]}).body
            number = device.report(query["query_no"]).body["number"]
            records_shown = json.loads(base64.b64decode(query["answer"]["payload_b64"]))["records"]
            rec_id = next(one["rec_id"] for one in records_shown if one["section"] == "penalty")
            cursor = _to_the_end(device, cursor)
            began = time.perf_counter()
            assert not page.says_superseded(number)
            _note(taken, "page_before", began)
            began = time.perf_counter()
            assert _feed(device, cursor, 0)["changes"] == []
            _note(taken, "empty", began)
            heard: list[float] = []
            waiting = threading.Thread(target=_wait_for, args=(device, cursor, number, heard))
            waiting.start()
            time.sleep(0.3)
            records.correct(
                rec_id, {"fields": {"CF_SY": f"更正{turn}（示例）"}}, reason="更正（示例）", by="centre1"
            )
            began = time.perf_counter()
            assert page.says_superseded(number)
            _note(taken, "page", began)
            waiting.join()
            taken.setdefault("client", []).append((heard[0] - began) * 1000)
    finally:
        served.kill()
    return taken


class _Page:
    """The public page, asked by number."""

    def __init__(self, url: str, ca_file: str) -> None:
        self._url, self._trust = url, ssl.create_default_context(cafile=ca_file)

    def says_superseded(self, number: str) -> bool:
        with urllib.request.urlopen(  # noqa: S310 - our own https address
            f"{self._url}/v/{number}", context=self._trust, timeout=10
        ) as answer:
            said = answer.read().decode()
        assert number[-6:] in said
        return SAYS in said


def _feed(device: Any, cursor: str, wait: int) -> dict[str, Any]:
    answer = device.call("GET", "/api/v1/changes", None, cursor=cursor, limit=200, wait=wait)
    assert answer.status == 200, answer.body
    said: dict[str, Any] = answer.body
    return said


def _to_the_end(device: Any, cursor: str) -> str:
    while True:
        said = _feed(device, cursor, 0)
        cursor = str(said["next_cursor"])
        if not said["changes"] and not said["more"]:
            return cursor


def _wait_for(device: Any, cursor: str, number: str, heard: list[float]) -> None:
    """As a client waits: one request that the server answers when there is something."""
    while not heard:
        said = _feed(device, cursor, 25)
        cursor = str(said["next_cursor"])
        if any((one.get("body") or {}).get("number") == number for one in said["changes"]):
            heard.append(time.perf_counter())


def _note(taken: dict[str, list[float]], name: str, began: float) -> None:
    taken.setdefault(name, []).append((time.perf_counter() - began) * 1000)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(rounds(Path(folder))))
