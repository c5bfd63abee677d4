"""A workbook of text cells, written as the open format has it: nothing in it is a formula or a number.

Every cell is text by type and by format, so that a spreadsheet neither evaluates nor spoils it when somebody
mends it and sends it back. Characters that the format cannot hold become the replacement sign.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from app.field.formulas import calculates

LONGEST_CELL = 32_767
_PLAIN, _QUOTED, _HEAD = 0, 1, 2
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_TYPES = "".join(
    f'<Override PartName="/xl/{part}.xml" ContentType="{_KIND}{kind}+xml"/>'
    for part, kind in (
        ("workbook", "sheet.main"),
        ("worksheets/sheet1", "worksheet"),
        ("styles", "styles"),
        ("sharedStrings", "sharedStrings"),
    )
)
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f"{_TYPES}</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/{kind}" Target="{target}.xml"/>'
        for at, (kind, target) in enumerate(
            (("worksheet", "worksheets/sheet1"), ("styles", "styles"), ("sharedStrings", "sharedStrings")), 1
        )
    )
    + "</Relationships>",
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="SimSun"/></font>'
    '<font><b/><sz val="11"/><name val="SimSun"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>"
    '<xf numFmtId="49" fontId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" quotePrefix="1" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def write(path: Path, title: str, rows: Iterable[Sequence[str]]) -> None:
    """Write one sheet named `title`; the first row is its head. `path` appears whole or not at all."""
    known: dict[str, int] = {}
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        half = Path(file.name)
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as package:
            for name, text in _PARTS.items():
                package.writestr(name, _XML + text)
            package.writestr("xl/workbook.xml", _XML + _workbook(title))
            with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                for number, cells in enumerate(rows, 1):
                    sheet.write(_row(number, cells, known).encode())
                sheet.write(b"</sheetData></worksheet>")
            with package.open("xl/sharedStrings.xml", "w", force_zip64=True) as shared:
                shared.write(f'{_XML}<sst xmlns="{_MAIN}" uniqueCount="{len(known)}">'.encode())
                for text in known:
                    shared.write(f'<si><t xml:space="preserve">{_escaped(text)}</t></si>'.encode())
                shared.write(b"</sst>")
        half.chmod(0o600)
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def column(index: int) -> str:
    """The letters of a column; counts from 0."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _workbook(title: str) -> str:
    name = escape(re.sub(r"[\[\]:*?/\\]", " ", title)[:31], {'"': "&quot;"})
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="r1"/></sheets></workbook>'
    )


def _row(number: int, cells: Sequence[str], known: dict[str, int]) -> str:
    written = []
    for at, cell in enumerate(cells):
        if not cell:
            continue
        text = _UNFIT.sub("\ufffd", cell[:LONGEST_CELL])
        style = _HEAD if number == 1 else _QUOTED if calculates(text) else _PLAIN
        place = known.setdefault(text, len(known))
        written.append(f'<c r="{column(at)}{number}" s="{style}" t="s"><v>{place}</v></c>')
    return f'<row r="{number}">{"".join(written)}</row>'


def _escaped(text: str) -> str:
    return escape(text, {"\r": "&#13;"})
