"""The evidence room as Django knows it."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "server_stub.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
