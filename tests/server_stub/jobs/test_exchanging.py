"""`import`, `apply`, `reverse` as they are typed: the real command on copies of departments' files."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.field.records import Bundle
from tests import engines
from tests.begun import begun
from tests.server_stub.api.test_queries import legal
from tests.server_stub.exchange.conftest import SAMPLES
from tests.server_stub.knocking import Knocker, OverTls
from tests.server_stub.serving import Served, signed_bundle

COMMAND = Path(sys.executable).parent / "hengxin-server"
LICENCES = "03_许可_utf8_bom.csv"
UNIT = {"code": "91430400MA004064XH"}
KEYS = ["batch", "read", "accepted", "refused", "refused_rows"]


class Typed:
    """The command beside a running server, on files that are copies."""

    def __init__(self, server: Served, home: Path, files: Path) -> None:
        self.server, self.home, self.files = server, home, files

    def __call__(self, *words: object, code: int = 0, **env: str) -> str:
        done = subprocess.run(
            [COMMAND, *map(str, words)],
            env=engines.environment(self.home) | {"HENGXIN_SERVER_HOME": str(self.home)} | env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr if code else done.stdout

    def json(self, *words: object) -> dict[str, Any]:
        card: dict[str, Any] = json.loads(self(*words, "--json"))
        assert list(card) == KEYS
        assert card["read"] == card["accepted"] + card["refused"]
        return card

    def ask(self) -> Bundle:
        """What a bank sees of the unit now."""
        card = self.server.card
        bank = Knocker(OverTls(card["url"], card["ca_file"]))
        account = next(one for one in card["accounts"] if one["user"] == "bank1")
        code = json.loads(self("device", "code", "bank1"))["enrolment_code"]
        assert bank.sign_in({**account, "enrolment_code": code}).body["state"] == "active"
        return signed_bundle(bank, bank.query(subject=legal(UNIT)))


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typed]:
    home = begun(tmp_path_factory.mktemp("exchanged") / "home")
    files = Path(shutil.copytree(SAMPLES, home.parent / "files"))
    server = Served(home, "--sample", "small")
    try:
        server.wait()
        yield Typed(server, home, files)
    finally:
        server.stop(signal.SIGKILL)


def test_a_hand_in_without_a_user_is_applied_by_one_and_taken_back(typed: Typed) -> None:
    staged = typed.json("import", typed.files / LICENCES, "--provider", "11430400MA00080034")
    assert (staged["read"], staged["accepted"], staged["refused_rows"]) == (60, 60, [])
    assert typed.json("apply", staged["batch"], "--as", "centre1")["accepted"] == 60
    seen = typed.ask()
    assert seen.subject is not None
    assert "衡许字〔2017〕第1号" in {record.document_no for record in seen.records}
    back = typed("reverse", staged["batch"], "--as", "centre1", "--why", "示例：来文部门撤回")
    assert staged["batch"] in back
    assert not back.startswith("{")
    assert "rev-conflict" in typed("apply", staged["batch"], "--as", "centre2", code=2)


def test_who_imported_does_not_apply(typed: Typed) -> None:
    words = ("import", typed.files / LICENCES, "--provider", "P1", "--kind", "licence", "--as", "centre1")
    batch = typed.json(*words)["batch"]
    for user in ("centre1", "bank1", "nobody"):
        assert "role-denied" in typed("apply", batch, "--as", user, code=2)
    assert typed("apply", batch, "--by", "centre2")  # the older spelling, and the second person
    assert typed("reverse", batch, "--by", "centre2", "--why", "示例")


def test_a_stranger_imports_nothing(typed: Typed) -> None:
    path = typed.files / LICENCES
    assert "role-denied" in typed("import", path, "--provider", "P1", "--as", "bank1", code=2)
    assert "a provider is named" in typed("import", path, "--provider", " ", code=2)
    assert "required" in typed("apply", "B1", code=2)
    assert "attachment-refused" in typed("import", typed.files / "NOTICE", "--provider", "P1", code=2)


def test_refused_rows_say_where_and_why(typed: Typed) -> None:
    rows = (typed.files / LICENCES).read_text(encoding="utf-8-sig").splitlines()
    broken = typed.files / "broken.csv"
    broken.write_text("\n".join([rows[0], rows[1].replace(UNIT["code"], "91430400MA0040640X"), rows[2]]))
    assert UNIT["code"] in rows[1]
    card = typed.json("import", broken, "--provider", "P1")
    assert (card["read"], card["accepted"], card["refused"]) == (2, 1, 1)
    assert {tuple(row) for row in card["refused_rows"]} == {("row", "cell", "code", "reason")}
    row = card["refused_rows"][0]
    assert (row["row"], row["cell"][1:], row["code"][:4]) == (2, "2", "code")
    told = typed("import", broken, "--provider", "P1")
    assert row["cell"] in told
    assert row["reason"] in told


@pytest.mark.parametrize(
    "name", sorted(path.name for path in SAMPLES.iterdir() if path.suffix in (".csv", ".xlsx"))
)
@pytest.mark.one_engine
def test_every_sample_is_read_and_counted(typed: Typed, name: str) -> None:
    if name == "cases.csv":
        assert "attachment-refused" in typed("import", typed.files / name, "--provider", "P1", code=2)
    else:
        assert typed.json("import", typed.files / name, "--provider", "P1")["read"] > 0


def test_the_home_comes_from_the_word_or_the_environment(typed: Typed, tmp_path: Path) -> None:
    path = typed.files / LICENCES
    words = ("import", path, "--provider", "P1", "--json")
    assert "HENGXIN_SERVER_HOME" in typed(*words, code=2, HENGXIN_SERVER_HOME="")
    assert "no server" in typed(*words, code=2, HENGXIN_SERVER_HOME=str(tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()
    assert json.loads(typed(*words, "--home", typed.home, HENGXIN_SERVER_HOME=str(tmp_path / "nowhere")))
