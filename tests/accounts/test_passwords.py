import asyncio
import threading
import time

import pytest
from argon2 import PasswordHasher, extract_parameters

from gantry_edge.accounts.passwords import Passwords, check_password
from gantry_edge.errors import WeakPassword


class CrowdCounter(PasswordHasher):
    """Notes how many threads are inside at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self._lock = threading.Lock()
        self._inside = 0
        self.most = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        time.sleep(0.01)
        with self._lock:
            self._inside -= 1
        return "x"


@pytest.mark.parametrize("password", ["short", "x" * 257, "password", "PassWord1", "aaaaaaaaaa", "Ada Lovelace"])
def test_such_passwords_are_weak(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(password, "ada lovelace")


@pytest.mark.parametrize("password", ["correct horse battery", "x1" * 128, "пароль пароль", "🔑🔒🔓🗝️🔐🚪🧱🏰"])
def test_such_passwords_are_taken(password: str) -> None:
    check_password(password, "ada")


def test_a_megabyte_is_refused_at_once() -> None:
    began = time.perf_counter()
    with pytest.raises(WeakPassword):
        check_password("é" * 1_000_000, "ada")
    assert time.perf_counter() - began < 0.01


async def test_the_cost_is_what_owasp_asks_for() -> None:
    passwords = Passwords()
    stored = await passwords.hash("correct horse battery")
    passwords.close()
    cost = extract_parameters(stored)
    assert (cost.type.name, cost.memory_cost, cost.time_cost, cost.parallelism) == ("ID", 19456, 2, 1)


async def test_no_more_than_two_hash_at_once() -> None:
    counter = CrowdCounter()
    passwords = Passwords(counter)
    await asyncio.gather(*(passwords.hash("x") for _ in range(20)))
    passwords.close()
    assert counter.most == 2


async def test_how_an_accent_was_typed_does_not_count() -> None:
    passwords = Passwords()
    stored = await passwords.hash("caf\u00e9 au lait")
    assert await passwords.verify("cafe\u0301 au lait", stored)
    passwords.close()


async def test_a_damaged_hash_matches_nothing() -> None:
    passwords = Passwords()
    assert not await passwords.verify("", "")
    assert not await passwords.verify("x", "$argon2id$nonsense")
    passwords.close()


async def test_a_hash_of_cheaper_times_is_outdated() -> None:
    passwords = Passwords()
    assert passwords.outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not passwords.outdated(await passwords.hash("x"))
    passwords.close()
