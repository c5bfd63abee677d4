"""A list of units against the lists, from file to file: one act, one receipt, counted once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from tests.app.report.tools import text_of
from tests.flows.proxy import Proxy
from tests.flows.server import Cli, Server


def written(server: Server, folder: Path) -> Path:
    rich, twin = server.subject("rich"), server.subject("ambiguous")
    file = folder / "list.csv"
    file.write_text(
        f"企业名称,统一社会信用代码\n{rich['name']},{rich['code']}\n{twin['name']},\n=1+1,\n", "utf-8"
    )
    return file


def test_a_list_is_answered_written_and_logged(bank: Cli, server: Server, tmp_path: Path) -> None:
    out = tmp_path / "result.csv"
    said = bank("screen", written(server, tmp_path), "--purpose", "B02", "--case", "示例-筛-1", "--out", out)
    assert said.code == 0, said.out + said.err
    answer = said.json
    assert [row["state"] for row in answer["rows"]] == ["hit", "similar", "none"]
    assert (answer["counts"]["serious"], answer["similar"]) == (1, 1)
    raw = out.read_bytes()
    cells = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert cells[0][:5] == ["序号", "原文件行号", "代码", "名称", "结果"]
    assert [row[:2] for row in cells[1:] if len(row) > 1][-1] == ["3", "4"]
    assert {row[0] for row in cells[1:] if len(row) > 1} == {"1", "2", "3"}
    assert any(row[3:4] == ["'=1+1"] for row in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in cells for cell in row)
    export, own = bank("ledger", "list", "--limit", "2").json["entries"]
    assert (own["kind"], own["query_no"], own["fate"]) == ("screen", answer["screening_no"], "done")
    assert (export["kind"], export["query_no"], export["copy"]) == ("export", answer["screening_no"], "")
    assert bank("sync").code == 0
    assert bank("ledger", "verify").json["ok"]
    assert "screen" not in {row["kind"] for row in bank("outbox", "list").json["items"]}
    paper, number = tmp_path / "certificate.pdf", answer["screening_no"]
    certified = ("report", number, "--kind", "screening", "--rows", "1-2", "--out", paper)
    assert (bank(*certified).error, paper.exists()) == ("report.special-unsealed", False)
    wrong = bank(*certified[:5], "2-1", "--out", paper, "--seal", "--for", "subject")
    assert (wrong.error, paper.exists()) == ("rows-invalid", False)
    issued = bank(*certified, "--seal", "--for", "office", "--receiver", "示例开标室")
    assert issued.code == 0, issued.out + issued.err
    assert bank("verify", paper).json["state"] == "current"
    assert bank("reports", "list").json["reports"][0]["query_no"] == number


def test_a_lost_answer_is_fetched_by_asking_again_and_counted_once(
    proxied: tuple[Cli, Proxy], server: Server, tmp_path: Path
) -> None:
    cli, proxy = proxied
    file, out = written(server, tmp_path), tmp_path / "result.csv"
    proxy.path, proxy.lose = "/screenings", 1
    lost = cli("screen", file, "--purpose", "B02", "--case", "示例-筛-2", "--out", out)
    assert (lost.code, lost.error.startswith("net.")) == (4, True), lost.out
    assert "再次运行同一命令" in lost.json["error"]["kept"]
    assert not out.exists()
    assert [row["kind"] for row in cli("outbox", "list").json["items"]] == ["screen"]
    assert cli("ledger", "list").json["entries"][0]["fate"] == "open"
    assert cli("sync").code == 0  # carries the link, and nobody is there to take the answer in
    assert [row["kind"] for row in cli("outbox", "list").json["items"]] == ["screen"]
    again = cli("screen", file, "--purpose", "B02", "--case", "示例-筛-2", "--out", out)
    assert (again.code, again.json["replayed"]) == (0, True), again.out
    assert out.exists()
    entries = [row for row in cli("ledger", "list").json["entries"] if row["kind"] == "screen"]
    assert [(row["state"], row["fate"]) for row in entries] == [("receipted", "done")]
    assert cli("outbox", "list").json["items"] == []


def test_wrong_rows_are_left_out_and_told_and_the_others_screened(
    bank: Cli, server: Server, tmp_path: Path
) -> None:
    rich, good = server.subject("rich"), server.subject("certified")
    person = server.subject("person")["number"]
    wrong = rich["code"][:-1] + ("0" if rich["code"][-1] != "0" else "1")
    file, out = tmp_path / "list.csv", tmp_path / "result.csv"
    file.write_text(
        f"企业名称,代码\n甲方示例有限公司,{wrong}\n,{rich['code']}\n,{person}\n,{good['code']}\n", "utf-8"
    )
    said = bank("screen", file, "--purpose", "B02", "--case", "示例-筛-3", "--out", out)
    assert (said.code, len(said.json["rows"]), said.json["lines"]) == (1, 2, [3, 5]), said.out
    assert [(one["line"], one["why"], one["position"]) for one in said.json["left_out"]] == [
        (2, "check", 18), (4, "person-number", 0),
    ]  # fmt: skip
    assert "第 18 位" in said.json["left_out"][0]["text"]
    raw = out.read_text("utf-8-sig")
    assert person not in raw + said.out
    cells = [row for row in csv.reader(io.StringIO(raw)) if len(row) > 1][1:]
    assert list(dict.fromkeys(tuple(row[:2]) for row in cells)) == [
        ("", "2"),
        ("1", "3"),
        ("", "4"),
        ("2", "5"),
    ]
    assert [row[-1][:8] for row in cells if not row[0]][0] == "第 18 位校验"
    paper = tmp_path / "certificate.pdf"
    words = (
        "--kind",
        "screening",
        "--rows",
        "2",
        "--out",
        paper,
        "--seal",
        "--for",
        "office",
        "--receiver",
        "示例",
    )
    assert bank("report", said.json["screening_no"], *words).code == 0
    assert good["code"] in text_of(paper.read_bytes(), tmp_path)


def test_who_may_not_screen_is_refused_and_the_ledger_says_so(
    officers: Callable[[str], Cli], server: Server, tmp_path: Path
) -> None:
    firm, out = officers("firm1"), tmp_path / "result.csv"
    said = firm("screen", written(server, tmp_path), "--purpose", "B06", "--case", "1", "--out", out)
    assert (said.code, said.error) == (3, "role-denied"), said.out
    assert not out.exists()
    row = firm("ledger", "list", "--limit", "1").json["entries"][0]
    assert (row["kind"], row["fate"], row["why"]) == ("screen", "refused", "role-denied")
    assert firm("outbox", "list").json["items"] == []  # refused for good: the ledger has it, nothing is left


def test_a_list_over_the_limit_is_refused_with_the_limit_and_nothing_is_left(
    bank: Cli, server: Server, tmp_path: Path
) -> None:
    file, out = tmp_path / "long.csv", tmp_path / "result.csv"
    file.write_text("code\n" + f"{server.subject('rich')['code']}\n" * 1001, "gb18030")
    before = bank("outbox", "list").json["items"]
    written_down = bank("ledger", "list").json["entries"]
    said = bank("screen", file, "--purpose", "B02", "--case", "示例-筛-9", "--out", out)
    assert (said.code, said.error) == (2, "list-too-long"), said.out
    assert "1001" in said.json["error"]["text"]
    assert "1000" in said.json["error"]["text"]
    assert bank("outbox", "list").json["items"] == before
    assert bank("ledger", "list").json["entries"] == written_down  # it was never asked
    assert not out.exists()
