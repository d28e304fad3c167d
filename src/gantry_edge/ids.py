"""Ids and times: UUIDv7 text made by the app, integer milliseconds UTC."""

import time

from uuid_utils import uuid7


def new_id() -> str:
    return str(uuid7())


def now() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000
