-- When an item was last offered to the server, in milliseconds since 1970; 0: never, or by an older program.
ALTER TABLE outbox ADD COLUMN tried_at INTEGER NOT NULL DEFAULT 0 CHECK (tried_at >= 0);
