"""The public page in a real browser. `make browser` installs what is needed, `make test-nightly` runs it."""
