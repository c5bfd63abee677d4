"""Reports: sealed by the server, judged by anyone, superseded when what they hold was corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.field.printed import digest_of, read_attached
from app.field.report_numbers import report_number
from tests.flows.server import Cli, Server


@pytest.fixture
def clerk(officers: Callable[[str], Cli]) -> Cli:
    return officers("bank1")


def test_a_sealed_report_is_genuine_and_one_changed_byte_is_not(
    clerk: Cli, server: Server, tmp_path: Path
) -> None:
    asked = clerk.query(server.subject("heavy")["code"], case="L-20").json
    out = tmp_path / "r.pdf"
    issued = clerk("report", asked["query_no"], "--out", out, "--seal", "--for", "subject")
    assert issued.code == 0, issued.out
    assert issued.json["number"].startswith("HYXY")
    good = clerk("verify", out)
    assert (good.code, good.json["genuine"], good.json["state"]) == (0, True, "current")
    alone = clerk("verify", out, "--offline")  # the seal holds; whether it is still true nobody was asked
    assert (alone.code, alone.json["genuine"], alone.json["state"]) == (4, True, "unchecked")
    assert good.json["data"] == {"attached": True, "digest": True, "signature": True}
    content = bytearray(out.read_bytes())
    content[len(content) // 3] ^= 1
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(content)
    bad = clerk("verify", changed)
    assert (bad.code, bad.json["genuine"]) == (5, False)
    assert bad.json["data"] == {"attached": False, "digest": False, "signature": False}
    longer = tmp_path / "longer.pdf"
    longer.write_bytes(out.read_bytes() + b"\n%% more\n")
    assert clerk("verify", longer).code == 5
    kinds = [row["kind"] for row in clerk("ledger", "list").json["entries"]]
    assert {"issue", "save"} <= set(kinds)


def test_the_data_of_a_report_is_put_beside_it_and_fits_the_paper(
    clerk: Cli, server: Server, tmp_path: Path
) -> None:
    """What a bank's system does with it: validate, recompute the digest, read the amounts."""
    asked = clerk.query(server.subject("heavy")["code"], case="L-25").json
    out, data = tmp_path / "r.pdf", tmp_path / "report.json"
    issued = clerk("report", asked["query_no"], "--out", out, "--seal", "--for", "subject").json
    done = clerk("verify", out, "--data", data)
    assert (done.code, done.json["data_file"]) == (0, str(data))
    attached, content = read_attached(data.read_bytes())
    assert digest_of(content) == attached.document_sha256 == issued["document_sha256"]
    said = attached.document
    assert (said.number, said.issued_at) == (issued["number"], issued["issued_at"])
    assert {one.record_no for one in said.records} == {one["rec_id"] for one in asked["records"]}
    spoiled, beside = tmp_path / "longer.pdf", tmp_path / "none.json"
    spoiled.write_bytes(out.read_bytes() + b"\n%% more\n")
    refused = clerk("verify", spoiled, "--data", beside)
    assert (refused.code, refused.json["data_file"], beside.exists()) == (5, "", False)
    assert clerk("verify", out, "--data", tmp_path / "no-folder" / "x.json").error == "out.folder"


def test_verifying_needs_no_vault(clerk: Cli, server: Server, tmp_path: Path) -> None:
    asked = clerk.query(server.subject("heavy")["code"], case="L-21").json
    out = tmp_path / "r.pdf"
    number = clerk("report", asked["query_no"], "--out", out, "--seal", "--for", "subject").json["number"]
    bare = Cli(tmp_path / "bare", server, "nobody")
    bare.home.mkdir()
    for words in ((out,), (out, "--offline"), (number,)):
        said = bare("verify", *words)  # a code of its own: 3 would say that the report is out of date
        assert (said.code, said.error) == (6, "trust.none"), said.out
        assert "什么都没有核验" in said.json["error"]["text"]
    (bare.home / "trust.json").write_bytes((clerk.home / "trust.json").read_bytes())
    assert bare("verify", out).code == 0


def test_a_working_copy_is_no_report(clerk: Cli, server: Server, tmp_path: Path) -> None:
    asked = clerk.query(server.subject("heavy")["code"], case="L-22").json
    out = tmp_path / "w.pdf"
    made = clerk("report", asked["query_no"], "--out", out)
    assert (made.code, made.json["sealed"], made.json["number"]) == (0, False, "")
    for words in ((), ("--offline",)):
        said = clerk("verify", out, *words)
        assert (said.code, said.json["genuine"]) == (5, False)
        assert "不是正式报告" in said.json["text"]
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"PK\x03\x04 no pdf at all")
    assert "不是 PDF" in clerk("verify", letter).json["text"]


