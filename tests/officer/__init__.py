"""A made-up officer: a real server process, the real window or the real services, and nothing pretended."""
