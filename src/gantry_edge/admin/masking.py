"""The settings file without the keys of model servers. Pure."""

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any


def without_keys(text: str) -> str | None:
    """As it is but for them; None where that cannot be done, or it cannot be read."""
    try:
        for key in set(_keys(tomllib.loads(text))):
            text = re.sub(rf"""(\bkey["']?\s*[=:]\s*)(["']){re.escape(key)}\2""", r"\1\2\2", text)
        return None if any(_keys(tomllib.loads(text))) else text
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _keys(found: Any) -> Iterator[str]:
    """Also in a list that is written as JSON."""
    match found:
        case dict():
            for name, value in found.items():
                if name == "key" and isinstance(value, str) and value:
                    yield value
                else:
                    yield from _keys(value)
        case list():
            for value in found:
                yield from _keys(value)
        case str() if found.lstrip().startswith(("[", "{")):
            try:
                yield from _keys(json.loads(found))
            except ValueError:
                return
