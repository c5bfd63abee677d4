"""A wipe says what it takes, asks for a word, and does nothing without it."""

from __future__ import annotations

import io

import pytest

from app.assembly import Client
from app.cli import main, wiping
from app.clock import epoch_ms
from app.services.entries import note_act
from app.texts import LANGUAGES, Texts
from app.trouble import NotRight, Refused
from local_cache import answers
from tests.app.cli.conftest import Run
from tests.app.services.vaults import START, TurnedClock, bundle, kept_copy, note_draft, queue


class Terminal(io.StringIO):
    """Somebody sits there and types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def full(client: Client) -> Client:
    """A vault with something of each kind in it."""
    held = client.unlocking
    queue(held, "op1")
    queue(held, "op2", "query")
    queue(held, "op3", "copy.release")
    note_draft(held)
    note_act(held.room, "view", query_no="Q1")
    for number in ("Q1", "Q2"):
        kept = kept_copy(bundle(number), epoch_ms(START) + 3_600_000)
        held.room.run(lambda o, k=kept: answers.put(o.copies(), k, [("r1", 1)], "x"))  # type: ignore[misc]
    return client


def test_what_goes_is_said_before_the_word_is_asked_for(
    full: Client, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("不\n"))
    with pytest.raises(Refused) as no:
        run(wiping.wipe, yes=False)
    assert (no.value.code, no.value.exit_code) == ("wipe.declined", 3)
    said = capsys.readouterr().out
    for words in (
        "副本 2 份",
        "尚未报到平台的 1 条",
        "请求 1 项",
        "异议、数据纠错和修复申请 1 项",
        "归还 1 项",
        "草稿 1 份",
        "平台不能打开",
        "「销毁」",
    ):
        assert words in said
    assert full.unlocking.is_open()
    assert full.unlocking.losses().copies == 2


def test_the_word_destroys_and_says_what_was_sealed(
    full: Client, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("销毁\n"))
    done = run(wiping.wipe, yes=False)
    assert not full.unlocking.has_vault()
    assert (done.facts["sealed"], done.facts["sealed_for"]) == (4, "passphrase")
    assert done.facts["losses"] == {
        "objections": 1, "releases": 1, "drafts": 1, "requests": 1, "entries": 1, "copies": 2,
    }  # fmt: skip
    assert any("4 项" in line for line in done.lines)


@pytest.mark.parametrize(("as_json", "tty"), [(True, True), (False, False)])
def test_where_nobody_can_be_asked_yes_is_needed(
    full: Client, run: Run, monkeypatch: pytest.MonkeyPatch, as_json: bool, tty: bool
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("销毁\n") if tty else io.StringIO("销毁\n"))
    with pytest.raises(NotRight) as unasked:
        run(wiping.wipe, yes=False, json=as_json)
    assert (unasked.value.code, unasked.value.exit_code) == ("wipe.unasked", 2)
    assert full.unlocking.has_vault()


def test_yes_asks_nothing_and_tells_all_the_same(
    client: Client, run: Run, clock: TurnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing unsent, and a lease that has ended: the copies are there, and how many nobody can say."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    clock.pass_(hours=100)
    done = run(wiping.wipe, yes=True)
    assert (done.facts["sealed"], done.facts["sealed_for"], done.facts["losses"]["copies"]) == (0, "", None)
    assert any("份数不明" in line for line in done.lines)
    assert any("没有需要封存" in line for line in done.lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_names_yes(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["wipe", "--help", "--language", language])
    assert "--yes" in capsys.readouterr().out
    assert Texts(language).say("cli.wipe_word")
