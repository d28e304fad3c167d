"""How many tokens a model server takes, and whether it counts them for others: each kind says so in its own place."""

import asyncio
from contextlib import suppress
from typing import Any

import msgspec

from gantry_edge.errors import ModelError
from gantry_edge.models.client import Client
from gantry_edge.models.schema import Endpoint

PLACES = ("/props", "/v1/models", "/api/v0/models", "/api/ps")  # llama.cpp, vLLM, LM Studio, Ollama
OLLAMA_DEFAULT = 4096  # tokens it gives to a model it has not loaded yet, whatever the model could take
SMALLEST, LARGEST = 128, 100_000_000  # tokens; anything else is a mistake


class Offer(msgspec.Struct, frozen=True):
    """What a server says of one of its models."""

    window: int | None = None
    tokenizes: bool = False  # it has llama.cpp's /apply-template and /tokenize


async def look(client: Client, endpoint: Endpoint, model: str) -> Offer:
    """Ask in each kind's own place, all at once: a question waits for it. Who knows none of them offers nothing."""
    props, listed, loaded, running = await asyncio.gather(*(_get(client, endpoint, path) for path in PLACES))
    if window := _sane(_at(props, "default_generation_settings", "n_ctx")):
        return Offer(window, tokenizes=True)
    if window := _sane(_at(_named(listed, "id", model), "max_model_len")):
        return Offer(window)  # vLLM
    if window := _sane(_at(_named(loaded, "id", model), "loaded_context_length")):
        return Offer(window)  # LM Studio
    if isinstance(running, dict) and "models" in running:
        return Offer(_sane(_at(_named(running, "name", model), "context_length")) or OLLAMA_DEFAULT)
    return Offer()


async def _get(client: Client, endpoint: Endpoint, path: str) -> Any:
    with suppress(ModelError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return msgspec.json.decode(await client.ask(endpoint, path))
    return None


def _named(found: Any, field: str, model: str) -> Any:
    """The entry of a list that is about this model."""
    entries = (_at(found, "data") or _at(found, "models")) if isinstance(found, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get(field) == model:
            return entry
    return None


def _at(found: Any, *path: str) -> Any:
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _sane(tokens: Any) -> int | None:
    return tokens if isinstance(tokens, int) and SMALLEST <= tokens <= LARGEST else None
