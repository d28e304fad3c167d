"""Argon2id, never more than two at once, and the rules for a new password.

One hash takes about 19 MiB and 30 ms of a core, so a flood of guesses must queue here and not in memory.
"""

import asyncio
import base64
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gantry_edge.accounts.names import name_key
from gantry_edge.errors import WeakPassword

T = TypeVar("T")

SHORTEST, LONGEST = 8, 256
AT_ONCE = 2

# The ones every guesser tries first, as far as they are long enough to pass.
FIRST_GUESSES = """
00000000 000000000 11111111 111111111 12121212 123123123 12341234 12344321 12345678 123456789 1234567890
123456789a 12345qwert 1234qwer 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 22222222 55555555 66666666 77777777
87654321 88888888 987654321 99999999 a1234567 a12345678 a123456789 aa123456 abc12345 abcd1234 abcdefgh
access14 admin123 admin1234 administrator alexander asdf1234 asdfasdf asdfghjk asdfghjkl azertyuiop
baseball basketball butterfly changeit changeme charlie1 chocolate computer corvette december dragon123
einstein football football1 gantry-edge gantryedge garfield hello123 helloworld iloveyou iloveyou1
internet jennifer jonathan letmein1 letmein123 liverpool master123 maverick michelle midnight mustang1
p@ssw0rd p@ssword pa55word passw0rd password password! password1 password12 password123 password1234
passwort pokemon1 princess princess1 q1w2e3r4 q1w2e3r4t5 qazwsxedc qweasdzxc qwer1234 qwerasdf qwert123
qwerty12 qwerty123 qwerty1234 qwertyui qwertyuiop secret123 september starwars sunshine superman superman1
superstar test1234 testtest trustno1 victoria welcome1 welcome123 whatever zaq12wsx zxcvbnm1 zxcvbnm123
"""
COMMON = frozenset(FIRST_GUESSES.split())


def check_password(password: str, name: str) -> None:
    """WeakPassword, with what to do about it."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"Choose a password of at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise WeakPassword(f"Choose a password of at most {LONGEST} characters")
    if password.casefold() in COMMON or len(set(password)) == 1:
        raise WeakPassword("This is one of the first passwords a stranger tries; choose another")
    if name_key(password) == name_key(name):
        raise WeakPassword("Your name is no secret; choose another password")


class Passwords:
    """Hashes and checks passwords in two threads of its own."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        # OWASP's figures: 19 MiB, two passes, one lane
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
        self._threads = ThreadPoolExecutor(AT_ONCE, "password")
        self._nobody = _hash_of_nothing(self._hasher)

    async def hash(self, password: str) -> str:
        return await self._run(lambda: self._hasher.hash(_composed(password)))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether they match. None takes as long as a real one, so time does not tell who has an account."""
        return await self._run(lambda: self._verify(password, stored or self._nobody))

    def outdated(self, stored: str) -> bool:
        """Made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._threads.shutdown()

    def _verify(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, _composed(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _composed(password: str) -> str:
    """Keyboards differ in how they compose an accented letter."""
    return unicodedata.normalize("NFC", password)


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """A well-formed hash that no password has."""
    salt, tag = (base64.b64encode(bytes(n)).decode().rstrip("=") for n in (hasher.salt_len, hasher.hash_len))
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${tag}"
