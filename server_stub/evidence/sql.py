"""The log's statements on the path of every query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from server_stub import statements

_SIZE = "SELECT size FROM evidence_head WHERE id = 1"
_GROW = "UPDATE evidence_head SET size = %s WHERE id = 1"
_LAST = 'SELECT leaf, entry FROM evidence_leaf WHERE {column} = %s ORDER BY "index" DESC LIMIT 1'
_OF_SUBJECT, _OF_ORGANISATION = (_LAST.format(column=name) for name in ("subject_key", "organisation"))
_OF_BOTH = " UNION ALL ".join(
    f"SELECT * FROM ({text.replace('SELECT', f'SELECT {place},')}) AS one{place}"  # noqa: S608 - our own texts
    for place, text in enumerate((_OF_SUBJECT, _OF_ORGANISATION))
)
_OF_SUBJECTS = (
    'SELECT subject_key, leaf, entry FROM evidence_leaf WHERE "index" IN '  # noqa: S608
    '(SELECT max("index") FROM evidence_leaf WHERE subject_key IN ({marks}) GROUP BY subject_key)'
)
_LEAVES = 'SELECT 0, "index", {leaf} FROM evidence_leaf WHERE "index" IN ({marks})'  # noqa: S608
# a join: SQLite reads the whole table for pairs that stand in a list, and the table is as long as the log
_WANTED = "WITH wanted(level, position) AS (VALUES {marks}) "
_NODES = (
    "SELECT n.level, n.position, n.hash FROM wanted w"
    " JOIN evidence_node n ON n.level = w.level AND n.position = w.position"
)
_CHAIN = "SELECT last_n, last_hash FROM evidence_devicechain WHERE device_id = %s"
_LENGTHEN = "UPDATE evidence_devicechain SET last_n = %s, last_hash = %s WHERE device_id = %s"
_LINK = "SELECT digest FROM evidence_deviceentry WHERE device_id = %s AND n = %s"

Place = tuple[int, int]
Last = tuple[str, str] | None


def locked_size() -> int:
    """The number of leaves, under the lock beneath which the tree grows."""
    row = statements.one(_SIZE + statements.locking())
    if row is None:
        raise LookupError("the log has no head")
    return int(row[0])


def grow(size: int) -> None:
    statements.run(_GROW, size)


def last_of_subject(subject_key: str) -> tuple[str, str] | None:
    """Hash and entry of the last leaf about a subject."""
    row = statements.one(_OF_SUBJECT, subject_key)
    return (row[0], row[1]) if row else None


def last_of_subjects(subject_keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Hash and entry of the last leaf about each of these subjects that has one."""
    rows = statements.every(_OF_SUBJECTS.format(marks=", ".join("%s" for _ in subject_keys)), *subject_keys)
    return {key: (leaf, entry) for key, leaf, entry in rows}


def last_of_organisation(organisation: str) -> tuple[str, str] | None:
    """Hash and entry of the last leaf of an organisation."""
    row = statements.one(_OF_ORGANISATION, organisation)
    return (row[0], row[1]) if row else None


def last_of_both(subject_key: str, organisation: str) -> tuple[Last, Last]:
    """Hash and entry of the last leaf about a subject, and of the last one of an organisation."""
    found: dict[int, Last] = {
        whose: (leaf, entry) for whose, leaf, entry in statements.every(_OF_BOTH, subject_key, organisation)
    }
    return found.get(0), found.get(1)


def subtrees(places: Iterable[Place]) -> dict[Place, bytes]:
    """Hashes of complete subtrees by (level, position); level 0 is a leaf.

    Raises:
        LookupError: when one of them is not there.
    """
    wanted = set(places)
    leaves = [position for level, position in wanted if level == 0]
    nodes = [place for place in wanted if place[0]]
    found: dict[Place, bytes] = {}
    if wanted:
        sql = _subtrees(len(nodes), len(leaves), statements.vendor())
        values = [number for place in nodes for number in place]
        for level, at, node in statements.every(sql, *values, *leaves):
            found[level, at] = bytes.fromhex(node) if isinstance(node, str) else bytes(node)
    if len(found) < len(wanted):
        raise LookupError(f"the log lacks subtrees {sorted(wanted - found.keys())[:3]}")
    return found


@lru_cache(maxsize=512)
def _subtrees(nodes: int, leaves: int, vendor: str) -> str:
    """One statement for both kinds. Leaves are kept as text; only SQLite has text and bytes in one column."""
    leaf = "decode(leaf, 'hex')" if vendor == "postgresql" else "leaf"
    wanted = _WANTED.format(marks=", ".join(["(%s, %s)"] * nodes)) if nodes else ""
    parts = [_NODES] * bool(nodes)
    parts += [_LEAVES.format(leaf=leaf, marks=", ".join(["%s"] * leaves))] * bool(leaves)
    return wanted + " UNION ALL ".join(parts)


def locked_chain(device_id: str) -> tuple[int, str] | None:
    """Number and hash of the last link of a device, under its lock; None when nothing came yet."""
    row = statements.one(_CHAIN + statements.locking(), device_id)
    return (int(row[0]), str(row[1])) if row else None


def begin_chain(device_id: str, first_prev: str) -> None:
    statements.insert("evidence_devicechain", device_id=device_id, last_n=0, last_hash=first_prev)


def lengthen_chain(device_id: str, last_n: int, last_hash: str) -> None:
    statements.run(_LENGTHEN, last_n, last_hash, device_id)


def link(device_id: str, n: int) -> str:
    """The digest of a link that came in.

    Raises:
        LookupError: when it is not there.
    """
    row = statements.one(_LINK, device_id, n)
    if row is None:
        raise LookupError(f"no link {n}")
    return str(row[0])
