"""Taken: the second window colleague writes this page now (offline, objection, ledger, settings). Do not overwrite."""
