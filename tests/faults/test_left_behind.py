"""After a day's work and a kill no name is left in the officer's HOME, temporary files or logs."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.canary import hits
from tests.faults.counter import Counter
from tests.officer.city import City, serve


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = serve(tmp_path_factory.mktemp("server") / "home")
    yield city
    city.kill()


@pytest.mark.keyring
def test_a_day_and_a_kill_leave_no_name_behind(tmp_path: Path, served: City) -> None:
    counter = Counter(tmp_path / "officer", served, served.account("bank_officer"))
    counter.finish("sign-in")
    said = counter.finish("day") + counter.kill_while_asking(7)
    names = sorted({name for line in said for name in line.get("names", ())})
    asked = [line for line in said if "query_no" in line]
    saved = frozenset(Path(line["saved"]) for line in said if "saved" in line)
    assert len(asked) == 67 and len(names) >= 5 and len(saved) == 3
    # The keyring's own store belongs to what a thief would find.
    trees = [counter.tree, Path(os.environ["XDG_DATA_HOME"])]
    found, files, size = hits(trees, names, leave_out=saved)
    assert not found, f"{len(found)} hits, the first: {found[:3]}"
    assert files > 5 and size > 200_000, "too little was searched to mean anything"
    print(f"0 hits of {len(names)} names in {size} bytes of {files} files; saved on purpose: {len(saved)}")

    # Control: the same names beside the vault, in a plain database and in a report, are found.
    plain = sqlite3.connect(counter.tree / "plain.db")
    plain.execute("create table answers (name text)")
    plain.executemany("insert into answers values (?)", [(name,) for name in names])
    plain.commit()
    plain.close()
    betrayed = {hit.word for hit in hits([counter.tree], names, leave_out=saved)[0]}
    assert betrayed == set(names)
