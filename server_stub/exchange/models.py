"""Rows of the exchange room."""
