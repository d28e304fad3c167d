"""The one-time token that makes the first account. In memory only: a restart makes a new one."""

import hmac
import time
from collections.abc import Callable
from pathlib import Path

from gantry_edge.accounts import store
from gantry_edge.accounts.sessions import hash_token, new_token
from gantry_edge.errors import TooManyAttempts, WrongSetupToken
from gantry_edge.storage.database import DatabaseError, open_reader

LIFETIME = 3600.0  # seconds
WRONG_TRIES = 10


def has_nobody(path: Path) -> bool:
    """Is there no account yet? Of a database that need not exist, or be whole: who opens it will say."""
    if not path.exists():
        return True
    connection = open_reader(path)
    try:
        return not (store.has_accounts(connection) and store.has_users(connection))
    except DatabaseError:
        return False
    finally:
        connection.close()


class SetupToken:
    """Dies on use, after an hour, and after ten wrong tries. `announce` shows each new one at the machine."""

    def __init__(self, announce: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._announce = announce
        self._clock = clock
        self._hash: str | None = None
        self._issued = 0.0
        self._wrong = 0

    @property
    def issued(self) -> bool:
        return self._hash is not None

    def issue(self) -> None:
        """Make a new one and announce it."""
        token = new_token()
        self._hash, self._issued, self._wrong = hash_token(token), self._clock(), 0
        self._announce(token)

    def check(self, token: str) -> None:
        """WrongSetupToken, or TooManyAttempts at the tenth wrong one. The token stays good until `burn`."""
        if self._hash is None:
            raise WrongSetupToken("This setup link was used already; sign in")
        if self._clock() - self._issued >= LIFETIME:
            self.issue()
            raise WrongSetupToken("This setup link is older than an hour; use the one just printed")
        if not hmac.compare_digest(hash_token(token), self._hash):
            self._miss()

    def burn(self) -> None:
        self._hash = None

    def _miss(self) -> None:
        self._wrong += 1
        if self._wrong < WRONG_TRIES:
            raise WrongSetupToken("This setup link is not valid; use the last one that was printed")
        self.issue()
        raise TooManyAttempts("Too many wrong setup links; use the one just printed")
