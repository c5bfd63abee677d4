"""One server and one browser for all tests; each test is another caller."""

from __future__ import annotations

import importlib
import importlib.util
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.papers import GATEWAY, Paper, papers
from tests.server_stub.serving import Served


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page") / "home"


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[Served]:
    one = Served(home, "--sample", "small", env=GATEWAY)
    try:
        one.wait()
        yield one
    finally:
        one.stop(signal.SIGKILL)


@pytest.fixture(scope="session")
def page(server: Served) -> str:
    """The page's address."""
    return f"{server.card['url']}/v/"


@pytest.fixture(scope="session")
def issued(server: Served, home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Paper]:
    return papers(server, home, tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The browser. It is missing by intention in no test of this folder, so its absence is a failure."""
    if importlib.util.find_spec("selenium") is None:
        pytest.fail("selenium is not installed: make browser")
    driving = importlib.import_module("tests.browser.driving")
    for program in (driving.CHROMIUM, driving.DRIVER):
        if not program.exists():
            pytest.fail(f"{program} is not there: make browser")
    one = driving.Browser(tmp_path_factory.mktemp("profile"))
    yield one
    one.quit()


@pytest.fixture
def browser(window: Any) -> Iterator[Any]:
    """The window as a fresh visitor has it; whatever the test did, the console must have kept silent."""
    window.from_a_new_line()
    window.size(1280, 800)
    window.scheme("light")
    yield window
    window.scripts(on=True)
    assert window.complaints() == []
