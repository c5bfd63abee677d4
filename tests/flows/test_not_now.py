"""A server that has no room or is being mended: not now, said so, and nothing is lost."""

from __future__ import annotations

import json

import pytest

from tests.flows.proxy import Proxy
from tests.flows.server import Cli, Server

PROBLEM = "application/problem+json"
FULL = (507, PROBLEM, json.dumps({"code": "storage-full", "status": 507}).encode())
MENDED = (503, PROBLEM, json.dumps({"code": "maintenance", "status": 503, "retry_after_s": 600}).encode())
BARE = (503, "text/html", b"<h1>Service Unavailable</h1>")
BROKEN = (500, "text/html", b"<h1>Oops</h1>")


@pytest.mark.parametrize(
    ("refuse", "code", "words"),
    [
        (FULL, "storage-full", "存储空间"),
        (MENDED, "maintenance", "平台维护至"),
        (BARE, "maintenance", "维护"),
    ],
)
def test_what_was_asked_waits_for_a_better_moment(
    proxied_once: tuple[Cli, Proxy], server: Server, refuse: tuple[int, str, bytes], code: str, words: str
) -> None:
    cli, proxy = proxied_once
    proxy.path, proxy.refuse = "/queries", refuse
    said = cli.query(server.subject("rich")["code"], case=f"L-{code}-{len(refuse[2])}")
    assert (said.code, said.error) == (4, code), said.out
    error = said.json["error"]
    assert words in error["text"]
    assert "—" not in error["text"]
    assert error["retry"]
    assert "待发箱" in error["kept"]
    assert [(row["kind"], row["state"]) for row in cli("outbox", "list").json["items"]] == [
        ("query", "waiting")
    ]
    assert cli("sync").code == 4
    assert len(cli("outbox", "list").json["items"]) == 1
    proxy.refuse = None
    assert cli("sync").json["sent"] == 1
    assert cli("outbox", "list").json["items"] == []


def test_control_another_failure_is_no_matter_of_waiting(
    proxied_once: tuple[Cli, Proxy], server: Server
) -> None:
    cli, proxy = proxied_once
    proxy.path, proxy.refuse = "/queries", BROKEN
    said = cli.query(server.subject("rich")["code"], case="L-broken")
    assert (said.code, said.error) == (70, "fault"), said.out
    proxy.refuse = None
    assert cli("sync").code == 0
