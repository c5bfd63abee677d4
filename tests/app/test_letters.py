"""Letters: card and scan belong together; what does not fit is named before anything is sent."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.field.identifiers import id_card_check, uscc_check
from app.letters import LARGEST, LetterCard, check_use, read_letter
from app.trouble import NotRight

NUMBER = "43040519900101000" + id_card_check("43040519900101000")
CODE = "91430400MA0000000" + uscc_check("91430400MA0000000")
CARD: dict[str, Any] = {
    "authoriser_name": "测试甲", "id_type": "resident_id", "id_number": NUMBER, "institution": "示例银行",
    "purposes": ["B01"], "scope": "全部", "signed_on": "2026-01-05", "valid_from": "2026-01-05",
    "valid_to": "2026-04-05", "kind": "single",
}  # fmt: skip
PDF = b"%PDF-1.4\n%%EOF\n"


def write(folder: Path, card: Any, scan: bytes = PDF, name: str = "a.pdf") -> Path:
    (folder / name).write_bytes(scan)
    (folder / f"{name}.json").write_text(json.dumps(card), "utf-8")
    return folder / name


def test_a_scan_with_its_card_beside_it(tmp_path: Path) -> None:
    letter = read_letter(write(tmp_path, CARD))
    assert letter.card.id_number == NUMBER
    assert letter.scan == PDF


@pytest.mark.parametrize(("name", "raw"), [("a.jpg", b"\xff\xd8\xff\xe0"), ("a.png", b"\x89PNG\r\n\x1a\n")])
def test_a_card_that_names_its_scan(tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    card = tmp_path / "letter.json"
    card.write_text(json.dumps({**CARD, "scan": name}))
    assert read_letter(card).scan_name == name


def test_an_enterprise_may_authorise_by_its_code(tmp_path: Path) -> None:
    card = {**CARD, "id_type": "uscc", "id_number": CODE, "authoriser_name": "示例公司"}
    assert read_letter(write(tmp_path, card)).card.id_type == "uscc"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"authoriser_name": " "}, "authoriser_name"),
        ({"id_number": NUMBER[:-1] + "0" if NUMBER[-1] != "0" else NUMBER[:-1] + "1"}, "id_number"),
        ({"id_type": "uscc"}, "id_number"),
        ({"purposes": []}, "purposes"),
        ({"purposes": "B01"}, "purposes"),
        ({"signed_on": "5.1.2026"}, "signed_on"),
        ({"kind": "twice"}, "kind"),
    ],
)
def test_a_broken_card_names_the_field(tmp_path: Path, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(NotRight) as caught:
        read_letter(write(tmp_path, {**CARD, **changes}))
    assert (caught.value.code, caught.value.context["field"]) == ("letter.card-broken", field)


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    card = {key: value for key, value in CARD.items() if key != "institution"}
    with pytest.raises(NotRight) as caught:
        read_letter(write(tmp_path, card))
    assert caught.value.context["field"] == "institution"


def test_impossible_dates(tmp_path: Path) -> None:
    with pytest.raises(NotRight, match="letter.dates"):
        read_letter(write(tmp_path, {**CARD, "valid_to": "2026-01-04"}))


@pytest.mark.parametrize("scan", [b"MZ", b"", b"<html>"])
def test_a_scan_of_another_kind_is_refused_whatever_its_name(tmp_path: Path, scan: bytes) -> None:
    with pytest.raises(NotRight, match="letter.scan-type"):
        read_letter(write(tmp_path, CARD, scan))


def test_a_scan_that_is_too_large(tmp_path: Path) -> None:
    with pytest.raises(NotRight, match="letter.scan-large"):
        read_letter(write(tmp_path, CARD, PDF + bytes(LARGEST)))


@pytest.mark.parametrize("scan", ["", "../a.pdf", "/etc/passwd", "nowhere.pdf"])
def test_a_card_may_only_name_a_scan_beside_it(tmp_path: Path, scan: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "a.pdf").write_bytes(PDF)
    (inner / "letter.json").write_text(json.dumps({**CARD, "scan": scan}))
    with pytest.raises(NotRight, match="letter.scan-missing"):
        read_letter(inner / "letter.json")


USE: dict[str, Any] = {
    "purpose": "B01", "institution": "示例银行", "id_type": "resident_id", "name": "测试甲", "number": NUMBER,
    "today": date(2026, 2, 1),
}  # fmt: skip


def card() -> LetterCard:
    return LetterCard(**{**CARD, "purposes": tuple(CARD["purposes"])})


def test_a_letter_that_fits_passes_on_its_first_and_last_day() -> None:
    for day in (date(2026, 1, 5), date(2026, 4, 5)):
        check_use(card(), **{**USE, "today": day})
    check_use(card(), **{**USE, "id_type": "resident_id_15"})  # the same document, written the old way


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"purpose": "B02"}, "letter-scope"),
        ({"today": date(2026, 1, 4)}, "letter-not-yet"),
        ({"today": date(2026, 4, 6)}, "letter-expired"),
        ({"institution": "示例银行二"}, "letter-mismatch"),
        ({"name": "测试乙"}, "letter-mismatch"),
        ({"number": CODE}, "letter-mismatch"),
        ({"id_type": "passport"}, "letter-mismatch"),
    ],
)
def test_a_letter_that_does_not_fit(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(NotRight) as caught:
        check_use(card(), **{**USE, **changes})
    assert caught.value.code == code
    if code == "letter-mismatch":  # the part is named, and no value
        assert (caught.value.text, caught.value.context) == (f"letter-mismatch.{next(iter(changes))}", {})


def test_a_card_with_a_member_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    path = tmp_path / "letter.json"
    for more, fits in (({"kind": "continuous"}, True), ({"knid": "continuous"}, False)):
        path.write_text(json.dumps({**CARD, "scan": "letter.png"} | more), encoding="utf-8")
        if fits:
            assert read_letter(path).card.kind == "continuous"
            continue
        with pytest.raises(NotRight) as caught:
            read_letter(path)
        assert (caught.value.code, caught.value.context) == ("letter.card-broken", {"field": "knid"})
