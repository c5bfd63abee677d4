"""A file leaves by the command line only after the ledger has it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from app.assembly import Client
from app.cli.reporting import _line, put_outside
from app.field.evidence import ClientEntry
from app.services.issued import IssuedReport
from app.trouble import NotRight, VaultTrouble
from local_cache import ledger


def test_the_file_is_there_and_in_the_ledger(client: Client, tmp_path: Path) -> None:
    out = tmp_path / "out" / "w.pdf"
    out.parent.mkdir()
    put_outside(client, out, "Q1", b"%PDF")
    (row,) = client.unlocking.room.run(lambda o: ledger.entries(o.work))
    entry = msgspec.json.decode(row.payload, type=ClientEntry)
    assert (entry.kind, entry.query_no, out.read_bytes()) == ("save", "Q1", b"%PDF")
    assert list(out.parent.iterdir()) == [out]


def test_without_its_link_no_file_is_there(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise VaultTrouble("vault.disk-full")

    monkeypatch.setattr("app.services.entries.ledger.append", full)
    out = tmp_path / "out" / "w.pdf"
    out.parent.mkdir()
    with pytest.raises(VaultTrouble):
        put_outside(client, out, "Q1", b"%PDF")
    assert list(out.parent.iterdir()) == []


def test_a_folder_that_is_gone_is_said(client: Client, tmp_path: Path) -> None:
    with pytest.raises(NotRight) as said:
        put_outside(client, tmp_path / "nowhere" / "w.pdf", "Q1", b"%PDF")
    assert said.value.code == "report.written-not"
    assert client.unlocking.room.run(lambda o: ledger.entries(o.work)) == []


@pytest.mark.parametrize(
    ("template", "about", "said"),
    [("answer", "示例公司", "YY-20261127-0001  示例公司"), ("screening", "", "YY-20261127-0001  3 家"),
     ("standard", "", "YY-20261127-0001  示例主体")],
)  # fmt: skip
def test_a_line_has_the_number_of_its_case_once(client: Client, template: str, about: str, said: str) -> None:
    row = IssuedReport(
        "HYXYE", "YY-20261127-0001", "示例主体", "B01", "2026-11-27T01:00:00.000Z", "2026-12-27", "current",
        "here", "0", template=template, about=about, units=3,
    )  # fmt: skip
    line = _line(client, row)
    assert line.count(row.query_no) == 1
    assert said.split("  ")[1].split()[0] in line
