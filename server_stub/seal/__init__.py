"""The seal in a process of its own: it alone opens the key, bounds how often and logs each use."""
