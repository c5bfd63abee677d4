"""Desks, tried without a window."""
