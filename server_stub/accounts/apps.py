"""The accounts room as Django knows it."""

from django.apps import AppConfig
from django.core.checks import register

from server_stub.config import checks


class AccountsConfig(AppConfig):
    name = "server_stub.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(checks.production)
        register(checks.codes)
        register(checks.home)
        register(checks.wiring)
