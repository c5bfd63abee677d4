-- Whether who asked was told of the refusal himself; of older rows nobody knows: they are told once more.
ALTER TABLE outbox ADD COLUMN heard INTEGER NOT NULL DEFAULT 0 CHECK (heard IN (0, 1));
