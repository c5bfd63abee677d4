"""Numbered, sealed reports and their verification."""