def test_a_report_whose_record_was_corrected_is_superseded(
    clerk: Cli, server: Server, tmp_path: Path
) -> None:
    asked = clerk.query(server.subject("former-name")["code"], case="L-23").json
    out = tmp_path / "r.pdf"
    assert clerk("report", asked["query_no"], "--out", out, "--seal", "--for", "subject").code == 0
    record = asked["records"][-1]["rec_id"]
    server.staff("record", "annul", record, "--by", "centre1", "--reason", "示例更正")
    said = clerk("verify", out)
    assert (said.code, said.json["genuine"], said.json["state"]) == (3, True, "superseded")
    again = clerk("report", asked["query_no"], "--out", tmp_path / "again.pdf", "--seal", "--for", "subject")
    assert (again.code, again.error) == (2, "query-stale")
    clerk("sync")


def test_who_holds_a_paper_only_asks_by_its_number(clerk: Cli, server: Server, tmp_path: Path) -> None:
    asked = clerk.query(server.subject("heavy")["code"], case="L-25").json
    issued = clerk(
        "report", asked["query_no"], "--out", tmp_path / "r.pdf", "--seal", "--for", "subject"
    ).json
    number = issued["number"]
    for given in (
        f" {number[:5]} {number[5:13]}-{number[13:].lower()} ",
        f"https://x.example/v/{number}#x",
    ):
        said = clerk("verify", given)
        assert (said.code, said.json["state"], said.json["genuine"]) == (0, "current", None), said.out
        assert said.json["number"] == number
    told = clerk("verify", number, json_=False).out
    assert "编号在册不等于纸面未被改动" in told
    assert server.subject("heavy")["name"] not in told  # masked: whoever finds a number learns no name
    unknown = clerk("verify", report_number(False, date(2026, 11, 22), "K7M3QZ8T5WAX9D2RVB4N"))
    assert (unknown.code, unknown.json["state"]) == (5, "unknown")
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    mistyped = clerk("verify", wrong)
    assert (mistyped.code, mistyped.error) == (2, "report.number")
    offline = clerk("verify", number, "--offline")
    assert (offline.code, offline.error) == (2, "report.number-offline")
    assert clerk("verify", tmp_path / "HYXY.pdf").error == "report.file"


def test_a_report_has_to_have_a_place(clerk: Cli, server: Server, tmp_path: Path) -> None:
    asked = clerk.query(server.subject("heavy")["code"], case="L-24").json
    said = clerk(
        "report", asked["query_no"], "--out", tmp_path / "no" / "r.pdf", "--seal", "--for", "subject"
    )
    assert (said.code, said.error) == (2, "out.folder")


def test_a_unit_has_a_special_report_of_its_own(
    officers: Callable[[str], Cli], server: Server, tmp_path: Path
) -> None:
    own, out = officers("firm1"), tmp_path / "s.pdf"
    asked = own.query(server.subject("certified")["code"], case="L-31", purpose="S01").json
    bare = own("report", asked["query_no"], "--out", out, "--kind", "special")
    assert (bare.error, out.exists()) == ("report.special-unsealed", False)
    wrong = own(
        "report",
        asked["query_no"],
        "--out",
        out,
        "--seal",
        "--for",
        "subject",
        "--kind",
        "special",
        "--from",
        "soon",
    )
    assert (wrong.error, out.exists()) == ("scope-invalid", False)
    issued = own(
        "report",
        asked["query_no"],
        "--out",
        out,
        "--seal",
        "--for",
        "subject",
        "--kind",
        "special",
        "--field",
        "market",
    )
    assert issued.code == 0, issued.out
    assert (own("verify", out).code, out.read_bytes()[:5]) == (0, b"%PDF-")
    told = tmp_path / "looks.pdf"
    looked = ("report", asked["query_no"], "--out", told, "--kind", "looks", "--seal", "--for", "subject")
    assert (own(*looked[:6]).error, told.exists()) == ("report.special-unsealed", False)
    assert own(*looked).code == 0
    other = own.query(server.subject("certified")["code"], case="L-32", purpose="B06").json
    before = own("ledger", "list").json["entries"]
    refused = own("report", other["query_no"], *looked[2:], "--replace")
    assert (refused.code, refused.error) == (3, "report.purpose"), refused.out
    assert "S01" in refused.json["error"]["text"]
    assert own("ledger", "list").json["entries"] == before  # nothing was begun
    assert "report.issue" not in {row["kind"] for row in own("outbox", "list").json["items"]}
    assert (own("verify", told).code, own("verify", told).json["valid_until"]) == (0, "2099-12-31")
