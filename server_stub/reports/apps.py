"""The reports room as Django knows it."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "server_stub.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
