"""What every test stands on: no display, and a keyring that is either there or said to be missing."""

from __future__ import annotations

import gc
import os

# Qt reads this when it is first imported, so it has to be set before any test module is.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Elsewhere the Secret Service would be the one in which the person who runs the tests keeps real secrets.
WITH_KEYRING = os.environ.get("HENGXIN_TESTS_KEYRING") == "1"

if WITH_KEYRING and "PYTEST_XDIST_WORKER" in os.environ:
    from tests import own_keyring

    own_keyring.start()

import pytest  # noqa: E402
from django.conf import settings  # noqa: E402

from tests import begun, engines  # noqa: E402

gc.disable()  # until everything is collected: nothing of it goes away


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end; no look of the collector walks it again."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """The process that began the workers clears up behind them."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        begun.forget()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Outside tests/with_keyring.sh the keyring tests are left out and say so; inside it they must pass. On
    PostgreSQL only what touches the database runs, for the rest ran before.
    """
    if engines.on_postgres():
        without = [item for item in items if not touches_the_database(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]
    if WITH_KEYRING:
        return
    left_out = pytest.mark.skip(reason="needs the Secret Service of tests/with_keyring.sh")
    for item in items:
        if "keyring" in item.keywords:
            item.add_marker(left_out)


def touches_the_database(item: pytest.Item) -> bool:
    """It asks for the database, or its module starts servers; and the engine matters to it."""
    if item.get_closest_marker("one_engine") is not None:
        return False
    asks = item.get_closest_marker("django_db") is not None or "db" in getattr(item, "fixturenames", ())
    return asks or not {"engines", "Served"}.isdisjoint(vars(getattr(item, "module", None)))


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest) -> None:
    """A database for each worker. The library knows Django's own SQLite engine only; ours it would put into
    a file."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    for database in settings.DATABASES.values():
        if database["ENGINE"].endswith("sqlite"):
            database.setdefault("TEST", {})["NAME"] = ":memory:"
        elif worker:
            database.setdefault("TEST", {})["NAME"] = f"test_{database['NAME']}_{worker}"
