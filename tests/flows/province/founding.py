"""As a program: a platform's home with staff of its centre and, from standard input, its persons."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "server_stub.config.settings"
    os.umask(0o077)
    home = Path(os.environ["HENGXIN_SERVER_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    django.setup()
    from server_stub.accounts.services import create_officer, create_organisation
    from server_stub.jobs.preparing import prepare
    from server_stub.subjects.services import PersonEntry, register

    prepare(home, None, ("localhost",))
    centre = create_organisation("C001", "示例省公共信用信息中心", "centre")
    for user in ("keeper1", "keeper2", "keeper3"):
        create_officer(user, "测试", centre, "a long enough password")
    register(PersonEntry(**person) for person in json.load(sys.stdin))


if __name__ == "__main__":
    main()
