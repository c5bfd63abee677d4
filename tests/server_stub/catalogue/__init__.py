"""Editions, categories and items."""
