"""The report as data says what the pages say: everything that a program needs, and nothing beside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from app.field.printed import AttachedReport, digest_of, printed_bytes, read_attached
from app.field.records import Basis, Bundle, Correction, FormerName, Record, Requester, RuleRef
from app.field.reportdoc import ReportDocument, TableEdition
from app.report import document_sha256, fonts_in, render
from app.report.ink import Text
from app.report.printed import attachment, printed
from app.report.rendering import lay_out
from app.report.setting import Setter
from app.report.words import in_beijing, words_in
from tests.app.report import samples
from tests.app.report.tools import FONTS, text_of

CODES = re.compile(  # words for programs: they are on the pages in the words of a language
    r"(type|v|template|language|copy|specimen|edition|section|kind|group|display|amount_doubt|"
    r"concerns_applicant|size|reprint|table)$"
)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for part in value:
            yield from leaves(part, path)
    else:
        yield path, value


def flat(text: str) -> str:
    return "".join(text.split())


def as_printed(path: str, value: Any) -> list[str]:
    """How a value looks on a page; any of them."""
    words = words_in("zh_CN")
    name = path.rpartition(".")[2]
    if name == "amount_fen":
        return [f"{value // 100:,}.{value % 100:02d}"]
    if isinstance(value, int):
        return [str(value)]
    if name in ("queried_at", "as_of", "issued_at"):
        return [f"{in_beijing(value):%Y-%m-%d %H:%M:%S}"]
    if name in ("received_at", "at") and "T" in value:
        return [f"{in_beijing(value):%Y-%m-%d %H:%M}"]
    if name in ("number", "root", "sha256"):
        return [value, value.upper()]
    return [value, words.day(value)]


def missing(report: dict[str, Any], text: str) -> list[tuple[str, Any]]:
    """Values of the data that no page shows. Grouped digits are read without their blanks."""
    page = flat(text)
    return [
        (path, value)
        for path, value in leaves(report)
        if value not in ("", None)
        and not CODES.search(path)
        and not any(flat(one) in page for one in as_printed(path, value))
    ]


@pytest.mark.parametrize("who", ["legal", "person"])
def test_every_value_of_the_data_stands_on_the_pages(who: str, tmp_path: Path) -> None:
    answer = samples.bundle(card=samples.person()) if who == "person" else samples.bundle()
    document = samples.official(answer, tables=(TableEdition("display", "0f9d9d888cb34022" * 4),))
    report = msgspec.to_builtins(printed(document))
    assert missing(report, text_of(render(document, FONTS), tmp_path, "-raw")) == []


def test_control_a_value_that_is_not_printed_is_found(tmp_path: Path) -> None:
    document = samples.official()
    report = msgspec.to_builtins(printed(document)) | {"query_no": document.bundle.query_no}
    text = text_of(render(document, FONTS), tmp_path, "-raw")
    assert missing(report, text) == [(".query_no", document.bundle.query_no)]


def unprinted(bundle: Bundle) -> Bundle:
    """The same answer with another value in every place that no page shows."""

    def record(one: Record) -> Record:
        why = one.why and RuleRef("t", "r", 9, one.why.basis, "x")
        return msgspec.structs.replace(one, rev=9, source_no="ANDERS", why=why)

    seen = bundle.requester
    assert bundle.subject is not None
    return msgspec.structs.replace(
        bundle,
        query_no="CX-ANDERS",
        op_id="anders",
        epoch="anders",
        as_of_seq=1,
        subject_key="A" * 26,
        subject=msgspec.structs.replace(bundle.subject, subject_key="A" * 26),
        requester=Requester(
            "anders", "安某", "ANDERS", seen.organisation_name, seen.organisation_kind, "anders"
        ),
        basis=msgspec.structs.replace(bundle.basis, sha256="0" * 64),
        lease=msgspec.structs.replace(bundle.lease, lease_id="anders", max_offline_s=1),
        records=tuple(record(one) for one in bundle.records),
        standing=tuple(msgspec.structs.replace(one, rec_id="anders", rev=9) for one in bundle.standing),
        rules=tuple(msgspec.structs.replace(one, table="t", row="r") for one in bundle.rules),
    )


def test_what_no_page_shows_is_in_neither_pages_nor_data(tmp_path: Path) -> None:
    one = samples.official()
    answer = unprinted(one.bundle)
    two = samples.official(answer)
    assert printed(one) == printed(two)
    assert document_sha256(one) == document_sha256(two)
    assert render(one, FONTS) == render(two, FONTS)
    secret = attachment(one).decode()
    for hidden in (one.bundle.query_no, one.bundle.op_id, one.bundle.subject_key, "XZCF-", "ab" * 32, "林某"):
        assert hidden not in secret


@pytest.mark.parametrize(
    "change",
    [
        {"case_no": "另一号"},
        {"records": ()},
        {"standing": ()},
        {"rules": ()},
        {"basis": Basis("letter", "SQ-2026-0382")},
        {"counters": ()},
    ],
)
def test_what_a_page_shows_is_in_the_digest(change: dict[str, Any]) -> None:
    answer = msgspec.structs.replace(samples.bundle(), **change)
    assert document_sha256(samples.official(answer)) != document_sha256(samples.official())


@pytest.mark.parametrize(
    "name", sorted(set(Record.__struct_fields__) - {"rev", "source_no", "why", "rec_id"})
)
def test_a_changed_member_of_a_record_changes_pages_and_data_together(name: str) -> None:
    """For each member in each kind of section: either both tell of it, or neither."""
    others: dict[str, Any] = {
        "section": "other",
        "display": "label",
        "amount_fen": 1_234_567,
        "amount_doubt": "unit",
        "objection": samples.everyday()[0].objection,
        "repair": samples.everyday()[0].repair,
        "corrections": (Correction("2026-07-02", "更名", "原名某某"),),
        "fields": (("某栏", "某值"),),
    }
    value = others.get(name, "2027-01-02" if "_on" in name or name[:5] in ("valid", "publi") else "某某字样")
    if name == "received_at":
        value = "2026-05-20T19:12:00.000Z"
    for plain in (samples.penalty(1), samples.licence(1)):
        changed = msgspec.structs.replace(plain, **{name: value})
        one, two = (samples.official(samples.bundle((row,), entries=())) for row in (plain, changed))
        same_data = printed(one).records == printed(two).records
        pages = [page_text(each) for each in (one, two)]
        assert same_data == (pages[0] == pages[1]), (plain.section, name)


def page_text(document: ReportDocument) -> str:
    """All that the pages say, but for the digest, which differs whenever anything does."""
    setter = Setter(fonts_in(FONTS), words_in(document.language))
    marks = (mark for page in lay_out(document, setter) for mark in page)
    text = flat("".join(mark.text for mark in marks if isinstance(mark, Text)))
    digest = document_sha256(document).upper()
    return text.replace(digest, "").replace(digest[:16], "")


def test_a_person_is_masked_and_has_none_of_the_fields_of_a_unit() -> None:
    card = msgspec.structs.replace(
        samples.person(), address="某路 1 号", capital="1", former_names=(FormerName("曾用名"),)
    )
    subject = printed(samples.official(samples.bundle(card=card))).subject
    assert subject.code == samples.person().code
    assert "*" in subject.code
    assert (subject.address, subject.capital, subject.former_names) == ("", "", ())


def test_the_attached_file_carries_the_printed_digest_and_a_signature(tmp_path: Path) -> None:
    document = samples.official()
    attached, content = read_attached(attachment(document))
    assert attached.document_sha256 == digest_of(content) == document_sha256(document)
    assert content == printed_bytes(attached.document)
    import base64

    samples.KEY.public_key().verify(base64.b64decode(attached.sig_b64), content)
    assert flat(attached.document_sha256.upper()) in flat(text_of(render(document, FONTS), tmp_path, "-raw"))


def test_a_file_in_another_form_is_none() -> None:
    raw = attachment(samples.official())
    loose = json.loads(raw)
    for spoiled in (
        json.dumps(loose, indent=1).encode(),
        raw.replace(b'"check_code"', b'"check_code":"","check_code"', 1),
        raw + b" ",
        b"[]",
        b"{}",
        raw[:-1],
    ):
        with pytest.raises(ValueError, match="."):
            read_attached(spoiled)


def shipped_schema() -> dict[str, Any]:
    text = files("resources").joinpath("contract", "report.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def test_the_shipped_schema_is_that_of_the_structs() -> None:
    made = msgspec.json.schema(AttachedReport)
    shipped = shipped_schema()
    assert {name: shipped[name] for name in made} == json.loads(msgspec.json.encode(made))


@pytest.mark.parametrize("answer", [samples.bundle(), samples.bundle((), card=samples.person(), entries=())])
def test_an_attached_file_fits_the_shipped_schema(answer: Bundle) -> None:
    schema = shipped_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(attachment(samples.official(answer))), schema)


@pytest.mark.parametrize("spoil", ["document_sha256", "sig_b64"])
def test_control_a_file_without_a_member_does_not_fit(spoil: str) -> None:
    loose = json.loads(attachment(samples.official()))
    del loose[spoil]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(loose, shipped_schema())
