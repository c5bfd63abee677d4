"""Whatever an officer may type as a case number stands on paper without a fault."""

from __future__ import annotations

from importlib.resources import as_file, files

import msgspec
import pytest

from app import report
from app.field.limits import text_flaw
from app.field.reportdoc import ReportTimes
from tests.app.services.vaults import bundle

ODD = ["😀" * 120, "字" * 120, "ﷺ" * 60, "e\u0301\u0323" * 40, "\u202eabc\u2066", "\ue000\U000f0000\uffff",
       "𠮷𪚥" * 60, "<b>&amp;" * 15, "\u2028\u2029\u0378"]  # fmt: skip


@pytest.mark.parametrize("case_no", ODD)
def test_an_odd_case_number_is_set(case_no: str) -> None:
    assert text_flaw("case_no", case_no) == ""
    made = msgspec.structs.replace(bundle("Q1"), case_no=case_no)
    times = ReportTimes(queried=made.made_at, as_of=made.as_of, issued=made.made_at)
    document = report.compose(made, copy="preview", times=times)
    with as_file(files("resources") / "fonts") as folder:
        assert report.render(document, folder).startswith(b"%PDF-")
