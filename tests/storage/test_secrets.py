"""What is sealed opens by its key and for its purpose only."""

import os
from pathlib import Path

import pytest

from gantry_edge.storage.secrets import FILE, Secrets

CANARY = "sk-canary-of-the-test"


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    return Secrets(tmp_path / FILE)


def test_what_was_sealed_opens(secrets: Secrets) -> None:
    assert secrets.open(secrets.seal(CANARY, "for one"), "for one") == CANARY


def test_the_same_secret_never_looks_the_same(secrets: Secrets) -> None:
    assert secrets.seal(CANARY, "for one") != secrets.seal(CANARY, "for one")


def test_it_opens_for_nothing_else(secrets: Secrets) -> None:
    assert secrets.open(secrets.seal(CANARY, "for one"), "for another") is None


def test_it_opens_after_a_restart(secrets: Secrets, tmp_path: Path) -> None:
    sealed = secrets.seal(CANARY, "for one")
    assert Secrets(tmp_path / FILE).open(sealed, "for one") == CANARY


def test_it_does_not_open_without_the_key(secrets: Secrets, tmp_path: Path) -> None:
    sealed = secrets.seal(CANARY, "for one")
    (tmp_path / FILE).unlink()
    assert secrets.open(sealed, "for one") is None


def test_it_does_not_open_by_another_key(secrets: Secrets, tmp_path: Path) -> None:
    sealed = secrets.seal(CANARY, "for one")
    (tmp_path / FILE).write_bytes(os.urandom(32))
    assert secrets.open(sealed, "for one") is None


@pytest.mark.parametrize("sealed", ["", "AAAA", "no base64!", "ä", "A" * 100])
def test_nonsense_does_not_open(secrets: Secrets, sealed: str) -> None:
    secrets.seal(CANARY, "for one")
    assert secrets.open(sealed, "for one") is None


@pytest.mark.skipif(os.name != "posix", reason="modes are a thing of POSIX")
def test_the_key_is_for_its_owner_only(secrets: Secrets, tmp_path: Path) -> None:
    secrets.seal(CANARY, "for one")
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_key_cut_short_by_a_crash_is_made_anew(secrets: Secrets, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"short")
    assert secrets.open(secrets.seal(CANARY, "for one"), "for one") == CANARY
