-- A link may be in the log twice: first as this device's claim, later with what the server did. Both receipts stand.
CREATE TABLE leaves (
    n          INTEGER NOT NULL REFERENCES ledger (n),
    leaf_index INTEGER NOT NULL,
    outcome    TEXT NOT NULL,
    body       BLOB NOT NULL,
    PRIMARY KEY (n, leaf_index)
) STRICT;
INSERT INTO leaves SELECT n, leaf_index, outcome, body FROM receipts;
DROP TABLE receipts;
ALTER TABLE leaves RENAME TO receipts;

CREATE TRIGGER receipts_are_fixed BEFORE UPDATE ON receipts
BEGIN
    SELECT RAISE(ABORT, 'a receipt is never changed');
END;

CREATE TRIGGER receipts_are_kept BEFORE DELETE ON receipts
BEGIN
    SELECT RAISE(ABORT, 'a receipt is never removed');
END;
