"""Records between this platform and another one: push, pull, acknowledgements, bulk segments."""
