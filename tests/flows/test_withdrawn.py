"""A record corrected at the platform: after the next sync nothing of the old answer can be used any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.assembly import Client, open_client
from app.field.receivers import Receiver
from app.field.records import ObjectionMark
from app.services.answer import Answer
from app.services.applying import Tally
from app.services.querying import QueryRequest, SubjectAsk
from app.services.watching import Judged, Shown
from app.trouble import Refused
from tests.flows.filing import object_to_one
from tests.flows.proxy import Proxy
from tests.flows.server import PASSPHRASE, Cli, Server


@pytest.fixture
def client(proxied: tuple[Cli, Proxy]) -> Iterator[Client]:
    """What a window holds: one open vault from the question to the print."""
    opened = open_client(proxied[0].home)
    opened.unlocking.unlock(PASSPHRASE)
    yield opened
    opened.close()


def ask(client: Client, server: Server, why: str, *, copy: bool) -> Answer:
    subject = SubjectAsk("legal", number=server.subject(why)["code"])
    return client.querying.query(QueryRequest(subject, "B01", "L-50", want_copy=copy))


def as_shown(client: Client, answer: Answer) -> Judged:
    """How the page of an answer stands when the window looks at it."""
    (found,) = client.watching.judge([Shown(answer.bundle, answer.cached)])
    return found


def mark_on(shown: Judged, rec_id: str) -> ObjectionMark | None:
    return next(one.objection for one in shown.bundle.records if one.rec_id == rec_id)


def uses(client: Client, answer: Answer, rec_id: str) -> dict[str, Callable[[], object]]:
    number = answer.query_no
    return {
        "preview": lambda: client.reporting.begin_preview(number).whole(),
        "working print": lambda: client.reporting.begin_working_copy(number).whole(),
        "issue": lambda: client.reporting.issue(number, receiver=Receiver("subject")),
        "objection": lambda: client.objecting.draft(number, rec_id),
    }


@pytest.mark.parametrize("copy", [True, False], ids=["copy kept", "no copy"])
def test_what_a_sync_withdrew_is_not_used_from_the_screen(
    client: Client, server: Server, copy: bool, proxied: tuple[Cli, Proxy]
) -> None:
    answer = ask(client, server, "heavy", copy=copy)
    assert answer.cached is copy
    first, other = [one.rec_id for one in answer.bundle.records if one.section == "licence"][:2]
    assert client.syncing.sync().withdrawn == ()  # control: nothing changed, everything may be used
    assert as_shown(client, answer) == Judged(answer.bundle, "holds")
    for usable in ("preview", "working print"):
        assert uses(client, answer, first)[usable]()
    assert uses(client, answer, other)["objection"]()

    act = ("correct", first, "--set", "XK_NR=道路货物运输（示例）") if copy else ("annul", first)
    server.staff("record", *act, "--by", "centre1", "--reason", "示例更正")
    assert client.syncing.sync().withdrawn == (answer.query_no,)
    assert as_shown(client, answer).hold == "withdrawn"
    asked = len(proxied[1].passed)
    for name, use in uses(client, answer, first).items():
        with pytest.raises(Refused) as refused:
            use()
        assert refused.value.code == "answer.withdrawn", name
        assert "重新查询" in client.texts.say(refused.value.text)
    assert len(proxied[1].passed) == asked  # nothing was asked of the server for it
    assert client.syncing.outbox() == ()
    assert client.reporting.showing._bundle is None

    again = ask(client, server, "heavy", copy=copy)
    assert (first in {record.rec_id for record in again.bundle.records}) is copy
    assert client.reporting.begin_working_copy(again.query_no).whole()


def test_another_process_says_why_as_well(proxied: tuple[Cli, Proxy], server: Server, tmp_path: Path) -> None:
    cli, _ = proxied
    asked = cli.query(server.subject("heavy")["code"], case="L-51").json
    record = asked["records"][0]["rec_id"]
    server.staff("record", "annul", record, "--by", "centre1", "--reason", "示例更正")
    assert cli("sync").json["removed_copies"] == 1
    for words in (("--out", tmp_path / "w.pdf"), ("--out", tmp_path / "r.pdf", "--seal", "--for", "subject")):
        said = cli("report", asked["query_no"], *words)
        assert (said.code, said.error) == (3, "answer.withdrawn"), said.out
        assert "重新查询" in said.json["error"]["advice"]
    shown = cli("cached", "show", asked["query_no"])
    assert (shown.code, shown.error) == (3, "offline.withdrawn")
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_mark_survives_a_computer_that_was_away_too_long(
    client: Client, server: Server, officers: Callable[[str], Cli]
) -> None:
    """A computer whose place in the feed is lost learns of marks by reconciling: across the real wire."""
    answer, firm = ask(client, server, "certified", copy=True), officers("firm1")
    own = firm.query(server.subject("certified")["code"], purpose="B06", case="ZX-9").json
    unmarked = {one.rec_id for one in answer.bundle.records if one.objection is None}
    filed = object_to_one(firm, own, unmarked)
    marked = filed["rec_id"]
    server.staff("objection", "accept", filed["number"], "--as", "centre1")
    syncing = client.syncing
    syncing._reconcile(syncing.lines.routes("courier"), Tally(1))
    assert mark_on(as_shown(client, answer), marked) is not None  # on the page that was open meanwhile, too
    opened = client.offline_files.open(answer.query_no)
    (mark,) = [one.objection for one in opened.bundle.records if one.rec_id == marked]
    assert mark is not None
    assert (mark.number, len(mark.accepted_on), len(mark.due_on)) == (filed["number"], 10, 10)
    conclude = (
        "conclude",
        filed["number"],
        "--as",
        "centre1",
        "--outcome",
        "kept",
        "--answer",
        "示例：经核查属实",
    )
    server.staff("objection", *conclude)
    syncing.sync()
    assert mark_on(as_shown(client, answer), marked) is None  # by the feed
    syncing._reconcile(syncing.lines.routes("courier"), Tally(1))
    again = client.offline_files.open(answer.query_no)
    assert [one.objection for one in again.bundle.records if one.rec_id == marked] == [None]
