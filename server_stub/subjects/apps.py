"""The subjects room as Django knows it."""

from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    name = "server_stub.subjects"
    label = "subjects"
    default_auto_field = "django.db.models.BigAutoField"
