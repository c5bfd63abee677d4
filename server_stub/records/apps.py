"""The records room as Django knows it."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "server_stub.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
