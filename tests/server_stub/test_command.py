"""What the staff type reaches its verb, also a device id that looks like an option."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server_stub.command import _parser, named_last

DASHED = "-0-LhTc5ZS8AidmZx3z4AkNVKkZmfTN7BN3_YZbTno4"


def test_a_device_id_may_begin_with_a_dash() -> None:
    given = ["device", "approve", DASHED, "--home", "/srv/x", "--by", "centre1"]
    words = _parser().parse_args(named_last(given))
    assert (words.act, words.name, words.by) == ("approve", DASHED, "centre1")


def test_control_as_typed_it_is_taken_for_an_option() -> None:
    with pytest.raises(SystemExit):
        _parser().parse_args(["device", "revoke", DASHED])


def test_other_words_stay_where_they_are() -> None:
    given = ["record", "annul", "r1", "--by", "centre1", "--reason=-0-Lh"]
    assert named_last(given) == given


def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path: Path) -> None:
    url = "postgresql://hengxin:word-that-nobody-sees@127.0.0.1:9/city"
    for verb in (["up"], ["device", "list", "bank1"]):
        done = subprocess.run(
            [sys.executable, "-m", "server_stub.command", *verb, "--home", str(tmp_path)],
            env={**os.environ, "DATABASE_URL": url}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
        assert done.stderr.startswith("the database does not answer")
        assert "word-that-nobody-sees" not in done.stderr + done.stdout


def typed(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "server_stub.command", *words],
        env={**os.environ, **env}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_home_that_is_a_file_and_settings_that_are_wrong_are_said_in_one_line(tmp_path: Path) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF")
    for home, said in ((letter, "is a file"), (letter / "home", "Not a directory")):
        done = typed("up", "--home", str(home))
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert said in done.stderr
    assert letter.read_bytes() == b"%PDF"
    assert "is a file" in typed("officer", "list", "--home", str(letter)).stderr
    done = typed("up", "--home", str(tmp_path / "home"), HENGXIN_PRODUCTION="yes")
    assert (done.returncode, done.stderr) == (1, "HENGXIN_PRODUCTION must be 0 or 1\n")


@pytest.mark.parametrize("port", ["99999", "65536", "-1", "x", "1.5", "８０８０"])
def test_a_port_that_is_none_is_said_before_anything_is_opened(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args(["up", "--home", "x", f"--port={port}"])
    assert ended.value.code == 2
    assert "a port is a number from 0 to 65535" in capsys.readouterr().err


def test_control_a_port_is_a_number() -> None:
    for port in (0, 8443, 65535):
        assert _parser().parse_args(["up", "--port", str(port)]).port == port


STOPPED = """
import sys
class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stop())
from {module} import main
sys.exit(main({words!r}))
"""


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("module", "name", "words"),
    [
        ("server_stub.command", "server_stub.refusals", ["openapi"]),
        ("server_stub.command", "server_stub.jobs.describing", ["openapi"]),
        ("app.cli", "app.cli.running", ["outbox", "list"]),
    ],
)
def test_an_early_interrupt_is_one_line_and_130(module: str, name: str, words: list[str]) -> None:
    program = STOPPED.format(module=module, name=name, words=words)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")
