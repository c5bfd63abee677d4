"""The province room as Django knows it."""

from django.apps import AppConfig


class ProvinceConfig(AppConfig):
    name = "server_stub.exchange.province"
    label = "province"
    default_auto_field = "django.db.models.BigAutoField"
