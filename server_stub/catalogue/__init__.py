"""Editions, categories and items: what may be on record at all, by whom, on what ground."""
