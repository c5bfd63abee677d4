"""Verbs that change records. Each is one transaction: a new revision, a feed row and a leaf of the log.

    put(facts, *, by)                 -> rec_id     one record (same act again: nothing, or a correction)
    put_many(rows, *, by)             -> int        seeding: revisions only, no feed row, no leaf
    correct(rec_id, changes, *, reason, by)         changes: {"payload": {...}, any column of RecordFacts}
    annul(rec_id, *, reason, by)                    the act was withdrawn or annulled
    repair(rec_id, *, on, by)  remove(rec_id, *, on, reason, by)  shield / unshield(rec_id, *, on, by)
    mark(rec_id, *, number, accepted_on, due_on, by)  unmark(rec_id, *, by)
    sweep(on, *, by)                  -> int        tells holders of copies whose publicity is over

`facts` is server_stub.records.facts.RecordFacts. Every verb returns the new revision unless said otherwise.
"""
