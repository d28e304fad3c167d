"""Ids and times: UUIDv7 text made by the app, integer milliseconds UTC."""

import time

from uuid_utils import uuid7


def new_id() -> str:
    return str(uuid7())


def first_id(at: int) -> str:
    """No id of that millisecond, nor of a later one, is less."""
    digits = f"{max(at, 0):012x}"
    return f"{digits[:8]}-{digits[8:]}"


def now() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000
