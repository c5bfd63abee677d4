"""kill -9 while writing: every row whose writer was told "done" is there afterwards, in both files."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local_cache import faults, ledger, outbox
from local_cache.database import create_database, fingerprint_of
from local_cache.outbox import OutboxItem
from local_cache.vault import Vault
from tests.local_cache.conftest import CACHE_KEY, VAULT_ID, WORK_KEY

WRITER = """
import sys
from pathlib import Path
from local_cache import intents
from local_cache.database import fingerprint_of
from local_cache.outbox import OutboxItem
from local_cache.vault import Vault
from tests.local_cache.conftest import CACHE_KEY, VAULT_ID, WORK_KEY, entry

vault = Vault.open(Path(sys.argv[1]), VAULT_ID, WORK_KEY, fingerprint_of(WORK_KEY))
vault.open_cache(CACHE_KEY, fingerprint_of(CACHE_KEY))
first = int(sys.argv[2])
for number in range(first, first + 100000):
    op = f"op-{number:06d}"
    item = OutboxItem(op, "query", op, b"{}", "0")
    intents.begin_intent(vault.work, lambda n, prev: entry(n, prev, op), item)
    print(op, flush=True)
"""


def test_acknowledged_rows_outlive_kill_9(vault: Vault, folder: Path) -> None:
    vault.close()
    acked: list[str] = []
    for round_ in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(round_ * 1000)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        acked.append(writer.stdout.readline().strip())
        time.sleep(0.05 * (round_ + 1))
        writer.send_signal(signal.SIGKILL)
        acked += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.stdout.close()
        assert writer.wait() == -signal.SIGKILL
        again = Vault.open(folder, VAULT_ID, WORK_KEY, fingerprint_of(WORK_KEY))
        again.open_cache(CACHE_KEY, fingerprint_of(CACHE_KEY))
        again.check()
        rows = {one.op_id for one in outbox.all_items(again.work)}
        chain = [one.op_id for one in ledger.entries(again.work)]
        assert set(acked) <= rows
        assert sorted(rows) == sorted(chain)
        again.close()
    assert len(acked) > 20


@pytest.mark.skipif(sys.platform == "win32", reason="needs a mount")
def test_a_full_disk_is_one_fault_and_reads_go_on(vault: Vault) -> None:
    """The page limit of the file stands for the disk: the same result code, and the same way out."""
    outbox.add(vault.work, OutboxItem("op-0", "query", "0", b"{}", "0"))
    pages = vault.work.execute("PRAGMA page_count").fetchone()[0]
    vault.work.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(faults.DiskFull):
        for number in range(1, 100):
            outbox.add(vault.work, OutboxItem(f"op-{number}", "query", "0", b"x" * 4000, "0"))
    kept = [one.op_id for one in outbox.all_items(vault.work)]
    assert "op-0" in kept
    vault.work.execute("PRAGMA max_page_count = 100000")
    outbox.add(vault.work, OutboxItem("op-last", "query", "0", b"x" * 4000, "0"))
    assert outbox.count_open(vault.work) == len(kept) + 1


def test_a_place_that_cannot_be_written_is_told() -> None:
    with pytest.raises(faults.ReadOnly):
        create_database(Path("/sys/work.db"), "work", WORK_KEY, VAULT_ID)
