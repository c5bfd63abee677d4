"""Who tries numbers out learns nothing: one body, one status, and soon no answer at all."""

from __future__ import annotations

import ipaddress
import random
import re
import statistics
import time
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from app.field.report_numbers import report_number
from server_stub.portal.words import words
from server_stub.reports import asking
from tests.server_stub.in_process import InProcess
from tests.server_stub.portal.reading import read

pytestmark = pytest.mark.django_db
UNKNOWN = {
    "never issued": report_number(True, date(2026, 11, 23), "7" * 20),
    "a slip of the pen": report_number(True, date(2026, 11, 23), "7" * 20)[:-1] + "?",
    "another city": "CSXYE20261122K7M3QZ8T5WAX9D2RVB4NX",
    "no number": "hello",
    "long": "x" * 4000,
    "not to be kept": "a\x00b",
}
MOST = 10


def test_every_unknown_number_has_one_body_and_one_status(browser: Client, issued: dict[str, Any]) -> None:
    answers = [browser.get("/v/" + number.replace("?", "%3F")) for number in UNKNOWN.values()]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    told = [{k: v for k, v in answer.headers.items() if k != "X-Request-ID"} for answer in answers]
    assert all(one == told[0] for one in told)
    assert browser.get(f"/v/{issued['number']}").content != answers[0].content, "control"


def test_the_wire_tells_them_alike_as_well(issued: dict[str, Any]) -> None:
    bodies = [verify(number[:64]).body for number in UNKNOWN.values() if "\0" not in number]
    assert all(body == bodies[0] for body in bodies)
    assert verify(issued["number"]).body != bodies[0]


@pytest.mark.parametrize("kind", [kind for kind in UNKNOWN if kind != "never issued"])
def test_each_kind_of_unknown_is_looked_up_by_the_same_statements(
    browser: Client, issued: dict[str, Any], kind: str
) -> None:
    assert statements(browser, UNKNOWN[kind]) == statements(browser, UNKNOWN["never issued"])


def test_control_a_known_number_takes_other_statements(browser: Client, issued: dict[str, Any]) -> None:
    assert statements(browser, issued["number"]) != statements(browser, UNKNOWN["never issued"])


def test_whoever_scans_is_stopped_and_told_how_long_to_wait(browser: Client, issued: dict[str, Any]) -> None:
    statuses = [browser.get(f"/v/{UNKNOWN['never issued']}").status_code for _ in range(31)]
    assert statuses[:MOST] == [200] * MOST
    assert set(statuses[MOST:]) == {429}
    known, unknown, file = (
        browser.get(f"/v/{issued['number']}"),
        browser.get("/v/hello"),
        browser.post("/v/", {"pdf_sha256": issued["pdf_sha256"]}),
    )
    wait_s = int(known.headers["Retry-After"])
    assert 0 < wait_s <= asking.SPAN_S
    assert words("zh")["busy_advice"].format(wait_s=wait_s) in read(known).text
    bodies = {re.sub(rb"\d+ \xe7\xa7\x92", b"", answer.content) for answer in (known, unknown, file)}
    assert len(bodies) == 1, "a throttled answer is the same for all"
    assert browser.get("/v/").status_code == 200, "the empty page asks nothing"


def test_page_and_wire_share_the_bound(browser: Client, issued: dict[str, Any]) -> None:
    for _ in range(MOST):
        assert verify(issued["number"]).status == 200
    refused = verify(issued["number"])
    assert (refused.status, refused.code) == (429, "rate-limited")
    assert refused.headers["retry-after"] == str(refused.body["retry_after_s"])
    assert browser.get(f"/v/{issued['number']}").status_code == 429
    elsewhere = browser.get(f"/v/{issued['number']}", REMOTE_ADDR="10.0.0.8")
    assert elsewhere.status_code == 200, "control: the bound is of an address"


def test_behind_a_gateway_each_caller_has_his_own_bound(
    browser: Client, issued: dict[str, Any], settings: Any
) -> None:
    def ask(named: str) -> int:
        address = f"/v/{issued['number']}"
        return browser.get(address, headers={"X-Forwarded-For": named}).status_code

    assert {ask(f"198.51.100.{n}") for n in range(MOST)} == {200}
    assert ask("198.51.100.200") == 429, "nobody vouches for the header: all is one line"
    asking.tally.cache_clear()
    settings.HENGXIN_GATEWAYS = (ipaddress.ip_network("127.0.0.1"),)
    assert {ask(f"198.51.100.{n}") for n in range(MOST + 5)} == {200}
    assert [ask(f"203.0.113.{n}, 198.51.100.77") for n in range(MOST + 1)] == [200] * MOST + [429]


@pytest.mark.nightly
@pytest.mark.one_engine
def test_the_time_tells_no_kind_of_unknown_from_another(browser: Client, issued: dict[str, Any]) -> None:
    """400 of each in a shuffled order, each from a line of its own, in time of the processor: what neighbours
    take from it tells nothing of a number. How often one of a pair takes longer than the other comes near one
    half; the control is a number that is known. `-rP` shows the figures.
    """
    kinds = {name: UNKNOWN[name] for name in ("never issued", "another city", "no number")}
    took = timed(browser, {**kinds, "known": issued["number"]}, rounds=400)
    for name, times in took.items():
        low, middle, high = (round(one / 1e6, 2) for one in statistics.quantiles(times, n=4))
        share = longer(times, took["never issued"])
        print(f"{name}: {low} to {high} ms, median {middle}; {share:.3f} take longer than one never issued")
    for name in kinds:
        assert 0.4 < longer(took[name], took["never issued"]) < 0.6, name
    assert longer(took["known"], took["never issued"]) > 0.9, "control"


def timed(browser: Client, numbers: dict[str, str], rounds: int) -> dict[str, list[int]]:
    """Nanoseconds of the processor for each question, by its name."""
    took: dict[str, list[int]] = {name: [] for name in numbers}
    shuffle = random.Random(7).sample
    for turn in range(rounds):
        for name, number in shuffle(list(numbers.items()), len(numbers)):
            line = f"10.{len(name)}.{turn // 250}.{turn % 250}"
            start = time.thread_time_ns()
            browser.get(f"/v/{number}", REMOTE_ADDR=line)
            took[name].append(time.thread_time_ns() - start)
    return took


def longer(these: list[int], those: list[int]) -> float:
    """The share of pairs in which the first takes longer (Mann and Whitney's U over the number of pairs)."""
    return sum(one > other for one in these for other in those) / (len(these) * len(those))


def verify(number: str) -> Any:
    content = b'{"number": "%s"}' % number.encode()
    return InProcess(line="127.0.0.1").send("POST", "/api/v1/reports/verify", {"HYC-Protocol": "1"}, content)


def statements(browser: Client, number: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        browser.get("/v/" + number.replace("?", "%3F"))
    return [re.sub(r"'[^']*'", "''", one["sql"]) for one in seen.captured_queries]
