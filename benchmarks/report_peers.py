"""The child that draws the table with another library; runs by the interpreter of .venv-peers.

    python -m benchmarks.report_peers fpdf2|weasyprint|typst FOLDER FONTS

The same cells, the same faces (subsets embedded), A4 with the same margins, the head of the table on every
page, a rule under each row, the small print across. No cover, watermark, summary or data attached: what
they leave out favours them.
"""

from __future__ import annotations

import html
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MARGIN, FOOT = 20, 22
BODY, NOTE = 8.2, 7.6
INK, SOFT, BLUE, TINT, HAIR = "#14233B", "#4A5A70", "#1B4B8F", "#EFF3F9", "#C6D0DC"
REGULAR, MEDIUM = "NotoSansSC-Regular.ttf", "NotoSansSC-Medium.ttf"


def by_fpdf2(table: dict[str, Any], fonts: Path) -> bytes:
    from fpdf import FPDF
    from fpdf.enums import TableBordersLayout
    from fpdf.fonts import FontFace

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("sans", size=BODY)
            self.cell(text=f"{table['title']} {self.page_no()}")

    pdf = Paper(format="A4")
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(True, FOOT)
    pdf.add_font("sans", fname=str(fonts / REGULAR))
    pdf.add_font("medium", fname=str(fonts / MEDIUM))
    pdf.add_page()
    pdf.set_font("sans", size=BODY)
    pdf.set_draw_color(HAIR)
    head = FontFace(family="medium", color=BLUE, fill_color=TINT)
    aligns = tuple("CENTER" if place in table["centred"] else "LEFT" for place in range(len(table["heads"])))
    with pdf.table(
        col_widths=table["shares"],
        text_align=aligns,
        headings_style=head,
        line_height=4.6,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
    ) as drawn:
        drawn.row(table["heads"])
        note = FontFace(family="sans", color=SOFT, size_pt=NOTE)
        for row in table["rows"]:
            line = drawn.row()
            for text in row["cells"][:-1]:
                line.cell(text)
            line.cell(row["cells"][-1], style=FontFace(color=row["colour"]))
            for text in row["below"]:
                under = drawn.row()
                under.cell("")
                under.cell(text, colspan=len(table["heads"]) - 1, style=note, align="LEFT")
    return bytes(pdf.output())


def by_weasyprint(table: dict[str, Any], fonts: Path) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    faces = "".join(
        f"@font-face {{ font-family: {name}; src: url({(fonts / file).resolve().as_uri()}); }}"
        for name, file in (("paper", REGULAR), ("paper-medium", MEDIUM))
    )
    centred = "".join(f"td:nth-child({place + 1}) {{ text-align: center }}" for place in table["centred"])
    style = f"""{faces}
    @page {{ size: A4; margin: {MARGIN}mm {MARGIN}mm {FOOT}mm;
             @bottom-left {{ font: {BODY}pt paper; content: "{table["title"]} " counter(page) }} }}
    body {{ font: {BODY}pt/13.2pt paper; color: {INK} }}
    table {{ width: 100%; border-collapse: collapse; table-layout: fixed }}
    th {{ font-family: paper-medium; font-weight: normal; color: {BLUE}; background: {TINT} }}
    td, th {{ padding: 4.2pt 3pt }} {centred}
    tbody {{ border-bottom: 0.5pt solid {HAIR}; break-inside: avoid }}
    td.below {{ font-size: {NOTE}pt; line-height: 11.6pt; color: {SOFT}; text-align: left;
                padding: 0 3pt }}"""
    wide = len(table["heads"]) - 1
    said: list[str] = ["<table><colgroup>"]
    said += [f'<col style="width: {share / sum(table["shares"]) * 100:.3f}%">' for share in table["shares"]]
    said += ["</colgroup><thead><tr>", *(f"<th>{html.escape(text)}</th>" for text in table["heads"])]
    said.append("</tr></thead>")
    for row in table["rows"]:
        *plain, state = map(html.escape, row["cells"])
        said.append("<tbody><tr>" + "".join(f"<td>{text}</td>" for text in plain))
        said.append(f'<td style="color: {row["colour"]}">{state}</td></tr>')
        said += [
            f'<tr><td></td><td class="below" colspan="{wide}">{html.escape(text)}</td></tr>'
            for text in row["below"]
        ]
        said.append("</tbody>")
    said.append("</table>")
    config = FontConfiguration()
    sheet = CSS(string=style, font_config=config)
    return bytes(HTML(string="".join(said)).write_pdf(stylesheets=[sheet], font_config=config))


TYPST = """
#let table_of = json("cells.json")
#set page(paper: "a4", margin: (x: {margin}mm, top: {margin}mm, bottom: {foot}mm),
          footer: context [#table_of.title #counter(page).display()])
#set text(font: "Noto Sans SC", size: {body}pt, fill: rgb("{ink}"), lang: "zh")
#let note(words) = text(size: {note}pt, fill: rgb("{soft}"), words)
#let head(words) = text(font: "Noto Sans SC", weight: 500, fill: rgb("{blue}"), words)
#let rule = table.hline(stroke: 0.5pt + rgb("{hair}"))
#table(
  columns: table_of.shares.map(share => share * 1fr),
  align: (column, _) => if table_of.centred.contains(column) {{ center }} else {{ left }},
  stroke: none, inset: (x: 3pt, y: 4.2pt),
  table.header(..table_of.heads.map(words => table.cell(fill: rgb("{tint}"), head(words)))),
  ..table_of.rows.map(row => (
    ..row.cells.slice(0, -1), text(fill: rgb(row.colour), row.cells.last()),
    ..row.below.map(line => (
      [], table.cell(colspan: table_of.heads.len() - 1, align: left, note(line)),
    )).flatten(),
    rule,
  )).flatten(),
)
"""


def by_typst(table: dict[str, Any], fonts: Path) -> bytes:
    import typst

    source = TYPST.format(
        margin=MARGIN, foot=FOOT, body=BODY, note=NOTE, ink=INK, soft=SOFT, blue=BLUE, tint=TINT, hair=HAIR
    )
    folder = Path(sys.argv[2])
    place = folder / "paper.typ"
    place.write_text(source, encoding="utf-8")
    only = folder / "fonts"
    only.mkdir(exist_ok=True)
    for file in (REGULAR, MEDIUM):
        if not (only / file).exists():
            (only / file).symlink_to((fonts / file).resolve())
    # their other ways write PDF 1.7 without tags too
    return bytes(typst.compile(str(place), font_paths=[str(only)], ignore_system_fonts=True, pdf_tags=False))


WAYS: dict[str, Callable[[dict[str, Any], Path], bytes]] = {
    "fpdf2": by_fpdf2, "weasyprint": by_weasyprint, "typst": by_typst,
}  # fmt: skip


def main() -> None:
    table = json.loads((Path(sys.argv[2]) / "cells.json").read_text(encoding="utf-8"))
    wall, begun = time.perf_counter(), time.process_time()
    pdf = WAYS[sys.argv[1]](table, Path(sys.argv[3]))
    cpu, wall = time.process_time() - begun, time.perf_counter() - wall
    (Path(sys.argv[2]) / f"{sys.argv[1]}.pdf").write_bytes(pdf)
    print(
        json.dumps({"with_fonts_ms": cpu * 1000, "wall_ms": wall * 1000, "kb": len(pdf) / 1000}), flush=True
    )


if __name__ == "__main__":
    main()
