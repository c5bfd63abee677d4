"""The feed room as Django knows it."""

from django.apps import AppConfig


class FeedConfig(AppConfig):
    name = "server_stub.feed"
    label = "feed"
    default_auto_field = "django.db.models.BigAutoField"
