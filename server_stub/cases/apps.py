"""The cases room as Django knows it."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "server_stub.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
