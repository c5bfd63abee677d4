"""The device's own chain: rows only grow, triggers refuse change and removal; receipts stand beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from local_cache import state
from local_cache.database import Connection, mapped, transaction

_COLUMNS = "n, digest, prev, kind, op_id, purpose, claimed_at, payload, jws"
FIRST_PREV = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One link: `payload` is the canonical entry, `digest` its SHA-256, `jws` the device's signature
    over it."""

    n: int
    digest: str
    prev: str
    kind: str
    op_id: str
    purpose: str
    claimed_at: str
    payload: bytes
    jws: str


@dataclass(frozen=True)
class ReceiptRow:
    """The server's proof for entry `n`; `body` is the receipt as JSON, `outcome` as the leaf says it. An
    entry has one for each leaf that speaks of it: its claim, and what the server did."""

    n: int
    leaf_index: int
    outcome: str
    body: bytes


@dataclass(frozen=True)
class Listed:
    """A row of the officer's list."""

    n: int
    kind: str
    op_id: str
    purpose: str
    claimed_at: str
    subject: str
    query_no: str
    leaf_index: int | None
    outcome: str | None
    payload: bytes
    receipt: bytes | None


@dataclass(frozen=True)
class Asked:
    """What the list knows of a query: the subject as it may be shown, and the purpose that was stated."""

    subject: str
    purpose: str


def set_base(work: Connection, n: int, digest: str) -> None:
    """Where the chain begins when the server knows older entries of this device (a new vault, an old key)."""
    state.put(work, {"chain.base_n": str(n), "chain.base_hash": digest or FIRST_PREV})


def base(work: Connection) -> tuple[int, str]:
    """Number and digest of the entry before the first row."""
    number = state.get(work, "chain.base_n", "0")
    return int(number), state.get(work, "chain.base_hash", FIRST_PREV)


