"""The engine for SQLite."""
