-- a refused row that the officer has done with: it stays for the chain's list, and nobody is reminded of it
ALTER TABLE outbox ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0 CHECK (dismissed IN (0, 1));
