-- Screening tasks and the answers to their parts. They are copies: they end with their term and with cache.db.
CREATE TABLE screening_tasks (
    task_no    TEXT PRIMARY KEY,
    body       BLOB NOT NULL,
    choices    BLOB NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'cancelled')),
    made_at    TEXT NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE screening_parts (
    task_no      TEXT NOT NULL REFERENCES screening_tasks (task_no) ON DELETE CASCADE,
    part         INTEGER NOT NULL,
    op_id        TEXT NOT NULL UNIQUE,
    screening_no TEXT NOT NULL,
    payload      BLOB NOT NULL,
    key_id       TEXT NOT NULL,
    sig_b64      TEXT NOT NULL,
    leaf_index   INTEGER NOT NULL,
    PRIMARY KEY (task_no, part)
) STRICT, WITHOUT ROWID;
