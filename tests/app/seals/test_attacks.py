"""Each known attack is refused with its reason, and a second reader's word on the same files is written down.

Poppler's pdfsig is asked as well. Where it differs from us, docs/SECURITY.md says why.
"""

from __future__ import annotations

import random
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from app.report import render
from app.seals import SealTrust, check
from app.seals.verdicts import REASONS
from server_stub.config.clock import clock
from server_stub.reports.authority import Seal
from tests.app.report import samples
from tests.app.report.tools import FONTS
from tests.app.seals.attacks import ATTACKS, VALID, WHOLE, Attack, Shop, flipped, signed_ranges
from tests.server_stub.own_seals import put_seal, seal_at


@pytest.fixture(scope="module")
def shop(
    sealed: bytes, unsealed: bytes, seal: Seal, other_seal: Seal, tmp_path_factory: pytest.TempPathFactory
) -> Shop:
    another = render(samples.official(samples.bundle((), card=samples.person())), FONTS)
    with clock(lambda: datetime.now(UTC) - timedelta(days=400)):
        ended = seal_at(tmp_path_factory.mktemp("ended-home"))
    return Shop(
        sealed, unsealed, put_seal(another, seal, datetime.now(UTC), samples.NUMBER), seal, other_seal, ended
    )


def poppler(pdf: bytes, tmp_path: Path) -> tuple[str, ...]:
    """What pdfsig says of validity and coverage, signature by signature."""
    file = tmp_path / "judged.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True).stdout
    lines = [line.strip() for line in said.splitlines()]
    valid = [line.partition(": ")[2] for line in lines if line.startswith("- Signature Validation")]
    return (*valid, *(line for line in lines if line.endswith("otal document signed")))


def trust_in(shop: Shop, attack: Attack, trust: SealTrust) -> SealTrust:
    """The pins of a client; for the ended seal those of a client that had pinned it."""
    if attack.make.__name__ != "by_an_ended_seal":
        return trust
    return msgspec.structs.replace(
        trust, issuer_pem=shop.ended_seal.issuer_pem, certificate_pem=shop.ended_seal.certificate_pem
    )


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.make.__name__))
def test_it_is_refused_with_its_reason(attack: Attack, shop: Shop, trust: SealTrust) -> None:
    verdict = check(attack.make(shop), trust_in(shop, attack, trust))
    assert not verdict.ok
    assert attack.reasons <= set(verdict.reasons), verdict.reasons
    assert set(verdict.reasons) <= set(REASONS)
    broken = {"content_changed", "signature_invalid"} & set(verdict.reasons)
    assert not (broken and "certificate_untrusted" in verdict.reasons)  # of it nothing was seen
    assert not (broken and "trusted" in {one.name for one in verdict.checks})
    assert verdict.data == b""


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.make.__name__))
def test_a_second_reader_says_what_we_know_it_says(attack: Attack, shop: Shop, tmp_path: Path) -> None:
    assert sorted(poppler(attack.make(shop), tmp_path)) == sorted(attack.poppler)


def test_control_both_accept_the_genuine_report(shop: Shop, trust: SealTrust, tmp_path: Path) -> None:
    assert check(shop.sealed, trust).ok
    assert poppler(shop.sealed, tmp_path) == (VALID, WHOLE)


@pytest.mark.parametrize("count", [2, pytest.param(50, marks=pytest.mark.nightly)])
def test_a_second_reader_agrees_on_good_and_on_changed_files(
    count: int, unsealed: bytes, seal: Seal, trust: SealTrust, tmp_path: Path
) -> None:
    for turn in range(count):
        good = put_seal(unsealed, seal, datetime.now(UTC), samples.NUMBER)
        assert check(good, trust).ok
        assert poppler(good, tmp_path) == (VALID, WHOLE)
        low, high = signed_ranges(good)[0]
        bad = flipped(good, low + (high - low) * (turn + 1) // (count + 1))
        assert not check(bad, trust).ok
        assert VALID not in poppler(bad, tmp_path)


def test_the_unused_rest_of_the_signature_is_nobodys_word(sealed: bytes, trust: SealTrust) -> None:
    """Zeros behind the signature, in the gap that no signature covers: another file, and the same report. The
    register, which knows the file's digest, refuses it.
    """
    place = signed_ranges(sealed)[1][0] - 20
    assert sealed[place : place + 1] == b"0"
    verdict = check(sealed[:place] + b"7" + sealed[place + 1 :], trust)
    assert (verdict.ok, verdict.document_sha256) == (True, check(sealed, trust).document_sha256)


@pytest.mark.parametrize("count", [60, pytest.param(500, marks=pytest.mark.nightly)])
def test_every_changed_byte_under_the_seal_is_refused(count: int, sealed: bytes, trust: SealTrust) -> None:
    """One byte to any other value, anywhere in the signed ranges; each refused for a reason with words."""
    chance = random.Random(20261126 + count)
    places = [place for low, high in signed_ranges(sealed) for place in range(low, high)]
    for place in chance.sample(places, count):
        spoiled = bytearray(sealed)
        spoiled[place] = (spoiled[place] + chance.randrange(1, 256)) % 256
        verdict = check(bytes(spoiled), trust)
        assert not verdict.ok, place
        assert verdict.reasons, place
        assert set(verdict.reasons) <= set(REASONS), verdict.reasons
