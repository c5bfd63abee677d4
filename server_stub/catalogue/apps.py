"""The catalogue room as Django knows it."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "server_stub.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
