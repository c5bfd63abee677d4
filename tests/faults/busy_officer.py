"""A day at the counter in a process of its own: `python -m tests.faults.busy_officer PHASE < orders.json`.

Phases: `sign-in`; `one` query; `day` (60 queries, 3 reports printed 20 times and saved, 20 offline openings,
5 objections, 10 locks); `for-ever` (queries until somebody kills the process). One JSON line a step.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from app.assembly import Client, open_client
from app.field.receivers import Receiver
from app.services.objecting import Draft
from app.services.querying import QueryRequest, SubjectAsk

QUERIES, PRINTS, OPENINGS, OBJECTIONS, LOCKS = 60, 20, 20, 5, 10


class BusyOfficer:
    def __init__(self, orders: dict[str, Any]) -> None:
        self.orders, self.home = orders, Path(orders["home"])
        self.client: Client = open_client(self.home)
        self.asked: list[str] = []

    def say(self, **facts: Any) -> None:
        print(json.dumps(facts, ensure_ascii=False), flush=True)

    def sign_in(self) -> None:
        signing = self.client.signing_in
        signing.reach(self.orders["url"], Path(self.orders["ca_file"]))
        signing.password(self.orders["user"], self.orders["password"])
        if signing.code(self.orders["code"]).state == "enrol":
            signing.enrol(self.orders["enrolment_code"], "HY-PC-0001")
        signing.seal(self.orders["passphrase"])
        self.say(signed_in=self.orders["user"])

    def unlock(self) -> None:
        self.client.unlocking.unlock(self.orders["passphrase"])

    def relock(self) -> None:
        """Lock and begin anew, as the program does by becoming a new process."""
        self.client.unlocking.lock("asked")
        self.client.close()
        self.client = open_client(self.home)
        self.unlock()

    def ask(self, turn: int) -> None:
        codes = self.orders["codes"]
        ask = SubjectAsk(kind="legal", number=codes[turn % len(codes)])
        answer = self.client.querying.query(QueryRequest(ask, "B01", f"LN-{turn:04d}"))
        self.client.querying.viewed(answer.query_no)
        self.asked.append(answer.query_no)
        names = [answer.bundle.subject.name] if answer.bundle.subject else []
        self.say(query_no=answer.query_no, names=names)

    def day(self) -> None:
        for turn in range(QUERIES):
            self.ask(turn)
            if turn % (QUERIES // LOCKS) == 0:
                self.relock()
        self.print_reports()
        self.object()
        copies = self.client.offline_files.list()
        for turn in range(OPENINGS):
            self.client.offline_files.open(copies[turn % len(copies)].query_no)
        self.client.offline_files.search("示例")
        self.client.syncing.sync()
        self.say(done=True, copies=len(copies), ledger=len(self.client.ledger.list(1000)))

    def print_reports(self) -> None:
        issued = [
            self.client.reporting.issue(number, receiver=Receiver("subject")) for number in self.asked[-3:]
        ]
        for turn in range(PRINTS):
            self.client.reporting.printed(issued[turn % 3].number, 1)
        for one in issued:
            place = Path(self.orders["saved"]) / f"{one.number}.pdf"
            place.write_bytes(one.pdf)
            self.client.reporting.saved(one.number, place)
            self.say(saved=str(place))
        self.client.reporting.begin_preview(self.asked[-1]).whole()

    def object(self) -> None:
        for number in self.asked[:OBJECTIONS]:
            answer = self.client.offline_files.open(number)
            records = answer.bundle.records
            if not records:
                continue
            draft: Draft = self.client.objecting.draft(number, records[0].rec_id)
            words = {
                "kind": "data_error",
                "ground": "content",
                "wish": "correct",
                "statement": f"{draft.subject_name}：金额与决定书不一致，请核对。",
            }
            draft = Draft(**{name: getattr(draft, name) for name in Draft.__struct_fields__} | words)
            self.client.objecting.save_draft(draft)
            self.client.objecting.file(draft)


def main() -> int:
    orders = json.loads(sys.stdin.read())
    officer = BusyOfficer(orders)
    phase = sys.argv[1]
    if phase == "sign-in":
        officer.sign_in()
    else:
        officer.unlock()
        if phase == "day":
            officer.day()
        turn = 0
        if phase == "one":
            officer.ask(turn)
        while phase == "for-ever":
            officer.ask(turn)
            turn += 1
    officer.client.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