def tail(work: Connection) -> tuple[int, str]:
    """Number and digest of the last entry."""
    with mapped("work"):
        row = work.execute("SELECT n, digest FROM ledger ORDER BY n DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else base(work)


def append(
    work: Connection, build: Callable[[int, str], Entry], subject: str = "", query_no: str = ""
) -> Entry:
    """Add the link that `build(n, prev)` makes, in one transaction with the look at the tail.

    Raises:
        Sealed: the link does not go on at the end.
        DiskFull, ReadOnly, DiskFault: nothing was added.
    """
    with transaction(work, "work"):
        n, prev = tail(work)
        made = build(n + 1, prev)
        work.execute(
            f"INSERT INTO ledger ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)",  # noqa: S608
            (made.n, made.digest, made.prev, made.kind, made.op_id, made.purpose, made.claimed_at)
            + (made.payload, made.jws),
        )
        work.execute("INSERT INTO ledger_notes VALUES (?, ?, ?)", (made.n, subject, query_no))
    return made


def entries(work: Connection, after: int = 0) -> list[Entry]:
    """Links from number `after` + 1 on."""
    with mapped("work"):
        rows = work.execute(
            f"SELECT {_COLUMNS} FROM ledger WHERE n > ? ORDER BY n",  # noqa: S608
            (after,),
        ).fetchall()
    return [Entry(*row) for row in rows]


def by_op(work: Connection, op_id: str) -> Entry | None:
    """The first link made for an intent."""
    with mapped("work"):
        row = work.execute(
            f"SELECT {_COLUMNS} FROM ledger WHERE op_id = ? ORDER BY n LIMIT 1",  # noqa: S608
            (op_id,),
        ).fetchone()
    return Entry(*row) if row else None


def waiting(work: Connection) -> list[Entry]:
    """Links without a receipt, oldest first: what has to be sent."""
    with mapped("work"):
        rows = work.execute(
            f"SELECT {_COLUMNS} FROM ledger WHERE n NOT IN (SELECT n FROM receipts) ORDER BY n"  # noqa: S608
        ).fetchall()
    return [Entry(*row) for row in rows]


def add_receipts(work: Connection, rows: list[ReceiptRow]) -> None:
    """Put receipts; that of a leaf which is there already stays as it is (an answer may come twice)."""
    with transaction(work, "work"):
        work.executemany(
            "INSERT INTO receipts VALUES (?, ?, ?, ?) ON CONFLICT (n, leaf_index) DO NOTHING",
            [(row.n, row.leaf_index, row.outcome, row.body) for row in rows],
        )


def every_receipt(work: Connection) -> list[ReceiptRow]:
    """All receipts, those of one entry in the order of their leaves."""
    with mapped("work"):
        rows = work.execute("SELECT n, leaf_index, outcome, body FROM receipts ORDER BY n, leaf_index")
        return [ReceiptRow(*row) for row in rows.fetchall()]


def receipts(work: Connection) -> dict[int, ReceiptRow]:
    """For each entry that has one the receipt of its latest leaf."""
    return {row.n: row for row in every_receipt(work)}


def receipt_of(work: Connection, n: int) -> ReceiptRow | None:
    """The receipt of an entry's latest leaf, None while it has none."""
    with mapped("work"):
        row = work.execute(
            "SELECT n, leaf_index, outcome, body FROM receipts WHERE n = ? ORDER BY leaf_index DESC LIMIT 1",
            (n,),
        ).fetchone()
    return ReceiptRow(*row) if row else None


def receipted(work: Connection) -> set[int]:
    """The numbers of the entries that have a receipt."""
    with mapped("work"):
        return {row[0] for row in work.execute("SELECT DISTINCT n FROM receipts").fetchall()}


def note(work: Connection, n: int, subject: str = "", query_no: str = "") -> None:
    """Fill in words for the list; an empty one leaves what is there."""
    with transaction(work, "work"):
        work.execute(
            "UPDATE ledger_notes SET subject = CASE ?1 WHEN '' THEN subject ELSE ?1 END,"
            " query_no = CASE ?2 WHEN '' THEN query_no ELSE ?2 END WHERE n = ?3",
            (subject, query_no, n),
        )


def listed(work: Connection, limit: int, kind: str = "") -> list[Listed]:
    """The newest links with their words and receipts, newest first; a negative limit lists all."""
    with mapped("work"):
        rows = work.execute(
            "SELECT l.n, l.kind, l.op_id, l.purpose, l.claimed_at, t.subject, t.query_no, r.leaf_index,"
            " r.outcome, l.payload, r.body FROM ledger l JOIN ledger_notes t ON t.n = l.n"
            " LEFT JOIN receipts r ON r.n = l.n"
            " AND r.leaf_index = (SELECT max(leaf_index) FROM receipts WHERE n = l.n)"
            " WHERE ?1 = '' OR l.kind = ?1 ORDER BY l.n DESC LIMIT ?2",
            (kind, limit),
        ).fetchall()
    return [Listed(*row) for row in rows]


def asked(work: Connection) -> dict[str, Asked]:
    """Every query of this chain by its number."""
    with mapped("work"):
        rows = work.execute(
            "SELECT t.query_no, t.subject, l.purpose FROM ledger_notes t JOIN ledger l ON l.n = t.n"
            " WHERE l.kind = 'query' AND t.query_no <> ''"
        ).fetchall()
    return {row[0]: Asked(row[1], row[2]) for row in rows}


def subject_of(work: Connection, query_no: str) -> str:
    """The subject of a query as it may be shown, empty when unknown."""
    with mapped("work"):
        row = work.execute(
            "SELECT subject FROM ledger_notes WHERE query_no = ? AND subject <> '' ORDER BY n LIMIT 1",
            (query_no,),
        ).fetchone()
    return str(row[0]) if row and query_no else ""


def told_of(work: Connection, op_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """For each intent that is a link of the chain its subject, as it may be shown, and its query's number."""
    wanted = tuple(op_ids)
    marks = ",".join("?" * len(wanted))
    with mapped("work"):
        rows = work.execute(
            "SELECT l.op_id, t.subject, t.query_no FROM ledger l JOIN ledger_notes t ON t.n = l.n"  # noqa: S608
            f" WHERE l.op_id IN ({marks}) ORDER BY l.n DESC",
            wanted,
        ).fetchall()
    return {row[0]: (str(row[1]), str(row[2])) for row in rows}


def count_since(work: Connection, kind: str, since: str) -> int:
    """How many links of a kind were made at or after a time (wire text)."""
    with mapped("work"):
        row = work.execute(
            "SELECT count(*) FROM ledger WHERE kind = ? AND claimed_at >= ?", (kind, since)
        ).fetchone()
    return int(row[0])
