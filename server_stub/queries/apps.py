"""The queries room as Django knows it."""

from django.apps import AppConfig


class QueriesConfig(AppConfig):
    name = "server_stub.queries"
    label = "queries"
    default_auto_field = "django.db.models.BigAutoField"
