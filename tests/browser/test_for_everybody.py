"""Usable by keyboard, at any width and zoom, on paper; and nobody but the server hears of a visit."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.field.report_numbers import grouped
from server_stub.portal.words import words
from tests.app.report.tools import text_of
from tests.browser.papers import STATES, Paper

pytestmark = [pytest.mark.nightly, pytest.mark.browser, pytest.mark.one_engine]
SAY = words("zh")
IDS = ("verdict", "code", "number-form", "drop")
WIDTHS = {
    "200 % of 1280": (640, 400, 2),
    "400 % of 1280": (320, 200, 4),
    "phone": (360, 740, 3),
    "desk": (1280, 800, 1),
}


def test_the_keyboard_alone_is_enough(browser: Any, page: str, issued: dict[str, Paper]) -> None:
    browser.open(page)
    visited = []
    for _ in range(5):
        browser.press("TAB")
        visited.append(browser.focused())
        if visited[-1] == "number":
            break
    assert visited == ["other-language", "file", "number"]
    browser.press(issued["current"].number, "TAB")
    assert browser.focused() == "BUTTON"
    browser.press("ENTER")
    browser.wait_for(SAY["verify_page.number_current"], "#verdict-title")
    assert browser.focused() == "verdict", "the answer is where the reader is"


def test_control_what_the_keyboard_cannot_reach_is_noticed(browser: Any, page: str) -> None:
    browser.open(page)
    browser.run("document.getElementById('number').tabIndex = -1")
    visited = []
    for _ in range(5):
        browser.press("TAB")
        visited.append(browser.focused())
    assert "file" in visited
    assert "number" not in visited


def test_what_has_the_focus_is_seen(browser: Any, page: str) -> None:
    browser.open(page)
    for name in ("other-language", "file", "number"):
        browser.press("TAB")
        assert browser.focused() == name
        marked = "file ~ label" if name == "file" else name
        style = browser.run(f"return getComputedStyle(document.querySelector('#{marked}')).outlineStyle")
        assert style == "solid", name


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("state", [*STATES, "none", "unknown"])
def test_no_line_runs_out_of_the_window(
    browser: Any, page: str, issued: dict[str, Paper], width: str, state: str
) -> None:
    across, down, scale = WIDTHS[width]
    browser.size(across, down, scale, phone=width == "phone")
    address = issued[state].link if state in issued else page + ("" if state == "none" else "x")
    for query in ("?lang=zh", "?lang=en"):
        browser.open(address.partition("#")[0] + query)
        assert browser.overflow() <= 0, query


def test_control_a_line_that_runs_out_is_noticed(browser: Any, page: str) -> None:
    browser.open(page)
    browser.run("document.querySelector('h1').style.width = '3000px'")
    assert browser.overflow() > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(
    browser: Any, page: str, issued: dict[str, Paper], scheme: str
) -> None:
    browser.scheme(scheme)
    for address in (*(issued[state].link for state in STATES), page + "x"):
        browser.open(address)
        weak = browser.run(CONTRAST)
        assert weak == [], address


def test_control_words_that_do_not_are_noticed(browser: Any, page: str) -> None:
    browser.open(page)
    browser.run("document.querySelector('h1').style.color = '#999999'")
    assert len(browser.run(CONTRAST)) == 1


def test_nobody_but_the_server_is_asked(browser: Any, page: str, issued: dict[str, Paper]) -> None:
    browser.open(issued["current"].link)
    browser.choose(issued["current"].file)
    browser.wait_for(SAY["verify_page.state_current"], "#verdict-title")
    requests = browser.sent()
    assert {urlsplit(one["url"]).netloc for one in requests} == {urlsplit(page).netloc}
    assert [one["method"] for one in requests] == ["GET", "POST"]
    assert not any(name.lower() in {"referer", "cookie"} for one in requests for name in one["headers"])
    assert browser.run("return performance.getEntriesByType('resource').length") == 0
    assert browser.tell("Network.getAllCookies")["cookies"] == []
    stored = "return localStorage.length + sessionStorage.length"
    assert browser.run(stored) == 0


def test_control_a_page_without_its_policy_would_be_seen_to_ask_others(browser: Any, page: str) -> None:
    browser.tell("Page.setBypassCSP", enabled=True)
    try:
        browser.open(page)
        browser.run("return fetch('https://127.0.0.1:9/told').catch(() => 'nobody there')")
        assert urlsplit(browser.sent()[-1]["url"]).netloc == "127.0.0.1:9"
    finally:
        browser.tell("Page.setBypassCSP", enabled=False)
        browser.complaints()  # the browser says that nobody was there


def test_control_the_policy_stops_a_script_that_would_send_something(browser: Any, page: str) -> None:
    browser.open(page)
    tried = browser.run("return fetch('/api/').then(() => 'sent', () => 'stopped')")
    assert tried == "stopped"
    complaints = browser.complaints()
    assert complaints
    assert all("Content Security Policy" in one or "Fetch API cannot load" in one for one in complaints)


def test_on_paper_stands_the_verdict_and_no_form(
    browser: Any, issued: dict[str, Paper], tmp_path: Path
) -> None:
    browser.open(issued["current"].link)
    browser.wait_for(SAY["code_fits"], "#code")
    printed = base64.b64decode(browser.tell("Page.printToPDF")["data"])
    text = " ".join(text_of(printed, tmp_path).split())
    assert grouped(issued["current"].number) in text
    browser.tell("Emulation.setEmulatedMedia", media="print")
    shown = {name: browser.run(f"return document.getElementById('{name}').checkVisibility()") for name in IDS}
    assert shown == {"verdict": True, "code": True, "number-form": False, "drop": False}


CONTRAST = """
const light = (colour) => {
  const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (!/rgba\\(.*, 0\\)|transparent/.test(colour)) return colour;
  }
  return 'rgb(255, 255, 255)';
};
const weak = [];
for (const element of document.querySelectorAll('main *, header *, footer *, .specimen')) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!own || !element.checkVisibility()) continue;
  const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x);
  if ((a + 0.05) / (b + 0.05) < 4.5) weak.push(element.textContent.slice(0, 40));
}
return weak;
"""
