"""The sync server: a small, real neighbour of the client."""
