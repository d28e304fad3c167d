"""Leaves a failing endpoint alone for a while. Pure: the caller passes the time.

Own code because the libraries looked at (aiobreaker, purgatory, pybreaker, circuitbreaker) either know no async
generators or let every caller through once half-open, and none can say "alive" at the first token of an answer
that will run for minutes.
"""

FAILURES = 5  # in a row
PAUSE = 15.0  # seconds


class Breaker:
    """Closed, open after `FAILURES` failures in a row, half-open with one trial after `PAUSE` seconds."""

    def __init__(self) -> None:
        self._failures = 0
        self._open_until = 0.0
        self._trial = False

    @property
    def on_trial(self) -> bool:
        """Just admitted: is that call the trial?"""
        return self._trial

    def admit(self, now: float) -> float:
        """0 if the call may go out, else the seconds to wait."""
        if self._failures < FAILURES:
            return 0.0
        if now < self._open_until:
            return self._open_until - now
        if self._trial:
            return 1.0
        self._trial = True
        return 0.0

    def alive(self) -> None:
        """The first token is here: let others in, but stay ready to open at the next failure."""
        if self._trial:
            self._trial = False
            self._failures = FAILURES - 1

    def succeeded(self) -> None:
        self._failures = 0
        self._trial = False

    def failed(self, now: float) -> None:
        was_open = self._failures >= FAILURES and not self._trial
        self._failures += 1
        self._trial = False
        # Calls that went out before it opened may still fail; they must not push the trial further away.
        if self._failures >= FAILURES and not was_open:
            self._open_until = now + PAUSE

    def abandoned(self) -> None:
        """The trial ended without a verdict: its caller left. Harmless after one."""
        self._trial = False
