"""Rules, use cases and the doors to the outside: no Qt, no SQL."""
