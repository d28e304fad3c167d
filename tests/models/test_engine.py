"""The built-in engine as a real child process, with the real small model where it is installed."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from gantry_edge.config import Settings
from gantry_edge.models.client import Client
from gantry_edge.models.engine import Engine, find_small_model
from gantry_edge.models.engine_child import model_name
from gantry_edge.models.schema import ChatMessage, ChatRequest, Sampling
from gantry_edge.services import make_engine

CHILD = """
import argparse, pathlib
from gantry_edge.models.engine_child import serve
options = argparse.ArgumentParser()
for name in ("model", "port", "threads", "context"):
    options.add_argument("--" + name)
o = options.parse_args()
serve(pathlib.Path(o.model), int(o.port), int(o.threads), int(o.context))
"""
PARENT = """
import asyncio, pathlib, sys
from gantry_edge.models.engine import Engine
async def main():
    engine = Engine(pathlib.Path(sys.argv[1]), [sys.executable, "-c", sys.argv[2]], 1, 512)
    await engine.start()
    await engine.wait_ready(60)
    print(engine.pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


def small_model() -> Path:
    model = find_small_model()
    if model is None:
        pytest.skip("the small model is not installed")
    return model


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def gone(pid: int) -> bool:
    for _ in range(1000):
        if not alive(pid):
            return True
        await asyncio.sleep(0.02)
    return False


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    engine = Engine(small_model(), [sys.executable, "-c", CHILD], 1, 1024)
    await engine.start()
    yield engine
    await engine.stop()


def asking(words: str) -> ChatRequest:
    return ChatRequest("any", [ChatMessage("user", words)], Sampling(max_tokens=20))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("SmolLM2-135M-Instruct.Q4_1.gguf", "SmolLM2-135M-Instruct"),
        ("Qwen3-4B-Instruct-Q4_K_M.gguf", "Qwen3-4B-Instruct"),
        ("gemma-3-270m-it-F16.gguf", "gemma-3-270m-it"),
        ("plain.gguf", "plain"),
        ("phi-3.5-mini.gguf", "phi-3.5-mini"),
    ],
)
def test_a_model_is_named_without_its_quantisation(file: str, name: str) -> None:
    assert model_name(Path(file)) == name


def test_a_chosen_model_that_is_gone_gives_way_to_the_small_one(tmp_path: Path) -> None:
    engine = make_engine(Settings(data_dir=tmp_path, model=tmp_path / "gone.gguf"))
    assert engine
    assert engine.path == find_small_model()


async def test_a_command_that_does_not_exist_is_told_and_not_raised() -> None:
    engine = Engine(Path("any.gguf"), ["/nowhere/at/all"], 1)
    await engine.start()
    while engine.state.name == "starting":
        await asyncio.sleep(0.01)
    assert "could not be started" in engine.state.sentence
    await engine.stop()


async def test_a_child_that_ends_is_started_again() -> None:
    engine = Engine(Path("any.gguf"), [sys.executable, "-c", "raise SystemExit(3)"], 1)
    await engine.start()
    seen = set()
    for _ in range(400):
        seen.add(engine.state.name)
        if seen == {"starting", "crashed"} and engine.state.name == "starting":
            break
        await asyncio.sleep(0.01)
    assert engine.state.name == "starting"
    await engine.stop()


@pytest.mark.slow
async def test_the_engine_streams_an_answer(engine: Engine) -> None:
    client = Client()
    deltas = [d async for d in client.stream(await engine.wait_ready(60), asking("Say hello"))]
    await client.close()
    assert "".join(delta.text for delta in deltas).strip()
    assert deltas[-1].usage is not None


@pytest.mark.slow
async def test_the_engine_keeps_an_answer_to_its_form(engine: Engine) -> None:
    form = {
        "type": "object",
        "properties": {"colour": {"type": "string", "enum": ["red", "blue"]}},
        "required": ["colour"],
        "additionalProperties": False,
    }
    request = msgspec.structs.replace(asking("Tell me a long story"), form=form)
    client = Client()
    said = [delta.text async for delta in client.stream(await engine.wait_ready(60), request)]
    await client.close()
    # the smallest model may fill what is left of its tokens with blanks before it closes the brace
    assert re.match(r'\s*\{\s*"colour"\s*:\s*"(red|blue)"\s*\}?\s*$', "".join(said))


@pytest.mark.slow
async def test_the_engine_wants_its_key(engine: Engine) -> None:
    endpoint = await engine.wait_ready(60)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(endpoint.url.split(":")[2].split("/")[0]))
    writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
    assert b"401" in await reader.readline()
    writer.close()


@pytest.mark.slow
async def test_the_key_is_neither_in_arguments_nor_in_the_environment(engine: Engine) -> None:
    endpoint = await engine.wait_ready(60)
    seen = b"".join(Path(f"/proc/{engine.pid}/{name}").read_bytes() for name in ("cmdline", "environ"))
    assert endpoint.key.encode() not in seen


@pytest.mark.slow
async def test_a_killed_child_is_started_again_and_answers(engine: Engine) -> None:
    await engine.wait_ready(60)
    first = engine.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    while engine.state.name == "ready":
        await asyncio.sleep(0.01)
    client = Client()
    deltas = [d async for d in client.stream(await engine.wait_ready(60), asking("Say hello"))]
    await client.close()
    assert engine.pid != first
    assert deltas


@pytest.mark.slow
async def test_a_child_that_hangs_is_killed() -> None:
    engine = Engine(small_model(), [sys.executable, "-c", CHILD], 1, 512, health_every=0.1)
    await engine.start()
    await engine.wait_ready(60)
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGSTOP)
    hung = engine.pid
    assert await gone(hung)
    await engine.stop()


@pytest.mark.slow
async def test_stop_leaves_no_child(engine: Engine) -> None:
    await engine.wait_ready(60)
    pid = engine.pid
    assert pid is not None
    await engine.stop()
    assert await gone(pid)


@pytest.mark.slow
async def test_stop_while_loading_leaves_no_child(engine: Engine) -> None:
    while engine.pid is None:
        await asyncio.sleep(0.01)
    pid = engine.pid
    await engine.stop()
    assert await gone(pid)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a thing of POSIX")
async def test_a_killed_parent_leaves_no_child() -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(small_model()), CHILD, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    assert await gone(pid)
