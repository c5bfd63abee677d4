"""Objections and data errors."""
