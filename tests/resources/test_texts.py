"""Both languages say the same things, and Chinese is set as Chinese."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path
from typing import Any

import pytest

import resources

TEXTS = Path(resources.__file__).parent / "texts"
LEVELS = {"serious", "error", "warning", "info"}
# The server's own words follow the same rules.
ROOTS = [TEXTS, TEXTS.parents[1] / "server_stub" / "texts"]
HAN = r"[\u3400-\u9fff\U00020000-\U000323af]"
BESIDE_HAN = re.compile(rf"{HAN}\s?[,:;()]|[,:;()]\s?{HAN}")


def flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """{section.key: text} of one file."""
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found


def read(path: Path) -> dict[str, str]:
    return flat(tomllib.loads(path.read_text(encoding="utf-8")))


def places(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def names_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.toml")}


PAIRS = [
    pytest.param(root / "zh_CN" / name, root / "en" / name, id=f"{root.parent.name}-{name}")
    for root in ROOTS
    for name in sorted(names_of(root / "zh_CN") | names_of(root / "en"))
]


def differences(chinese: dict[str, str], english: dict[str, str]) -> list[str]:
    wrong = [f"{key}: only in one language" for key in sorted(chinese.keys() ^ english.keys())]
    for key in sorted(chinese.keys() & english.keys()):
        if places(chinese[key]) != places(english[key]):
            wrong.append(f"{key}: {sorted(places(chinese[key]))} against {sorted(places(english[key]))}")
        wrong += [f"{key}: empty" for text in (chinese[key], english[key]) if not text.strip()]
    return wrong


@pytest.mark.parametrize(("chinese", "english"), PAIRS)
def test_both_languages_hold_the_same_ids_and_places(chinese: Path, english: Path) -> None:
    assert differences(read(chinese), read(english)) == []


@pytest.mark.parametrize(("chinese", "english"), PAIRS)
def test_no_half_width_punctuation_beside_han(chinese: Path, english: Path) -> None:
    for path in (chinese, english):
        assert {key: text for key, text in read(path).items() if BESIDE_HAN.search(text)} == {}


def test_an_id_stands_in_one_file_only() -> None:
    seen: dict[str, str] = {}
    for path in sorted((TEXTS / "zh_CN").rglob("*.toml")):
        for key in read(path):
            assert key not in seen, f"{key} is in {seen.get(key)} and {path.name}"
            seen[key] = path.name


def test_every_notice_has_a_level() -> None:
    levels = read(TEXTS / "levels.toml")
    assert set(levels.values()) <= LEVELS
    assert levels.keys() == read(TEXTS / "zh_CN" / "notices.toml").keys()


def test_every_notice_of_the_design_is_there() -> None:
    notices = read(TEXTS / "zh_CN" / "notices.toml").keys()
    assert set(DESIGNED.split()) - notices == set()


def test_control_the_checks_find_what_they_should() -> None:
    chinese = {"a": "共 {n} 条", "b": "好", "c": "旧,新", "d": "x"}
    english = {"a": "{m} rows", "b": "good", "d": ""}
    assert differences(chinese, english) == ["c: only in one language", "a: ['n'] against ['m']", "d: empty"]
    for wrong in ("名称:甲", "甲(乙", "a;乙", "旧, 新"):
        assert BESIDE_HAN.search(wrong), wrong
    for right in ("时间 10:15。", "名称：甲", "f(x) 与 g(y)。", "A, B"):
        assert not BESIDE_HAN.search(right.replace(" 与 ", "")), right


DESIGNED = """
login.bad login.locked login.pwdExpired otp.bad otp.skew device.new device.pending device.revoked
tls.mismatch update.required session.elsewhere unlock.bad unlock.caps lock.idle keyring.missing
cache.corrupt query.purpose query.authNeeded query.authExpired query.authScope query.codeCheck query.idCheck
query.none query.ambiguous query.tooMany query.recent query.quota query.approval query.denied query.noAccess
net.timeout net.offline net.proxy server.maint server.error data.partial data.stale data.changed
list.serious list.honour list.expiring batch.import batch.columns batch.limit batch.paused batch.resume
batch.cancel batch.rowfail batch.export report.ready report.sign report.noPrinter report.printed
report.saveFail report.outdated verify.ok verify.bad verify.offline offline.lease offline.expired
offline.clock offline.back cache.full cache.removed objection.saved objection.size objection.type
objection.upload objection.sent objection.dup objection.result objection.rejected repair.early repair.sent
approve.self approve.taken approve.reason user.lastAdmin ledger.chain clip.copied exit.running
offline.copyEnded
"""
