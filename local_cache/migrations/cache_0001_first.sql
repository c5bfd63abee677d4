-- cache.db: copies that the server can give again. Everything about one query goes with that query.
CREATE TABLE marker (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    kind     TEXT NOT NULL CHECK (kind = 'cache'),
    vault_id TEXT NOT NULL
) STRICT;

CREATE TABLE state (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
    query_no    TEXT PRIMARY KEY,
    op_id       TEXT NOT NULL UNIQUE,
    payload     BLOB NOT NULL,
    key_id      TEXT NOT NULL,
    sig         BLOB NOT NULL,
    subject_key TEXT NOT NULL,
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    code        TEXT NOT NULL,
    purpose     TEXT NOT NULL,
    as_of       TEXT NOT NULL,
    expires_ms  INTEGER NOT NULL,
    lease_id    TEXT NOT NULL,
    stored_at   TEXT NOT NULL
) STRICT;
CREATE INDEX answers_by_subject ON answers (subject_key);
CREATE INDEX answers_by_code ON answers (code);

CREATE TABLE holds (
    query_no TEXT NOT NULL REFERENCES answers (query_no) ON DELETE CASCADE,
    rec_id   TEXT NOT NULL,
    rev      INTEGER NOT NULL,
    PRIMARY KEY (query_no, rec_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_by_record ON holds (rec_id);

CREATE TABLE tombstones (
    rec_id TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    at     TEXT NOT NULL
) STRICT;

CREATE TABLE marks (
    rec_id TEXT PRIMARY KEY,
    body   BLOB NOT NULL,
    at     TEXT NOT NULL
) STRICT;

CREATE TABLE reports (
    number      TEXT PRIMARY KEY,
    query_no    TEXT NOT NULL,
    name        TEXT NOT NULL,
    issued_at   TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    state       TEXT NOT NULL,
    pdf_sha256  TEXT NOT NULL,
    pdf         BLOB NOT NULL
) STRICT;
CREATE INDEX reports_by_query ON reports (query_no);

CREATE TABLE recents (
    query_no TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    kind     TEXT NOT NULL,
    purpose  TEXT NOT NULL,
    at       TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE words USING fts5 (query_no UNINDEXED, spaced, tokenize = 'unicode61');
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
