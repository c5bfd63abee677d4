"""Encrypted files of one officer on one machine: knows tables, not meanings."""
