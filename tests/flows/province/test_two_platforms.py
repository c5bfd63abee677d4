"""Two platforms, real processes over TLS, end equal whatever is cut, killed, repeated or changed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests import engines
from tests.flows.province.cutter import Cutter
from tests.flows.province.platforms import Platform, found, introduce

HERE = "tests.flows.province"
SECTIONS = ("--sections", "penalty,licence,serious,honour")
# bytes within which a connection is cut: a handshake and some batches of ten rows, or of compressed segments
SPAN, SPAN_OF_SEGMENTS = 30_000, 8_000


@dataclass
class Pair:
    """The city gives, the province takes; each reaches the other through a line that can be cut."""

    city: Platform
    province: Platform
    to_province: Cutter
    to_city: Cutter
    province_id: str
    city_id: str

    def standings(self) -> tuple[dict[str, object], dict[str, object]]:
        given = self.city.status(self.province_id)
        return given["given"], self.province.status(self.city_id)["taken"]

    def settle(self) -> None:
        """Deliver what is left over a whole line."""
        self.to_province.left = self.to_city.left = 0
        code, out, err = self.city.run("exchange", "push", self.province_id, "--until-empty", "--json")
        assert code == 0, out + err


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    place = tmp_path_factory.mktemp("platforms")
    seed = int(os.environ.get("HENGXIN_TEST_SEED", random.randrange(10**6)))
    print(f"HENGXIN_TEST_SEED={seed}")
    city = Platform(place / "city", ("centre1", "centre2"), ("--sample", "small"))
    with contextlib.ExitStack() as ends:
        ends.callback(city.stop)
        city.start()
        known = [one for one in city.card["subjects"] if one["kind"] == "person"]
        persons = [{key: one[key] for key in ("name", "number", "id_type")} for one in known]
        province = found(place / "province", persons)
        ends.callback(province.stop)
        province.start()
        lines = [Cutter(_port(province), seed, SPAN), Cutter(_port(city), seed + 1, SPAN_OF_SEGMENTS)]
        for line in lines:
            ends.callback(line.close)
        ids = [
            introduce(city, province, lines[0].url, "push", *SECTIONS),
            introduce(province, city, lines[1].url, "pull", *SECTIONS),
        ]
        yield Pair(city, province, lines[0], lines[1], ids[0], ids[1])


def _port(platform: Platform) -> int:
    return int(platform.card["url"].rpartition(":")[2])


def work(platform: Platform, seed: int, count: int) -> None:
    code, out, err = platform.run(str(seed), str(count), module=f"{HERE}.changing")
    assert code == 0, out + err


@pytest.mark.timeout(400)
def test_a_first_pull_by_segments_survives_cuts_and_changes(pair: Pair) -> None:
    """The city changes records between its closed segments and the pull, so the tail must win."""
    assert pair.city.say("exchange", "segments", pair.province_id)["closed"] >= 3
    work(pair.city, 1, 25)
    pair.to_city.left = 5
    words = ("exchange", "pull", pair.city_id, "--until-empty", "--most", "10", "--tries", "99")
    told = pair.province.say(*words)
    assert len(pair.to_city.made) == 5
    assert told["faults"] >= 5
    given, taken = pair.standings()
    assert given == taken
    assert int(str(given["records"])) > 100


def stormy(pair: Pair, cuts: int, *, module: str = "server_stub.command", kills: int = 0) -> None:
    """Push until so many transfers were cut; some of the pushing processes and servers are killed."""
    draw = random.Random(cuts)
    wanted = len(pair.to_province.made) + cuts
    pair.to_province.left, rounds = cuts, 0
    while len(pair.to_province.made) < wanted:
        rounds += 1
        assert rounds < 10 * cuts
        work(pair.city, rounds, 20)
        words = ("exchange", "push", pair.province_id, "--until-empty", "--most", "10", "--tries", "99")
        pushing = pair.city.begin(*words, module=module)
        try:
            if kills > 0:
                kills -= 1
                time.sleep(draw.uniform(1.0, 4.0))
                pushing.kill()
                if kills % 2:
                    pair.province.kill()
                    pair.province.start()
            out, err = pushing.communicate(timeout=1200)  # a line that breaks all the time is slow
        finally:
            if pushing.poll() is None:
                pushing.kill()
                pushing.communicate()
        assert pushing.returncode in (0, -9), out + err
        pair.city.act("exchange", "again")


@pytest.mark.timeout(900)
def test_equal_after_twenty_cuts_and_kills(pair: Pair) -> None:
    stormy(pair, 20, kills=4)
    pair.settle()
    given, taken = pair.standings()
    assert given == taken
    assert int(str(given["records"])) > 50


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_equal_after_two_hundred_cuts_and_kills(pair: Pair) -> None:
    stormy(pair, 200, kills=20)
    pair.settle()
    given, taken = pair.standings()
    assert given == taken


def leaves(platform: Platform, kind: str) -> set[str]:
    """What the leaves of a kind bind, read from the log of a home."""
    with engines.opened(platform.home) as log:
        rows = log.execute(f"select entry from evidence_leaf where kind = 'exchange.{kind}'")
        found: set[str] = set()
        while row := rows.fetchone():
            found.add(json.loads(row[0])["records_sha256"])
    return found


def test_every_turn_is_a_leaf_on_both_sides(pair: Pair) -> None:
    pushed, taken = leaves(pair.city, "pushed"), leaves(pair.province, "taken")
    assert pushed
    assert pushed <= taken
    given, acked = leaves(pair.city, "given"), leaves(pair.city, "acked")
    assert acked
    assert acked <= taken | leaves(pair.province, "segment")
    assert acked - leaves(pair.province, "segment") <= given


@pytest.mark.timeout(400)
def test_the_running_server_delivers_by_itself(pair: Pair) -> None:
    pair.settle()
    pair.city.stop()
    pair.city.every_s = 1
    pair.city.start()
    work(pair.city, 5, 10)
    until = time.monotonic() + 150
    while len(set(map(str, pair.standings()))) > 1:
        assert time.monotonic() < until
    pair.city.stop()
    pair.city.every_s = 86_400
    pair.city.start()


@pytest.mark.timeout(400)
def test_control_without_acknowledgements_they_differ(pair: Pair) -> None:
    """The same cuts for a server that believes everything arrived; afterwards a full round mends it."""
    pair.settle()
    pair.to_province.span, pair.to_province.left = 4_000, 99  # each cut lies before the end of a batch
    work(pair.city, 77, 60)
    words = ("exchange", "push", pair.province_id, "--until-empty", "--most", "10", "--json")
    code, out, err = pair.city.run(*words, module=f"{HERE}.careless")
    assert code == 0, out + err
    assert json.loads(out)["more"] is False
    given, taken = pair.standings()
    assert given != taken
    pair.city.act("exchange", "again")
    pair.settle()
    given, taken = pair.standings()
    assert given == taken
