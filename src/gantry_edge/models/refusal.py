"""Turns an HTTP status other than 200 into a typed error with a sentence that says what to do. Pure."""

import re

import msgspec

from gantry_edge.errors import ModelBroken, ModelBusy, ModelError, ModelRefused, PromptTooLong, WrongKey
from gantry_edge.models.schema import Endpoint

QUOTE_LIMIT = 200  # characters of the server's own words
TOO_LONG = re.compile(r"context|too long|too many tokens|maximum.{0,20}tokens|max_model_len|token limit", re.I)
WINDOW = re.compile(r"(?:context (?:size|length|window)|max_model_len)[^0-9]{0,20}(\d{3,8})", re.I)
SECRET = re.compile(r"\b(?:sk|pk|hf|gsk|xai)[-_][\w-]{6,}|Bearer\s+\S+", re.I)


def refusal(endpoint: Endpoint, status: int, body: bytes, retry_after: str = "") -> ModelError:
    """The error for an answer with this status."""
    name, said = endpoint.name, quoted(body, endpoint.key)
    if status in (401, 403):
        # not in its own words: servers repeat the key they were sent, and anyone who asks would read it
        return WrongKey(f"{name} did not accept the key. Check the endpoint's key.")
    if status in (400, 413, 422) and (status == 413 or TOO_LONG.search(said)):
        sentence = f"The conversation is too long for this model. Start a new one.{said}"
        return PromptTooLong(sentence, window=window_in(said))
    if status in (404, 405):
        return ModelRefused(f"{name} does not know this model, or the endpoint's URL is not right.{said}")
    if status in (429, 503):
        return ModelBusy(f"{name} is busy. Try again in a moment.{said}", retry_after=seconds(retry_after))
    if 300 <= status < 400:
        return ModelRefused(f"{name} answers from another address. Enter that address as the endpoint's URL.")
    if 400 <= status < 500:
        return ModelRefused(f"{name} refused the request (status {status}).{said}")
    return ModelBroken(f"{name} failed (status {status}). Try again, or choose another model.{said}")


def window_in(said: str) -> int | None:
    """The window a server names as it refuses what is longer."""
    found = WINDOW.search(said)
    return int(found[1]) if found else None


def quoted(body: bytes, key: str) -> str:
    """The server's own words as a short clean sentence with secrets masked, or nothing."""
    try:
        words = _message(msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    words = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    if key:
        words = words.replace(key, "***")
    words = SECRET.sub("***", words)
    if len(words) > QUOTE_LIMIT:
        words = words[: QUOTE_LIMIT - 1] + "…"
    return f" It said: “{words}”" if words else ""


def _message(found: object) -> str:
    for field in ("error", "message", "detail"):
        if isinstance(found, dict) and field in found:
            found = found[field]
    return found if isinstance(found, str) else ""


def seconds(header: str) -> int | None:
    """Retry-After in seconds if it is a sensible number; dates are not worth reading here."""
    return min(int(header), 3600) if header.isascii() and header.isdigit() and len(header) < 10 else None
