"""Workbooks of text cells, as the open format has them: nothing in them is a formula or a number.

Every cell is text by type and by format, so that a spreadsheet neither evaluates nor spoils it when somebody
mends it and sends it back. Characters that the format cannot hold become the replacement sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from app.field.formulas import calculates

LONGEST_CELL = 32_767
Sheets = Sequence[tuple[str, Iterable[Sequence[str]]]]
_PLAIN, _QUOTED, _HEAD = 0, 1, 2
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="SimSun"/></font>'
    '<font><b/><sz val="11"/><name val="SimSun"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>"
    '<xf numFmtId="49" fontId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" quotePrefix="1" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def workbook_parts(sheets: Sheets) -> Iterator[tuple[str, Iterator[str]]]:
    """The members of the package, in order, each with its text in pieces: take one whole before the next.

    The first row of a sheet is its head. Titles lose what the format forbids and end after 31 characters.
    """
    known: dict[str, int] = {}
    numbers = range(1, len(sheets) + 1)
    kinds = [
        ("workbook", "sheet.main"), ("styles", "styles"), ("sharedStrings", "sharedStrings"),
        *((f"worksheets/sheet{at}", "worksheet") for at in numbers),
    ]  # fmt: skip
    yield "[Content_Types].xml", _whole(_types(kinds))
    yield "_rels/.rels", _whole(_relations([("officeDocument", "xl/workbook.xml")]))
    targets = [
        *(("worksheet", f"worksheets/sheet{at}.xml") for at in numbers),
        ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"),
    ]  # fmt: skip
    yield "xl/_rels/workbook.xml.rels", _whole(_relations(targets))
    yield "xl/styles.xml", _whole(_STYLES)
    yield "xl/workbook.xml", _whole(_workbook([title for title, _ in sheets]))
    for at, (_, rows) in enumerate(sheets, 1):
        yield f"xl/worksheets/sheet{at}.xml", _sheet(rows, known)
    yield "xl/sharedStrings.xml", _strings(known)


def column_letters(index: int) -> str:
    """The letters of a column; counts from 0."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _whole(text: str) -> Iterator[str]:
    yield _XML + text


def _types(kinds: Iterable[tuple[str, str]]) -> str:
    parts = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_KIND}{kind}+xml"/>' for part, kind in kinds
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{parts}</Types>"
    )


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _workbook(titles: Iterable[str]) -> str:
    sheets = "".join(
        f'<sheet name="{_sheet_name(title)}" sheetId="{at}" r:id="r{at}"/>'
        for at, title in enumerate(titles, 1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _sheet_name(title: str) -> str:
    return escape(re.sub(r"[\[\]:*?/\\]", " ", title)[:31], {'"': "&quot;"})


def _sheet(rows: Iterable[Sequence[str]], known: dict[str, int]) -> Iterator[str]:
    yield f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'
    for number, cells in enumerate(rows, 1):
        yield _row(number, cells, known)
    yield "</sheetData></worksheet>"


def _strings(known: dict[str, int]) -> Iterator[str]:
    yield f'{_XML}<sst xmlns="{_MAIN}" uniqueCount="{len(known)}">'
    for text in known:
        yield f'<si><t xml:space="preserve">{_escaped(text)}</t></si>'
    yield "</sst>"


def _row(number: int, cells: Sequence[str], known: dict[str, int]) -> str:
    written = []
    for at, cell in enumerate(cells):
        if not cell:
            continue
        text = _UNFIT.sub("\ufffd", cell[:LONGEST_CELL])
        style = _HEAD if number == 1 else _QUOTED if calculates(text) else _PLAIN
        place = known.setdefault(text, len(known))
        written.append(f'<c r="{column_letters(at)}{number}" s="{style}" t="s"><v>{place}</v></c>')
    return f'<row r="{number}">{"".join(written)}</row>'


def _escaped(text: str) -> str:
    return escape(text, {"\r": "&#13;"})
