"""Which copies are asked about together, and what the server's word about records means for a copy."""

from __future__ import annotations

from typing import Any, cast

from app.services.judging import AT_ONCE, apart, judge
from app.wire.messages import ReconcileReply, Revoked
from app.wire.routes import Routes


class Server:
    """Judges as the server does: by record, over all copies of one request."""

    def __init__(self, current: dict[str, int], known: set[str], over: tuple[str, ...] = ()) -> None:
        self.current, self.known, self.over = current, known, over
        self.asked: list[list[str]] = []

    def reconcile(self, copies: list[dict[str, Any]]) -> ReconcileReply:
        self.asked.append([copy["query_no"] for copy in copies])
        ended = {
            one["rec_id"]
            for copy in copies
            for one in copy["records"]
            if self.current.get(one["rec_id"], 0) != one["rev"]
        }
        gone = tuple(sorted({copy["query_no"] for copy in copies} - self.known))
        revoke = tuple(Revoked(rec_id, "corrected") for rec_id in sorted(ended))
        return ReconcileReply(revoke, f"c{len(self.asked)}", (), gone, (), self.over)


def test_a_newer_copy_of_the_same_record_is_not_taken_along_by_an_older_one() -> None:
    held = {"Q1": [("r1", 1), ("r2", 1)], "Q2": [("r1", 2)], "Q3": [("r3", 1)]}
    server = Server({"r1": 2, "r2": 1, "r3": 1}, {"Q1", "Q2", "Q3"})
    found = judge(cast(Routes, server), held)
    assert found.gone == {"Q1": "corrected"}
    assert found.revoked == {"r1": "corrected"}
    assert server.asked == [["Q1", "Q3"], ["Q2"]]
    assert found.cursor == "c1"  # what changed while the later ones were asked about is told again


def test_a_copy_the_server_never_gave_goes_even_without_a_record() -> None:
    found = judge(cast(Routes, Server({}, {"Q2"})), {"Q1": [], "Q2": []})
    assert found.gone == {"Q1": ""}


def test_what_a_letter_took_along_is_no_change_of_its_records() -> None:
    held = {"Q1": [("r1", 1)], "Q2": [("r2", 1)], "Q3": [("r3", 1)]}
    found = judge(cast(Routes, Server({"r3": 1}, {"Q2", "Q3"}, ("Q1",))), held)
    assert found.gone == {"Q1": "letter_ended", "Q2": "corrected"}
    assert found.revoked == {"r2": "corrected"}


def test_nothing_held_still_asks_for_the_place_of_the_feed() -> None:
    server = Server({}, set())
    assert judge(cast(Routes, server), {}).cursor == "c1"
    assert server.asked == [[]]


def test_no_request_holds_more_than_the_server_takes() -> None:
    batches = list(apart({f"Q{n}": [(f"r{n}", 1)] for n in range(2 * AT_ONCE + 1)}))
    assert [len(batch) for batch in batches] == [AT_ONCE, AT_ONCE, 1]
    assert AT_ONCE <= 500
