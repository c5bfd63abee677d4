"""View models, one per page: a frozen View and verbs; no window is needed to try them."""
