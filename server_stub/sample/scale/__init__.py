"""A made-up city of any size, written in bulk: the same content for the same numbers and day."""
