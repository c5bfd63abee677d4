-- work.db: what must not be lost. The chain and its receipts only grow.
CREATE TABLE marker (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    kind     TEXT NOT NULL CHECK (kind = 'work'),
    vault_id TEXT NOT NULL
) STRICT;

CREATE TABLE state (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE ledger (
    n          INTEGER PRIMARY KEY CHECK (n > 0),
    digest     TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
    prev       TEXT NOT NULL CHECK (length(prev) = 64),
    kind       TEXT NOT NULL,
    op_id      TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    claimed_at TEXT NOT NULL,
    payload    BLOB NOT NULL,
    jws        TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_by_op ON ledger (op_id);

CREATE TRIGGER ledger_follows BEFORE INSERT ON ledger
WHEN EXISTS (SELECT 1 FROM ledger)
     AND (NEW.n <> (SELECT max(n) + 1 FROM ledger)
          OR NEW.prev <> (SELECT digest FROM ledger ORDER BY n DESC LIMIT 1))
BEGIN
    SELECT RAISE(ABORT, 'the chain goes on at its end');
END;

CREATE TRIGGER ledger_is_fixed BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'an entry is never changed');
END;

CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'an entry is never removed');
END;

-- words for the officer's list: not part of the chain, filled in when the answer is there
CREATE TABLE ledger_notes (
    n        INTEGER PRIMARY KEY REFERENCES ledger (n),
    subject  TEXT NOT NULL DEFAULT '',
    query_no TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE receipts (
    n          INTEGER PRIMARY KEY REFERENCES ledger (n),
    leaf_index INTEGER NOT NULL,
    outcome    TEXT NOT NULL,
    body       BLOB NOT NULL
) STRICT;

CREATE TRIGGER receipts_are_fixed BEFORE UPDATE ON receipts
BEGIN
    SELECT RAISE(ABORT, 'a receipt is never changed');
END;

CREATE TRIGGER receipts_are_kept BEFORE DELETE ON receipts
BEGIN
    SELECT RAISE(ABORT, 'a receipt is never removed');
END;

CREATE TABLE outbox (
    op_id       TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    made_at     TEXT NOT NULL,
    body        BLOB NOT NULL,
    body_sha256 TEXT NOT NULL,
    jws         TEXT NOT NULL DEFAULT '',
    base_rev    INTEGER,
    entry_n     INTEGER REFERENCES ledger (n),
    state       TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'sending', 'unknown', 'done', 'refused')),
    why         TEXT NOT NULL DEFAULT '',
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_try    INTEGER NOT NULL DEFAULT 0,
    result      BLOB
) STRICT;
CREATE INDEX outbox_by_state ON outbox (state, made_at);

CREATE TABLE drafts (
    kind       TEXT NOT NULL,
    key        TEXT NOT NULL,
    body       BLOB NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT;
