"""From the click on 查询 to a painted subject page, in the real window against a real server over TLS.

The floor is a bare GET of the meeting point on the same TLS session. Clicks, floor, copies and an idle sleep
take turns, so that all four meet the same neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measure import Figure, child, figure

ROUNDS = 21


def figures() -> Iterator[Figure]:
    """Wall time of click, copy and floor; what the idle control overslept; CPU of both sides."""
    said = child("benchmarks.officer", str(ROUNDS)).said
    floor = "GET /api/ on the same TLS session"
    yield figure("click_to_subject.wall", said["click_ms"], floor, said["get_ms"], "ms")
    yield figure("click_to_subject.idle_control", said["idle_ms"], floor, said["get_ms"], "ms")
    yield figure("click_to_subject.client_cpu", said["client_ms"], floor, said["get_client_ms"], "ms")
    yield figure("click_to_subject.server_cpu", said["server_ms"], floor, said["get_server_ms"], "ms")
    asked = "a click that asks the server"
    yield figure("copy_to_subject.wall", said["copy_ms"], asked, said["click_ms"], "ms")
    yield figure("copy_to_subject.client_cpu", said["copy_client_ms"], asked, said["client_ms"], "ms")
