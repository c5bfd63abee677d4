"""A report is PDF/A-3b by the judgement of a checker that is not ours, and carries itself as data."""

from __future__ import annotations

import re
from io import BytesIO

import msgspec
import pikepdf
import pytest
from pikepdf import pdfa
from PIL import Image, ImageCms

from app.field.paper_facts import Facts
from app.field.reportdoc import Copy, ReportScope, read_document, write_document
from app.report import ReportFlaw, render
from app.report.colours import srgb
from app.report.printed import attachment
from tests.app.report import facts_samples, samples
from tests.app.report.tools import FONTS


def findings(pdf: bytes) -> list[str]:
    """What the checker has against the very bytes; empty if nothing."""
    report = pdfa.validate_written(BytesIO(pdf), "3b")
    assert report.passed == (not report.findings)
    return [f"{one.rule} {one.where} {one.message}" for one in report.findings]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_report_is_an_archival_file(language: str) -> None:
    assert findings(render(samples.official(language=language), FONTS)) == []


@pytest.mark.parametrize(
    ("paper", "facts"),
    [
        ("screening", facts_samples.screening()),
        ("looks", facts_samples.who_looked("person")),
        ("answer", facts_samples.answer()),
    ],
)
def test_a_paper_of_facts_is_an_archival_file(paper: str, facts: Facts) -> None:
    assert findings(render(facts_samples.stated(facts, paper), FONTS)) == []


@pytest.mark.parametrize(
    "wish",
    [
        {"template": "summary"},
        {"template": "special", "scope": ReportScope("2021-11-23", "2026-11-22")},
        {"large": True},
    ],
)
def test_so_is_each_paper_and_large_print_and_its_bytes_repeat(wish: dict[str, object]) -> None:
    document = samples.official(**wish)
    pdf = render(document, FONTS)
    assert findings(pdf) == []
    assert render(read_document(write_document(document)), FONTS) == pdf


@pytest.mark.parametrize("copy", ["preview", "working", "offline"])
def test_so_is_every_other_paper_and_none_carries_data(copy: Copy) -> None:
    pdf = render(samples.other(copy), FONTS)
    assert findings(pdf) == []
    with pikepdf.open(BytesIO(pdf)) as document:
        assert list(document.attachments) == []
    assert b"EmbeddedFile" not in pdf


def test_rare_characters_and_a_person_are_archival_too() -> None:
    card = samples.subject("衡阳㛃𬭊䶮𠮷建设有限公司（示例）")
    assert findings(render(samples.official(samples.bundle(card=card)), FONTS)) == []
    assert findings(render(samples.official(samples.bundle((), card=samples.person())), FONTS)) == []


def test_each_stream_is_as_long_as_it_says_and_ends_a_line() -> None:
    """ISO 19005-3, 6.1.7.1. ReportLab leaves the line end out, and the checker above does not look at it."""
    pdf = render(samples.official(), FONTS)
    ends = []
    for found in re.finditer(rb"\nstream\n", pdf):
        told = re.findall(rb"/Length (\d+)", pdf[pdf.rindex(b" obj", 0, found.start()) : found.start()])
        end = found.end() + int(told[-1])
        ends.append(pdf[end : end + 10])
    assert len(ends) > 20
    assert set(ends) == {b"\nendstream"}
    assert pdf.count(b"endstream") == len(ends)


@pytest.mark.parametrize("spoil", ["/OutputIntents", "/Metadata", "/AF"])
def test_control_without_one_of_its_parts_it_is_none(spoil: str) -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(render(samples.official(), FONTS))) as document:
        del document.Root[spoil]
        document.save(out)
    assert findings(out.getvalue())


def test_control_a_page_transition_is_found() -> None:
    """ReportLab writes one on each page; without our care no report would be archival."""
    out = BytesIO()
    with pikepdf.open(BytesIO(render(samples.official(), FONTS))) as document:
        document.pages[0]["/Trans"] = pikepdf.Dictionary()
        document.save(out)
    assert findings(out.getvalue())


def test_one_file_is_attached_and_it_is_the_report_as_data() -> None:
    report = samples.official()
    with pikepdf.open(BytesIO(render(report, FONTS))) as document:
        assert list(document.attachments) == ["report.json"]
        spec = document.attachments["report.json"]
        file = spec.get_file()
        assert file.read_bytes() == attachment(report)
        assert file.mime_type == "application/json"
        assert str(spec.obj["/AFRelationship"]) == "/Data"
        assert str(spec.obj["/Desc"])
        assert document.Root["/AF"][0].objgen == spec.obj.objgen
        assert file.md5


def test_metadata_and_information_say_the_same() -> None:
    with pikepdf.open(BytesIO(render(samples.official(), FONTS))) as document:
        told, info = document.open_metadata(), document.docinfo
        assert told.pdfa_status == "3B"
        assert told["dc:title"] == str(info["/Title"])
        assert told["dc:creator"] == [str(info["/Author"])]
        assert told["dc:description"] == str(info["/Subject"])
        assert told["pdf:Keywords"] == str(info["/Keywords"])
        assert told["pdf:Producer"] == str(info["/Producer"])
        assert told["xmp:CreatorTool"] == str(info["/Creator"])
        assert told["xmp:CreateDate"] == told["xmp:ModifyDate"] == "2026-11-22T09:42:16+08:00"
        assert str(info["/CreationDate"]) == "D:20261122094216+08'00'"


def test_signs_of_xml_in_a_name_stay_a_name() -> None:
    card = samples.subject("甲<乙>&丙有限公司（示例）")
    with pikepdf.open(BytesIO(render(samples.official(samples.bundle(card=card)), FONTS))) as document:
        assert str(document.open_metadata()["dc:title"]).endswith("甲<乙>&丙有限公司（示例）")


def test_an_official_report_without_the_platforms_signature_is_not_set() -> None:
    with pytest.raises(ReportFlaw):
        render(msgspec.structs.replace(samples.official(), sig_b64=""), FONTS)


def test_the_profile_is_srgb_by_another_librarys_measure() -> None:
    ours = ImageCms.ImageCmsProfile(BytesIO(srgb()))
    theirs = ImageCms.createProfile("sRGB")
    picture = Image.new("RGB", (64, 64))
    steps = range(0, 256, 4)
    picture.putdata([(a, b, (a * 7 + b * 3) % 256) for a in steps for b in steps])
    turned = ImageCms.applyTransform(picture, ImageCms.buildTransform(ours, theirs, "RGB", "RGB", 1))
    assert turned is not None
    assert turned.tobytes() == picture.tobytes()
    assert len(srgb()) == int.from_bytes(srgb()[:4], "big") == 548
