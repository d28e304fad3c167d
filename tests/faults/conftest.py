from collections.abc import Iterator
from pathlib import Path

import pytest
from program import Program, scripted_endpoint


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with scripted_endpoint() as url:
        yield url


@pytest.fixture
def program(tmp_path: Path, endpoint: str) -> Iterator[Program]:
    program = Program(tmp_path / "home", endpoint=endpoint)
    program.start()
    yield program
    if program.process and program.process.poll() is None:
        program.end()
