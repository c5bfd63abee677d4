"""The lists room as Django knows it."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "server_stub.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"
