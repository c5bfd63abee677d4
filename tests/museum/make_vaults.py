"""Makes the old vaults of this folder. Run once per format, then never again: the files are the exhibit.

python -m tests.museum.make_vaults schema-1       work.db before its second step, raw keys
python -m tests.museum.make_vaults release-0.1.0  a whole home of the first release, no keyring
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from datetime import timedelta
from pathlib import Path

from app.clock import epoch_ms
from app.field.names import spaced
from app.keys.device import DeviceKey
from app.keys.ring import Ring
from app.lanes import Lane
from app.paths import Home
from app.services.drafting import Drafts
from app.services.entries import note_act
from app.services.unlocking import Unlocking
from local_cache import answers, database, drafts, intents
from local_cache.drafts import Body
from local_cache.outbox import OutboxItem
from local_cache.vault import Vault
from tests.app.services.vaults import LONG, START, TurnedClock, bundle, grant, kept_copy
from tests.local_cache.conftest import CACHE_KEY, VAULT_ID, WORK_KEY, entry

HALL = Path(__file__).parent / "vaults"
ROWS = 20


def make_schema_1(folder: Path) -> None:
    """A work.db that only knows its first step, with a chain, an outbox and drafts."""
    newest = database.migrate
    try:
        database.migrate = lambda connection, part, up_to=1: newest(connection, part, up_to)  # type: ignore
        vault = Vault.create(folder, VAULT_ID, WORK_KEY, CACHE_KEY)
    finally:
        database.migrate = newest
    for number in range(1, ROWS + 1):
        op_id = f"op-{number:02d}"
        drafts.save(vault.work, "drafts", Body("objection", op_id, "金额有误".encode(), op_id))
        intents.begin_intent(
            vault.work,
            lambda n, prev, op_id=op_id: entry(n, prev, op_id),  # type: ignore[misc]
            OutboxItem(op_id, "query", op_id, b"{}", hashlib.sha256(b"{}").hexdigest()),
        )
    vault.close()


def make_release(folder: Path) -> None:
    """A home as the first release leaves it: standard strength, one copy, one draft, three entries."""
    clock, lane = TurnedClock(), Lane("vault")
    client = Unlocking(Home(folder).make(), lane, clock, Ring.absent())
    key = DeviceKey.generate(clock)
    client.create_vault("u0", grant(key), LONG, key, "柜台一")
    answer = bundle("Q1")
    kept = kept_copy(answer, epoch_ms(START + timedelta(days=2)))
    client.room.run(lambda o: answers.put(o.copies(), kept, [("r1", 1)], spaced("红隼科技")))
    Drafts(client.room).save("objection", "Q1/r1", {"statement": "金额有误"})
    for number in range(3):
        note_act(client.room, "view", "红隼科技(示例)", query_no=f"Q{number}")
    client.lock()
    lane.close()


def main(name: str) -> None:
    """Make one exhibit; one that is there already is never touched."""
    folder = HALL / name
    if folder.exists():
        raise SystemExit(f"{folder} is there already")
    folder.mkdir(parents=True)
    {"schema-1": make_schema_1, "release-0.1.0": make_release}[name](folder)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.name == "lock":
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            shutil.rmtree(path)


if __name__ == "__main__":
    main(sys.argv[1])
