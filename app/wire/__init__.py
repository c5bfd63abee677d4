"""The only door to the network: sessions, pinned trust, messages and the checks of what came back."""
