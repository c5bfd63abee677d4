-- evidence of a filing that the server has not settled yet; it leaves with the answer
CREATE TABLE evidence (
    op_id     TEXT NOT NULL REFERENCES outbox (op_id),
    place     INTEGER NOT NULL,
    name      TEXT NOT NULL,
    sha256    TEXT NOT NULL CHECK (length(sha256) = 64),
    upload_op TEXT NOT NULL UNIQUE,
    sent      INTEGER NOT NULL DEFAULT 0 CHECK (sent BETWEEN 0 AND length(content)),
    content   BLOB NOT NULL,
    PRIMARY KEY (op_id, place)
) STRICT;
