"""Use cases of the client: one verb of the officer, one door each."""
