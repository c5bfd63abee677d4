"""The rules room as Django knows it."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "server_stub.rules"
    label = "rules"
    default_auto_field = "django.db.models.BigAutoField"
