"""The accounts room as Django knows it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "server_stub.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
