"""The log: what a line has, what it never has, and how much of it there is."""

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from gantry_edge import logs
from gantry_edge.app import create_app
from gantry_edge.logs import Recent, request_id
from gantry_edge.requests import HEADER
from gantry_edge.services import Services

log = logging.getLogger("gantry_edge.test")


def lines_in(folder: Path) -> Iterator[logs.Line]:
    for text in (folder / logs.FILE).read_text().splitlines():
        line = logs.read(text)
        assert line is not None
        yield line


def record(said: str) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "gantry_edge.test", "levelname": "INFO", "msg": said})


def fail(secret: str) -> None:
    raise ValueError(f"not a number: {secret}")


def test_a_line_is_one_json_object_with_the_request_it_belongs_to(tmp_path: Path) -> None:
    with logs.kept(tmp_path, "info"):
        request_id.set("0123456789")
        log.info("two\nlines of %d", 3)
        request_id.set("")
    (line,) = (tmp_path / logs.FILE).read_text().splitlines()
    kept = json.loads(line)
    assert (kept["level"], kept["logger"], kept["event"]) == ("info", "test", "two\nlines of 3")
    assert kept["request_id"] == "0123456789"


def test_of_an_error_the_kind_and_the_place_are_told_and_not_what_it_says(tmp_path: Path) -> None:
    with logs.kept(tmp_path, "info"):
        try:
            try:
                fail("canary")
            except ValueError as error:
                raise OSError("also canary") from error
        except OSError:
            log.exception("it broke")
    assert "canary" not in (tmp_path / logs.FILE).read_text()
    (line,) = lines_in(tmp_path)
    assert [entry for entry in line.trace if entry in ("OSError", "from", "ValueError")] == [
        "OSError",
        "from",
        "ValueError",
    ]
    assert line.trace[-1].endswith("fail")


def test_what_is_less_than_the_level_is_not_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")  # whatever a library has set
    with logs.kept(tmp_path, "warning"):
        log.info("fine")
        log.warning("not fine")
        logging.getLogger("library").info("chatter of a library")
    assert [line.event for line in lines_in(tmp_path)] == ["not fine"]


def test_a_million_lines_take_no_more_room_than_six_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 10_000)  # a thousandth of both
    with logs.kept(tmp_path, "error"):
        for n in range(1_000):
            log.error("a line of some length %d %s", n, "x" * 100)
    assert len(list(tmp_path.iterdir())) == 1 + logs.OLDER_FILES
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 60_000


def test_one_line_is_of_limited_length(tmp_path: Path) -> None:
    with logs.kept(tmp_path, "error"):
        log.error("x" * 1_000_000)
    assert (tmp_path / logs.FILE).stat().st_size < 5_000


def test_a_line_that_cannot_be_said_takes_no_other_with_it(tmp_path: Path) -> None:
    with logs.kept(tmp_path, "info"):
        (*_, inlet) = logging.getLogger().handlers
        inlet.handle(logging.makeLogRecord({"name": "library", "msg": "%d", "args": ("none",)}))
        log.info("the next")
    assert [line.event for line in lines_in(tmp_path)] == ["the next"]
    assert list(logs.recent._lines)[-1].event == "the next"


def test_what_no_encoding_has_is_written_all_the_same() -> None:
    assert logs.line_of(record("a folder named \udcff")).event == "a folder named \\udcff"


def test_where_older_files_cannot_be_moved_the_newest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 1_000)
    for n in (logs.OLDER_FILES - 1, logs.OLDER_FILES):
        (tmp_path / f"{logs.FILE}.{n}").mkdir()
    with logs.kept(tmp_path, "info"):
        for n in range(20):
            log.info("line %d %s", n, "x" * 100)
    assert len(list(lines_in(tmp_path))) == 20


async def test_who_follows_the_log_gets_what_is_kept_and_then_what_comes() -> None:
    recent = Recent(size=2)
    for n in range(3):
        recent.handle(record(f"line {n}"))
    async with aclosing(recent.follow(0.01)) as following:
        assert [line.event for line in await anext(following)] == ["line 1", "line 2"]
        assert await anext(following) == []
        await asyncio.to_thread(recent.handle, record("line 3"))
        assert [line.event for line in await anext(following)] == ["line 3"]
    assert not recent._wakes


@pytest.mark.parametrize("given", ["0123456789abcdef", "A-1-b-2-c"])
async def test_an_id_that_a_proxy_gave_is_kept(services: Services, given: str) -> None:
    assert await answered_id(services, given) == given


@pytest.mark.parametrize("given", ["short", "with space", "x" * 65, "a" * 100_000, "<script>x", "semi;colon"])
async def test_any_other_is_replaced(services: Services, given: str) -> None:
    assert len(await answered_id(services, given)) == 36


async def answered_id(services: Services, given: str) -> str:
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/health", headers={HEADER.decode(): given})
    return str(answer.headers[HEADER.decode()])


async def test_a_request_is_a_line_with_its_route_and_without_what_was_asked(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logs.REQUESTS)
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        await client.get("/api/conversations/canary?words=canary")
        await client.get("/canary/canary")
    told = [logs.line_of(record) for record in caplog.records if record.name == logs.REQUESTS]
    assert [(line.method, line.route, line.status) for line in told] == [
        ("GET", "/api/conversations/{conversation_id}", 401),
        ("GET", "other", 404),
    ]
    assert "canary" not in str(told)
