"""Over the socket: whoever asks learns in time that nobody is there, that it is slow, or why not."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from server_stub.reports.authority import Seal
from server_stub.seal import keeper as keeping
from server_stub.seal.asking import ask
from server_stub.seal.content import fits
from server_stub.seal.keeper import Keeper, Listener
from server_stub.seal.words import LONGEST, Place, SealAway
from tests.server_stub.seal.conftest import wanted


def test_it_answers_over_a_socket_of_its_own_user(
    seal_home: Path, made: Seal, keeper_of: Callable[..., Keeper]
) -> None:
    with Listener(seal_home, keeper_of()) as listener, listener.at_work():
        assert (seal_home / "seal" / "socket").stat().st_mode & 0o777 == 0o600
        asked = wanted(made)
        assert fits(ask(seal_home, asked), asked.content, made.certificate_pem)
        with pytest.raises(SealAway) as no:
            ask(seal_home, asked)
        assert no.value.why == "number-used"
    with pytest.raises(SealAway) as no:
        ask(seal_home, wanted(made, 2))
    assert no.value.why == "away"


def test_a_socket_that_was_left_behind_is_taken_over(
    seal_home: Path, made: Seal, keeper_of: Callable[..., Keeper]
) -> None:
    with socket.socket(socket.AF_UNIX) as line, Place(seal_home) as place:
        line.bind(place)
    with pytest.raises(SealAway):
        ask(seal_home, wanted(made))
    with Listener(seal_home, keeper_of()) as listener, listener.at_work():
        assert ask(seal_home, wanted(made))


def test_a_slow_one_is_not_waited_for_and_silence_holds_nobody_up(
    seal_home: Path, made: Seal, keeper_of: Callable[..., Keeper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SILENT_S", 0.2)
    with Listener(seal_home, keeper_of()) as listener:
        with pytest.raises(SealAway) as slow:  # it listens and nobody takes the request
            ask(seal_home, wanted(made), patience_s=0.2)
        assert slow.value.why == "slow"
        with listener.at_work(), socket.socket(socket.AF_UNIX) as silent:
            with Place(seal_home) as place:
                silent.connect(place)
            assert ask(seal_home, wanted(made, 2))
            silent.settimeout(3)
            assert silent.recv(1) == b""  # it was hung up on


@pytest.mark.parametrize("words", [b"{}\n", b"\xff\n", b'{"number":1}\n', b"x" * (LONGEST + 2)])
def test_what_is_no_request_gets_no_signature(
    seal_home: Path, keeper_of: Callable[..., Keeper], words: bytes
) -> None:
    with (
        Listener(seal_home, keeper_of()) as listener,
        listener.at_work(),
        socket.socket(socket.AF_UNIX) as line,
    ):
        with Place(seal_home) as place:
            line.connect(place)
        line.settimeout(5)
        try:
            line.sendall(words)
            said = line.recv(LONGEST)
        except (BrokenPipeError, ConnectionResetError):
            said = b""
        assert said in (b"", b'{"signature":"","why":"unfit","wait_s":0}\n')
