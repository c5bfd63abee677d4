"""The persons room as Django knows it."""

from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "server_stub.exchange.persons"
    label = "persons"
    default_auto_field = "django.db.models.BigAutoField"
