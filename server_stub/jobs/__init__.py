"""Work done beside the requests."""
