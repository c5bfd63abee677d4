"""What a file has to hold stands in the help, with an example that works."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from app.cli import main
from app.field.identifier_kinds import PERSONS
from app.letters import _Card, read_letter
from app.texts import LANGUAGES


def told(language: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["query", "--help", "--language", language])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_names_every_key_of_a_card_and_of_a_person(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(language, capsys)
    keys = set(re.findall(r"^  ([a-z_]+) {2,}\S", said, re.MULTILINE))
    assert set(_Card.__struct_fields__) <= keys
    assert {"name", "id_type", "number"} <= keys
    assert all(kind in said for kind in PERSONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_of_the_help_is_a_card_that_is_read(
    language: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    person, card = [json.loads(one) for one in re.findall(r'\{".*?\}', told(language, capsys), re.DOTALL)]
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    (tmp_path / "letter.pdf.json").write_text(json.dumps(card), "utf-8")
    letter = read_letter(tmp_path / "letter.pdf").card
    assert (letter.authoriser_name, letter.id_type, letter.id_number) == tuple(
        person[key] for key in ("name", "id_type", "number")
    )
    assert set(card) | {"scan"} == set(_Card.__struct_fields__)
