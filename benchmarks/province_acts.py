"""What benchmarks.province does inside a home of its own: `found`, `build`, `pull`."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import django

from benchmarks.measure import cpu_of_tree, idle_ms
from benchmarks.province import CHANGES, ROUNDS, static_bytes

UNITS = 2_000
AT_ONCE = 5_000
CARD = "card.json"
FAR = "2099-12-31T00:00:00.000Z"


def found() -> dict[str, Any]:
    """The partner's home: keys and tables, and the card it hands over."""
    import msgspec

    from server_stub.exchange.province import partners
    from server_stub.jobs.preparing import prepare

    prepare(home(), None, ("localhost",))
    card = msgspec.to_builtins(partners.own_card(""))
    (home() / CARD).write_text(json.dumps(card), encoding="utf-8")
    return {}


def build(partner_home: str, device_id: str, url: str) -> dict[str, Any]:
    """CHANGES records with their journal and closed segments, and as many changes of copies on one device."""
    import msgspec

    from server_stub.exchange.province import journal, partners, segments
    from server_stub.exchange.province.models import Partner
    from server_stub.exchange.province.words import Card, Scope
    from server_stub.records import services as records

    keys = _units()
    for at in range(0, CHANGES, AT_ONCE):
        rows = [_facts(keys[no % UNITS], no) for no in range(at, min(at + AT_ONCE, CHANGES))]
        records.put_many(rows, by="bench")
    card = msgspec.json.decode((Path(partner_home) / CARD).read_bytes(), type=Card)
    partners.add(card, direction="push", scope=Scope(sections=("penalty",)), by="centre1")
    partner = partners.approve(card.id, by="centre2")
    journal.gather()
    segments.close(partner)
    own = msgspec.to_builtins(partners.own_card(url))
    (home() / CARD).write_text(json.dumps(own), encoding="utf-8")
    _copies(device_id)
    assert Partner.objects.count() == 1
    return {"folder": str(home() / "exchange" / card.id / "segments")}


def _units() -> list[str]:
    from app.field.identifiers import uscc_fault
    from server_stub.subjects.services import LegalEntry, register

    codes: list[str] = []
    number = 5_000_000  # the sample city has the low ones
    while len(codes) < UNITS:
        number += 1
        body = f"91430499MA{number:07d}"
        codes += [body + one for one in "0123456789ABCDEFGHJKLMNPQRTUWXY" if uscc_fault(body + one) is None]
    entries = [LegalEntry(name=f"示例第{n}号商贸有限公司", code=code) for n, code in enumerate(codes[:UNITS])]
    return [subject.subject_key for subject in register(entries)]


def _facts(key: str, no: int) -> Any:
    payload = {
        "CF_WSH": f"衡示市监罚〔2026〕{no}号",
        "CF_CFMC": f"关于示例第{no % UNITS}号商贸有限公司违反价格规定的行政处罚",
        "CF_WFXW": ("未按规定公示价格", "使用未经检定的计量器具", "未按规定保存进货票据")[no % 3],
        "CF_SY": f"经查，当事人于{no % 9 + 1}月{no % 27 + 1}日销售商品{no * 7919 % 10007}件，未明码标价。",
        "CF_YJ": "《中华人民共和国价格法》第四十二条",
        "CF_CFLB": "罚款",
        "CF_NR": f"罚款{no % 90 + 1}万元",
        "CF_NR_FK": f"{no % 90 + 1}.000000",
        "CF_JDRQ": "2026-05-06",
        "CF_CFJG": "示例市监局",
    }
    return {
        "subject_key": key,
        "section": "penalty",
        "provider": "示例市监局",
        "decided_on": "2026-05-06",
        "tier": "general",
        "document_no": payload["CF_WSH"],
        "classes": ["罚款"],
        "payload": payload,
    }


def _copies(device_id: str) -> None:
    """The device holds fifty records, and each of them changes again and again."""
    from django.db import transaction

    from server_stub.config.clock import stamp
    from server_stub.feed.models import Change, FeedHead
    from server_stub.feed.services import hold
    from server_stub.records.models import Record

    held = list(Record.objects.filter(section="penalty").order_by("rec_id")[:50])
    with transaction.atomic():
        for record in held:
            pair = [(record.rec_id, 1)]
            hold(device_id, f"Q-{record.rec_id}", "lease", record.subject_key, pair, FAR)
        head = FeedHead.objects.select_for_update().get(feed="main")
        at = stamp()
        Change.objects.bulk_create(
            (
                Change(
                    seq=head.seq + no, subject_key=record.subject_key, rec_id=record.rec_id, rev=no + 1,
                    op="revoke", reason="corrected", digest=f"{no:064x}", at=at,
                )
                for no, record in ((no, held[no % 50]) for no in range(1, CHANGES + 1))
            ),
            batch_size=1000,
        )  # fmt: skip
        head.seq += CHANGES
        head.save()


def pull(city_home: str, port: str, city_pid: str, static_pid: str) -> dict[str, Any]:
    """The segments by the product's own line, and the same files from the static folder, in turns."""
    import msgspec

    from server_stub.config.clock import stamp
    from server_stub.exchange.province import pulling
    from server_stub.exchange.province.credentials import opened
    from server_stub.exchange.province.line import Line
    from server_stub.exchange.province.models import Partner
    from server_stub.exchange.province.words import Card, Manifest

    card = msgspec.json.decode((Path(city_home) / CARD).read_bytes(), type=Card)
    partner = Partner.objects.create(
        partner_id=card.id, name=card.name, url=card.url, ca_pem=card.ca_pem, public_b64=card.public_b64,
        agreement_b64=card.agreement_b64, direction="pull", scope={"sections": ["penalty"]},
        state="approved", added_by="bench", changed_at=stamp(),
    )  # fmt: skip
    names = ("ours", "static", "read", "idle", "ours_cpu", "static_cpu")
    said: dict[str, Any] = {name: [] for name in names}
    for number in range(ROUNDS + 1):
        began, used = time.perf_counter(), _cpu(city_pid)
        with Line(partner) as line:
            manifest, _ = opened(line.get("manifest"), Manifest, partner)
            paths = [pulling.fetched(partner, line, one) for one in manifest.segments]
        ours, ours_cpu = (time.perf_counter() - began) * 1000, _cpu(city_pid) - used
        began = time.perf_counter()
        rows = sum(len(pulling.rows_of(path)) for path in paths)
        read = (time.perf_counter() - began) * 1000
        files = [f"{one.sha256}.ndjson.z" for one in manifest.segments]
        used = _cpu(static_pid)
        static = static_bytes(str(Path(city_home) / "tls/ca.pem"), int(port), files)
        static_cpu = _cpu(static_pid) - used
        said["bytes"] = sum(one.size for one in manifest.segments)
        said["rows"] = rows
        for path in paths:
            path.unlink()
        if number:  # the first round warms both
            for name, value in zip(names, (ours, static, read, idle_ms(), ours_cpu, static_cpu), strict=True):
                said[name].append(value)
    assert said["rows"] >= CHANGES * 0.99 // 10_000 * 10_000, said["rows"]
    return said


def _cpu(server: str) -> float:
    """CPU so far of this process and of a server."""
    return time.process_time() * 1000 + cpu_of_tree(int(server))


def home() -> Path:
    return Path(os.environ["HENGXIN_SERVER_HOME"])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "server_stub.config.settings"
    os.umask(0o077)
    home().mkdir(parents=True, exist_ok=True)
    django.setup()
    act, *words = sys.argv[1:]
    print(json.dumps({"found": found, "build": build, "pull": pull}[act](*words)), flush=True)
