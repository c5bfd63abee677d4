"""The labels at the head of a report, as the national layout of 2022 has them: on which kinds of list,
of which years, and the state in the register.
"""

from __future__ import annotations

from app.field.reportdoc import ReportDocument
from app.report.faces import MEDIUM, SANS
from app.report.facts import labelled
from app.report.flow import Flow
from app.report.ink import Block, Box, Mark, Text
from app.report.setting import Setter, baseline
from app.report.style import AMBER, AMBER_TINT, BODY, INK, JADE, JADE_TINT, SEAL, SEAL_TINT, SOFT, TINT

_LOOK = {"serious": (SEAL, SEAL_TINT), "abnormal": (AMBER, AMBER_TINT), "honour": (JADE, JADE_TINT)}
_HEIGHT, _PAD, _GAP = 16.0, 7.0, 6.0


def labels(document: ReportDocument, setter: Setter, flow: Flow, number: int) -> int:
    """The labels in a line, or in several where they are many."""
    words, sheet = setter.words, setter.sheet
    lead = words.say("paper_label.lead")
    x = sheet.left + setter.fonts.width(lead, SANS, BODY) + _GAP
    y, first = 8.0, x
    marks: list[Mark] = [Text(sheet.left, y + baseline(_HEIGHT, BODY), lead, SANS, BODY, SOFT)]
    for kind, text in labelled(document, words):
        colour, tint = _LOOK.get(kind, (INK, TINT))
        wide = min(setter.fonts.width(text, MEDIUM, BODY) + 2 * _PAD, sheet.edge - first)
        if x > first and x + wide > sheet.edge:
            x, y = first, y + _HEIGHT + _GAP
        marks.append(Box(x, y, wide, _HEIGHT, tint))
        marks.append(Text(x + _PAD, y + baseline(_HEIGHT, BODY), text, MEDIUM, BODY, colour))
        x += wide + _GAP
    flow.keep([Block(y + _HEIGHT + 4, tuple(marks))])
    return number
