"""What a command says when it goes wrong: one JSON document, one exit code, no secret, no values."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from app.cli import main, running
from app.cli.done import Done
from app.cli.secrets import Secrets
from app.texts import Texts
from app.trouble import FAMILIES, Fault, NotRight

EXITS = {"not_now": 4, "not_you": 3, "not_right": 2, "refused": 3, "not_trusted": 5, "vault": 6, "fault": 70}


class Typed(io.TextIOWrapper):
    """Standard input with bytes in it."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(io.BytesIO(raw), "utf-8")


def say(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = main(words)
    out = capsys.readouterr().out
    found: dict[str, Any] = json.loads(out)
    return code, found


@pytest.mark.parametrize("move", sorted(FAMILIES))
def test_each_family_has_its_exit_code(
    move: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Done:
        raise FAMILIES[move]("net.offline", kept="kept.nothing")

    monkeypatch.setitem(running.VERBS, "sync", fail)
    code, found = say(capsys, "sync", "--json", "--home", str(tmp_path))
    assert code == EXITS[move]
    assert set(found["error"]) >= {"code", "text", "kept", "advice", "retry"}
    assert all(found["error"][part] for part in ("code", "text", "kept", "advice"))


def test_our_own_mistake_is_said_without_its_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Done:
        raise RuntimeError("910430400MA00000000 测试甲")

    monkeypatch.setitem(running.VERBS, "sync", fail)
    code = main(["sync", "--json", "--home", str(tmp_path)])
    said = capsys.readouterr()
    assert code == 70
    assert json.loads(said.out)["error"]["context"]["kind"] == "RuntimeError"
    assert "测试甲" not in said.out + said.err


def test_who_reads_may_leave_and_the_code_stands(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setitem(running.VERBS, "sync", lambda *_: Done({}, ("示例",), 3))
    with os.fdopen(writer, "w", encoding="utf-8") as left:
        monkeypatch.setattr("sys.stdout", left)
        assert main(["sync", "--home", str(tmp_path)]) == 3
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("words", [(), ("nonsense",), ("query", "--nonsense"), ("report", "Q1"), ("cached",)])
def test_wrong_usage_is_exit_2_and_json_all_the_same(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = say(capsys, *words, "--json")
    assert (code, found["error"]["code"]) == (2, "usage.broken")


@pytest.mark.parametrize("option", ["--password", "--totp", "--passphrase", "--number"])
def test_no_secret_and_no_number_has_an_argument(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sign-in", option, "x", "--json"]) == 2
    assert main(["query", option, "x", "--json"]) == 2
    assert '"usage.broken"' in capsys.readouterr().out


def test_options_may_stand_before_or_after_the_verb(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("--home", str(tmp_path), "--json", "lock"), ("lock", "--json", "--home", str(tmp_path))):
        code, found = say(capsys, *words)
        assert (code, found["error"]["code"]) == (6, "vault.none")


@pytest.mark.parametrize(
    ("language", "said"), [("zh_CN", "先运行 hengxin sign-in"), ("en", "with hengxin sign-in")]
)
def test_a_computer_that_never_signed_in_is_told_to(
    language: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found = say(capsys, "purposes", "--json", "--home", str(tmp_path), "--language", language)
    assert found["error"]["code"] == "vault.none" and said in found["error"]["advice"]


def test_secrets_of_a_private_file_are_read(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_text('{"passphrase": "p", "totp": 123456}')
    file.chmod(0o600)
    secrets = Secrets(str(file), Texts())
    assert secrets.get("passphrase") == "p"
    assert secrets.get("totp") == "123456"
    with pytest.raises(NotRight, match="secrets.missing"):
        secrets.get("password")


@pytest.mark.parametrize(("mode", "raw", "code"), [
    (0o640, "{}", "secrets.open-file"), (0o604, "{}", "secrets.open-file"), (0o600, "[1]", "secrets.broken"),
    (0o600, "not json", "secrets.broken"),
])  # fmt: skip
def test_an_open_or_broken_secrets_file_is_refused(tmp_path: Path, mode: int, raw: str, code: str) -> None:
    file = tmp_path / "s.json"
    file.write_text(raw)
    file.chmod(mode)
    with pytest.raises(NotRight) as caught:
        Secrets(str(file), Texts())
    assert caught.value.code == code


def test_a_person_comes_by_standard_input_alone_or_beside_the_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    person = {"name": "测试甲", "id_type": "resident_id", "number": "x"}
    monkeypatch.setattr("sys.stdin", Typed(json.dumps({"passphrase": "p", "person": person}).encode()))
    both = Secrets("-", Texts())
    assert (both.get("passphrase"), both.person("-")) == ("p", person)
    monkeypatch.setattr("sys.stdin", Typed(json.dumps(person).encode()))
    assert Secrets("", Texts()).person("-") == person
    file = tmp_path / "p.json"
    file.write_text(json.dumps({**person, "number": " "}))
    with pytest.raises(NotRight) as caught:
        Secrets("", Texts()).person(str(file))
    assert caught.value.context["field"] == "number"


def test_what_is_kept_is_not_to_be_asked_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Done:
        raise Fault("fault", "problem.fault", {"trace": "1"}, kept="kept.intent")

    monkeypatch.setitem(running.VERBS, "sync", fail)
    _, found = say(capsys, "sync", "--json", "--home", str(tmp_path))
    assert "待发箱" in found["error"]["kept"]
    assert "不必重问" in found["error"]["advice"]


def test_an_interrupted_command_says_where_its_requests_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> Done:
        raise KeyboardInterrupt

    monkeypatch.setitem(running.VERBS, "sync", interrupted)
    assert main(["sync", "--home", str(tmp_path)]) == 130
    assert "待发箱" in capsys.readouterr().err


@pytest.mark.parametrize(("source", "code"), [("nothing.json", "secrets.no-file"), (".", "secrets.no-file")])
def test_a_secrets_file_that_is_not_there_is_named(tmp_path: Path, source: str, code: str) -> None:
    with pytest.raises(NotRight) as said:
        Secrets(source, Texts())
    assert said.value.code == code
    assert source in Texts().say(code, **said.value.context)


def test_a_person_file_names_what_is_missing_in_it(tmp_path: Path) -> None:
    secrets, card = Secrets("", Texts()), tmp_path / "p.json"
    with pytest.raises(NotRight) as gone:
        secrets.person(str(card))
    assert (gone.value.code, gone.value.context["file"]) == ("subject.person-missing", str(card))
    card.write_text(json.dumps({"name": "测试甲", "id_type": "driving_licence", "number": "1"}), "utf-8")
    with pytest.raises(NotRight) as kind:
        secrets.person(str(card))
    assert kind.value.code == "subject.id-type"
    assert "resident_id" in Texts().say("subject.id-type", **kind.value.context)
