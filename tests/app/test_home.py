"""Home, lanes, profiles and settings of a client."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from pathlib import Path

import pytest

from app.lanes import Lane, Lanes, PageLease
from app.paths import Home, default_home, write_atomically
from app.profiles import Profiles, home_mark, profile_name, read_profiles, write_profiles
from app.settings import Settings, SettingsFile
from app.trouble import NotRight, VaultTrouble


def test_a_home_is_private(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").make()
    home.root.chmod(0o755)
    home.make()
    assert [path.name for path in home.root.iterdir()] == ["vaults"]
    for folder in (home.root, home.vaults):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "-x", "x" * 65, "a\n"])
def test_a_profile_cannot_leave_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="profile"):
        Home(tmp_path).vault(name)


def test_the_home_is_the_given_one_else_the_named_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HENGXIN_HOME", str(tmp_path / "named"))
    assert default_home(tmp_path / "given").root == tmp_path / "given"
    assert default_home().root == tmp_path / "named"
    monkeypatch.delenv("HENGXIN_HOME")
    assert default_home().root.name == "hengxin"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    write_atomically(tmp_path / "f", b"one")
    write_atomically(tmp_path / "f", b"two")
    assert (tmp_path / "f").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_a_lane_runs_in_one_thread_and_inside_itself_at_once() -> None:
    lane = Lane("vault")
    seen = {lane.run(threading.get_ident) for _ in range(10)}
    assert len(seen) == 1
    assert lane.run(lambda: lane.run(threading.get_ident)) in seen
    assert not lane.is_here()
    with pytest.raises(ZeroDivisionError):
        lane.run(lambda: 1 // 0)
    lane.close()


def test_answers_come_home_through_deliver_for_failures_too() -> None:
    delivered: list[str] = []
    ended = threading.Event()

    def deliver(job: object) -> None:
        delivered.append(threading.current_thread().name)
        job()  # type: ignore[operator]

    def done(future: Future[float]) -> None:
        delivered.append(type(future.exception()).__name__)
        ended.set()

    lanes = Lanes(deliver)
    lanes.submit("press", lambda: 1 / 0, done=done)
    assert ended.wait(5)
    assert delivered[1] == "ZeroDivisionError"
    with pytest.raises(KeyError):
        lanes.submit("nowhere", lambda: 1)
    lanes.close()


def test_a_late_answer_is_not_current() -> None:
    lease = PageLease()
    first = lease.renew()
    second = lease.renew()
    assert not lease.is_current(first)
    assert lease.is_current(second)


def test_profiles_show_numbers_and_no_names(tmp_path: Path) -> None:
    path = tmp_path / "profiles.json"
    assert read_profiles(path) == Profiles()
    one, two = profile_name("", "key", "u1"), profile_name("", "key", "u2")
    assert one != two
    both = Profiles().with_profile(one).with_profile(two).with_profile(one)
    write_profiles(path, both)
    assert [each.label for each in read_profiles(path).profiles] == ["user 1", "user 2"]
    assert read_profiles(path).current == one
    rest = both.without(one)
    assert (rest.current, rest.with_profile("u3").profiles[-1].label) == ("", "user 3")
    path.write_bytes(b"\x00")
    with pytest.raises(VaultTrouble):
        read_profiles(path)


def test_two_homes_of_one_person_have_names_of_their_own(tmp_path: Path) -> None:
    """They share one keyring: under one name the second home would write over the keys of the first."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    marks = [home_mark(tmp_path / name / "profiles.json") for name in ("one", "two")]
    assert len({profile_name(mark, "key", "u1") for mark in marks}) == 2
    path = tmp_path / "one" / "profiles.json"
    kept = read_profiles(path).with_profile("u1")
    write_profiles(path, kept.without("u1"))
    assert home_mark(path) == marks[0] != ""
    older = tmp_path / "profiles.json"
    older.write_text('{"current": "u0", "profiles": [{"profile": "u0", "label": "user 1"}]}', "utf-8")
    assert home_mark(older) == "" and read_profiles(older).current == "u0"


def test_settings_are_kept_and_odd_values_are_not(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.toml")
    assert file.read() == Settings()
    file.write(Settings(theme="dark", language="en", size="large", density="compact", idle_minutes=5))
    assert file.read() == Settings("dark", "en", "large", "compact", 5)
    with pytest.raises(NotRight):
        file.write(Settings(theme='x"\n[evil]'))
    assert file.read().theme == "dark"
    (tmp_path / "settings.toml").write_text('theme = "neon"\nidle_minutes = 900\nlanguage = "en"\n')
    assert file.read() == Settings(language="en")
    (tmp_path / "settings.toml").write_text("theme = ")
    assert file.read() == Settings()
