"""Session tokens, how long they live, and the clock they live by.

A session ends 12 hours after it was last used and 30 days after it began, whichever is first. One column says
so: `expires_at`, moved forward when the session is used.
"""

import hashlib
import secrets
import time
from collections.abc import Callable

from gantry_edge.ids import now

SECOND = 1000
IDLE = 12 * 3600 * SECOND
ABSOLUTE = 30 * 24 * 3600 * SECOND
TOUCH = 5 * 60 * SECOND  # a session in use is written no more often than this
STEP = 24 * 3600 * SECOND


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored. A plain digest does: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def cookie_name(instance_id: str, *, secure: bool) -> str:
    """Cookies ignore ports, so two instances on one host need two names."""
    name = f"gantry_{instance_id[-8:]}"  # an id begins with the minute it was made in; its end is random
    return f"__Host-{name}" if secure else name


def expiry(created_at: int, used_at: int) -> int:
    return min(used_at + IDLE, created_at + ABSOLUTE)


def steady_ms() -> int:
    """Milliseconds since some moment, sleep included where the system can tell, deaf to a set clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))  # Linux, macOS
    seconds = time.monotonic() if clock is None else time.clock_gettime(clock)
    return int(seconds * SECOND)


class SessionClock:
    """The wall clock, except that setting it by up to a day either way moves no session.

    A box without a battery gets its time minutes after it started, and people set clocks by hand: neither may
    sign everyone out. A larger step is followed. A step made while the program was not running counts as time
    passed, since a box that was switched off looks the same. Times ahead of the clock count as just now.
    """

    def __init__(self, wall: Callable[[], int] = now, steady: Callable[[], int] = steady_ms) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()

    def __call__(self) -> int:
        wall, steady = self._wall(), self._steady()
        if abs(wall - steady - self._offset) > STEP:
            self._offset = wall - steady
        return steady + self._offset
