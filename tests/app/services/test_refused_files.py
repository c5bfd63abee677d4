"""A file that was not taken is told by its name and a reason, in sentences that exist for every reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from app.services.refused_files import (
    REASONS,
    RefusedFile,
    at_its_way,
    at_the_filing,
    refused_scan,
    require_left_out,
)
from app.texts import LANGUAGES, Texts
from app.trouble import NotRight
from app.wire.messages import FieldFlaw, ProblemBody
from app.wire.problems import Answered
from local_cache.evidence import Named
from server_stub import inert
from server_stub.cases import attachments, uploads

FILES = (Named(0, "a.pdf", 1, ""), Named(1, "示例" * 40 + ".pdf", 1, ""))


TWINS = (
    Named(0, "扫描件.pdf", 1, "a" * 64),
    Named(1, "1号.pdf", 1, "b" * 64),
    Named(2, "扫描件.pdf", 1, "c" * 64),
)


def problem(code: str = "attachment-refused", message: str = "", **more: str) -> dict[str, Any]:
    return {"code": code, "fields": [{"path": "attachments", "code": "type", "message": message, **more}]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", [*REASONS, "", "of-a-later-server"])
def test_each_reason_has_a_sentence_and_a_mark(language: str, why: str) -> None:
    texts, file = Texts(language), RefusedFile(0, "示例.pdf", why)
    assert "示例.pdf" in texts.say(file.text, file=file.name)
    assert texts.has(file.mark) and texts.has(RefusedFile(0, "示例.pdf", why, (1,)).mark)


def test_every_reason_that_the_server_gives_is_known() -> None:
    sources = [Path(str(one.__file__)).read_text("utf-8") for one in (attachments, uploads, inert)]
    given = re.findall(r'refused_attachment\([^"\n]*"(\w+)"\)|return "(\w+)"', "".join(sources))
    assert {one for pair in given for one in pair if one} == set(REASONS)


def test_on_its_way_it_is_the_file_that_was_brought() -> None:
    said = ProblemBody("attachment-refused", fields=(FieldFlaw("attachments", "active"),))
    assert at_its_way(said, 2, "a.pdf") == RefusedFile(2, "a.pdf", "active")
    assert at_its_way(ProblemBody("attachment-refused"), 2, "a.pdf") == RefusedFile(2, "a.pdf")
    assert at_its_way(ProblemBody("op-reused"), 2, "a.pdf") is None


def test_at_the_filing_it_is_found_by_the_beginning_of_its_name() -> None:
    assert at_the_filing(problem(message="a.pdf"), FILES) == RefusedFile(0, "a.pdf", "type")
    assert at_the_filing(problem(message=("示例" * 40)[:60]), FILES) == RefusedFile(1, FILES[1].name, "type")
    for other in (problem(message="b.pdf"), problem(), problem("not-found", "a.pdf"), {"code": 7}, None):
        assert at_the_filing(other, FILES) is None


def test_of_two_files_of_one_name_the_digest_tells_which() -> None:
    said = problem(message="扫描件.pdf", sha256="c" * 64)
    assert at_the_filing(said, TWINS) == RefusedFile(2, "扫描件.pdf", "type")
    assert at_the_filing(problem(message="扫描件.pdf", sha256="d" * 64), TWINS) is None  # none of these


def test_control_a_server_that_tells_the_name_alone_blames_neither_of_two() -> None:
    found = at_the_filing(problem(message="扫描件.pdf"), TWINS)
    assert found == RefusedFile(0, "扫描件.pdf", "type", (2,))
    assert (found.places, found.mark) == ((0, 2), "attachment.mark_one_of")
    with pytest.raises(NotRight, match=r"attachment\.stands"):
        require_left_out(found, (1,))
    require_left_out(found, (2,))  # the sound one need not go with it


def test_a_short_name_is_no_beginning_and_an_equal_one_goes_first() -> None:
    assert at_the_filing(problem(message="1"), TWINS) is None
    long = "示" * 60
    files = (Named(0, long + "一.pdf", 1, ""), Named(1, long, 1, ""), Named(2, long + "二.pdf", 1, ""))
    assert at_the_filing(problem(message=long), files) == RefusedFile(1, long, "type")
    assert at_the_filing(problem(message=long), (files[0], files[2])) == RefusedFile(
        0, long + "…", "type", (2,)
    )


def test_of_a_letter_s_scan_the_reason_is_told_with_its_name() -> None:
    said = ProblemBody("attachment-refused", fields=(FieldFlaw("scan_b64", "encrypted"),))
    told = refused_scan(Answered(422, said), "letter.pdf")
    assert (told.code, told.text, told.context) == (
        "attachment-refused", "attachment.refused_encrypted", {"file": "letter.pdf"},
    )  # fmt: skip
    other = refused_scan(Answered(422, ProblemBody("letter-known")), "letter.pdf")
    assert (other.code, other.text) == ("letter-known", "problem.letter-known")
