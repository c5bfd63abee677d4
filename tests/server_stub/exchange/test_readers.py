"""Files as they come: encodings, traps in workbooks, and the limits of the process that opens them."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from app.field import decoding, packages
from server_stub.exchange import readers
from server_stub.exchange.errors import FileRefused
from server_stub.exchange.readers import decode, read

SAMPLES = Path(__file__).parent / "samples"


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert refused.value.text
    return refused.value.why


def test_encodings() -> None:
    assert read(SAMPLES / "01_许可_gbk.csv").encoding == "gb18030"
    assert read(SAMPLES / "03_许可_utf8_bom.csv").encoding == "utf-8-sig"
    assert decode("名称".encode()) == ("名称", "utf-8")
    assert decode("名称".encode("utf-16")) == ("名称", "utf-16")
    for bad in (b"\xff\xfe\x00", b"\x00x", b"\xef\xbb\xbf\xff", b"\xff\xff\xff"):
        with pytest.raises(FileRefused):
            decode(bad)


def test_two_encodings_in_one_file_are_named_with_their_line() -> None:
    mixed = "名称,代码\n".encode("gb18030") + "示例市市场监督管理局,一\n".encode()
    with pytest.raises(FileRefused, match="2") as refused:
        decode(mixed)
    assert refused.value.why == "encoding-mixed"
    # the control: a short line of GB 18030 that happens to be UTF-8 says nothing
    assert decode("联通\n名称".encode("gb18030")) == ("联通\n名称", "gb18030")


def test_moved_positions_of_gb18030_come_out_as_meant() -> None:
    source = Path(decoding.__file__).read_text(encoding="utf-8")
    moved = re.findall(r"0x(\w{4}): 0x(\w{4,5}),  # (\w+)", source)
    assert len(moved) == 25 == len(decoding.MOVED)
    for _, meant, raw in moved:
        assert decode(bytes.fromhex(raw))[0] == chr(int(meant, 16))
    assert decode("\ue81e".encode())[0] == "\ue81e"  # the control: a private character of UTF-8 stays


def test_workbooks_keep_numbers_and_days_as_text() -> None:
    table = read(SAMPLES / "35_公式单元格.xlsx")
    assert table.sheets[0].rows[1][9] == "42766"
    assert len(table.sheets[0].rows) == 21


def test_old_workbooks_are_read_and_foreign_packages_refused(tmp_path: Path) -> None:
    old = SAMPLES / "45_老格式.xls"
    assert len(read(old).sheets[0].rows) == 41
    for entry, why in (("EncryptedPackage", "encrypted"), ("_VBA_PROJECT", "macro")):
        bad = tmp_path / "bad.xls"
        bad.write_bytes(old.read_bytes() + entry.encode("utf-16-le"))
        assert refusal(bad) == why
    bad.write_bytes(old.read_bytes()[:512])
    assert refusal(bad) == "format-unsupported"
    bad.write_bytes(old.read_bytes()[:512] + "Workbook".encode("utf-16-le") + bytes(900))
    assert refusal(bad) in ("sheet-broken", "sheet-limit")
    package = tmp_path / "a.xlsx"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("a.txt", "x")
    assert refusal(package) == "format-unsupported"
    package.write_bytes(b"PK\x03\x04 nonsense")
    assert refusal(package) == "package-broken"


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "行政相对人名称"
    book.save(path)
    return path


def added(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def test_macros_bombs_and_crowds_are_refused(tmp_path: Path) -> None:
    assert read(workbook(tmp_path / "ok.xlsx")).sheets[0].rows == [["行政相对人名称"]]
    assert refusal(added(workbook(tmp_path / "m.xlsx"), "xl/vbaProject.bin", b"x")) == "macro"
    assert refusal(added(workbook(tmp_path / "b.xlsx"), "xl/media/a", bytes(40 << 20))) == "package-limit"
    crowd = workbook(tmp_path / "c.xlsx")
    for number in range(packages.MEMBERS):
        added(crowd, f"xl/media/{number}", b"x")
    assert refusal(crowd) == "package-limit"


def test_a_cell_in_the_last_corner_ends_as_a_clear_refusal(tmp_path: Path) -> None:
    path = tmp_path / "corner.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "行政相对人名称"
    book.active["XFD1048576"] = "x"
    book.save(path)
    assert refusal(path) == "sheet-limit"


def test_a_bad_cell_reference_ends_as_a_clear_refusal(tmp_path: Path) -> None:
    source, path = workbook(tmp_path / "in.xlsx"), tmp_path / "bad.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b'r="A1"', b'r="1A!"').replace(b'ref="A1"', b'ref="1A!"')
            new.writestr(item.filename, content)
    assert refusal(path) in ("sheet-broken", "sheet-limit")


def test_too_large_files_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "FILE_MB", 0)
    path = tmp_path / "a.csv"
    path.write_bytes(b"x")
    assert refusal(path) == "too-large"


def test_an_old_workbook_is_read_by_the_child_and_under_the_same_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = SAMPLES / "45_老格式.xls"
    code = (
        "import sys, pathlib\n"
        "from server_stub.exchange.readers import read\n"
        "rows = read(pathlib.Path(sys.argv[1])).sheets[0].rows\n"
        "print(len(rows), 'python_calamine' in sys.modules)\n"
    )
    shown = subprocess.run([sys.executable, "-c", code, str(old)], capture_output=True, check=True).stdout
    assert shown.decode().split() == ["41", "False"]
    monkeypatch.setattr(readers, "FILE_MB", 0)
    assert refusal(old) == "too-large"


def test_a_broken_csv_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n"x"y,2\n', encoding="utf-8")
    with pytest.raises(FileRefused, match="2"):
        read(path)


def test_the_child_lives_under_limits() -> None:
    code = (
        "import io, resource, sys\n"
        "from server_stub.exchange.sheet_child import main\n"
        "sys.stdin = type('Input', (), {'buffer': io.BytesIO(b'x')})\n"
        "main()\n"
        "limits = [resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]\n"
        "print(*limits, file=sys.stderr)\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stderr.decode()
    assert "(1073741824, 1073741824) (60, 60)" in shown
