"""Django's PostgreSQL engine with this server's promise about transactions."""
