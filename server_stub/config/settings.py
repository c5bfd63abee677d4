"""Django's settings for every command of the server; what differs between machines is the environment's."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from pathlib import Path

from server_stub.config import env, reaching

PRODUCTION = env.flag("HENGXIN_PRODUCTION")
DEBUG = False
UNDER_TEST = "pytest" in sys.modules


def _home() -> Path:
    """The named home; tests and tools that keep nothing get one that is gone when the process ends."""
    named = env.home()
    if named is not None:
        return named
    lent = Path(tempfile.mkdtemp(prefix="hengxin-server-"))
    atexit.register(shutil.rmtree, lent, ignore_errors=True)
    return lent


HENGXIN_HOME = _home()
HENGXIN_HOME_NAMED = env.home() is not None

# No cookie, no session and no signed form is used: Django's own signing key only has to exist.
SECRET_KEY = "not-a-secret:nothing-is-signed-with-it"  # noqa: S105
ALLOWED_HOSTS = reaching.allowed_names() + (["testserver"] if UNDER_TEST else [])
# The base that device proofs are judged against; empty: the name of the request, one of the above.
HENGXIN_PUBLIC_URL = reaching.public_url()
# Where this very server can be reached, as `up` knows it; codes of a specimen lead there.
HENGXIN_OWN_URL = reaching.own_url()
# Whose X-Forwarded-For is believed.
HENGXIN_GATEWAYS = env.networks("HENGXIN_GATEWAYS")
# Who stamps the time of seals: the home's own sample authority, or a service and the root it is judged by.
HENGXIN_TSA_URL, HENGXIN_TSA_CA = env.stamp_service()
# Whose token holds the key of the seal; None: the key file of a sample. Its PIN is not a setting.
HENGXIN_SEAL_TOKEN = env.seal_token()
ROOT_URLCONF = "server_stub.config.urls"
WSGI_APPLICATION = "server_stub.config.wsgi.application"
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "server_stub.feed",
    "server_stub.evidence",
    "server_stub.accounts",
    "server_stub.subjects",
    "server_stub.catalogue",
    "server_stub.rules",
    "server_stub.records",
    "server_stub.lists",
    "server_stub.queries",
    "server_stub.reports",
    "server_stub.cases",
    "server_stub.exchange",
    "server_stub.exchange.province",
    "server_stub.exchange.persons",
]
MIDDLEWARE = ["server_stub.api.edge.Edge"]
AUTH_USER_MODEL = "accounts.Officer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.database(HENGXIN_HOME)}
PASSWORD_HASHERS: list[str] = []

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

# How many web processes share this database: one remembers used proofs itself, several share a table.
HENGXIN_PROCESSES = env.whole("HENGXIN_PROCESSES", 1, 1, 64)

# Called within the transaction of every change of a record: (rec_id, the revision that stands no more).
HENGXIN_TOLD_OF_CHANGES = ("server_stub.reports.telling.tell_holders",)
HENGXIN_TELLS_ANSWERS = "server_stub.cases.answering.answered"
# Called before a revision is written: (rec_id, reason); raises when the record is not ours to change.
HENGXIN_ASKED_BEFORE_CHANGES = ("server_stub.exchange.province.guard.may_change",)
# Called when persons are registered: ((subject key, digest of the number), ...).
HENGXIN_TOLD_OF_PERSONS = ("server_stub.exchange.province.persons.keep",)

HENGXIN_SEGMENT_CHANGES = env.whole("HENGXIN_SEGMENT_CHANGES", 10_000, 10, 1_000_000)
HENGXIN_EXCHANGE_EVERY_S = env.whole("HENGXIN_EXCHANGE_EVERY_S", 60, 1, 86_400)

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
HENGXIN_BODY_MAX = 1024 * 1024
HENGXIN_LETTER_BODY_MAX = 12 * 1024 * 1024

# argon2id: passes, KiB, lanes. Tests may pay less; a production server never does.
HENGXIN_ARGON2 = (1, 64, 1) if UNDER_TEST and not PRODUCTION else (3, 64 * 1024, 1)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "server_stub": {"level": "INFO"},
        "django.request": {"level": "CRITICAL"},
        "pyhanko": {"level": "ERROR"},
    },
}
