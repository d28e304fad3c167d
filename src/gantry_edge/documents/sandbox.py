"""Reads a document in a child process under limits, so that no file can hurt the server."""

import asyncio
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path, PurePath

import msgspec

from gantry_edge.children import OWN_GROUP, environment, kill_group
from gantry_edge.documents.extract.result import DAMAGED, TOO_HEAVY, TOO_LARGE, Extracted, ExtractError, Outcome

PIECE = 262_144
BURY_TIME = 5.0  # seconds
TOO_LONG = f"{TOO_LARGE}: reading it takes too long."
TOO_MUCH = f"{TOO_LARGE}: it holds too much text."
NOT_STARTED = "The program that reads documents could not be started. Try again."


class Limits(msgspec.Struct, frozen=True):
    memory: int = 1_000_000_000  # bytes of the child's address space
    cpu: int = 60  # seconds
    wall: float = 120.0  # seconds
    output: int = 20_000_000  # bytes


LIMITS = Limits()


async def extract_in_child(path: Path, name: str, command: list[str], limits: Limits = LIMITS) -> Extracted:
    """`command` runs this program; what the child is to do is added here. Cancelling kills the child."""
    try:
        child = await asyncio.create_subprocess_exec(
            *command,
            "extract",
            str(path),
            kind_of_name(name),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a parser's complaint quotes the document
            env=environment(),
            **OWN_GROUP,
        )
    except OSError as error:
        raise ExtractError(NOT_STARTED) from error
    try:
        assert child.stdin is not None
        child.stdin.write(msgspec.json.encode({"memory": limits.memory, "cpu": limits.cpu}) + b"\n")
        async with asyncio.timeout(limits.wall):
            output = await _read(child, limits.output)
            code = await child.wait()
    except TimeoutError as error:
        raise ExtractError(TOO_LONG) from error
    finally:
        _kill(child)
        await _bury(child)
    return _understand(output, code)


def kind_of_name(name: str) -> str:
    """Only what the child needs of a name: others can see the arguments of a process, and names may hold anything."""
    path = PurePath(name)
    ending = path.suffix or path.name
    return "document" + ending if re.fullmatch(r"\.[A-Za-z0-9]{1,12}", ending) else _plain(ending)


def _plain(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,20}", name) else "document"


async def _read(child: asyncio.subprocess.Process, most: int) -> bytes:
    assert child.stdout is not None
    pieces: list[bytes] = []
    length = 0
    while piece := await child.stdout.read(PIECE):
        length += len(piece)
        if length > most:
            raise ExtractError(TOO_MUCH)
        pieces.append(piece)
    return b"".join(pieces)


def _understand(output: bytes, code: int) -> Extracted:
    try:
        outcome = msgspec.json.decode(output, type=Outcome)
    except msgspec.DecodeError as error:
        raise ExtractError(_death(code)) from error
    if outcome.extracted is None:
        raise ExtractError(outcome.error or DAMAGED)
    return outcome.extracted


def _death(code: int) -> str:
    """Why a child said nothing; a frozen program's starter passes a signal on as 128 and its number."""
    number = -code if code < 0 else code - 128
    if sys.platform != "win32" and number == signal.SIGXCPU:
        return TOO_LONG
    return TOO_HEAVY if number > 0 else DAMAGED


def _kill(child: asyncio.subprocess.Process) -> None:
    if child.stdin is not None:
        child.stdin.close()
    kill_group(child)


async def _bury(child: asyncio.subprocess.Process) -> None:
    """Read what is left in the pipe, and no more than that: only at its end does asyncio let go of the child."""
    assert child.stdout is not None
    with suppress(TimeoutError):
        async with asyncio.timeout(BURY_TIME):
            while await child.stdout.read(PIECE):
                pass
            await child.wait()
