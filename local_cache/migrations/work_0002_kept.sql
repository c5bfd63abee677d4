-- what the server said and the client wants to know without asking again: letters, objections, policy, lease
CREATE TABLE kept (
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    body BLOB NOT NULL,
    at   TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT;
