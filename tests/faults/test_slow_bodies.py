"""Clients that begin a request and never end it, against the real server."""

import socket
import time

import httpx
import pytest
from program import Program

pytestmark = [pytest.mark.slow, pytest.mark.alone]

HEADERS, BODIES = 300, 300
WAIT = 25  # seconds


def begin(program: Program, words: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", int(program.url.rpartition(":")[2])), timeout=WAIT)
    connection.sendall(words)
    return connection


def test_stalled_requests_are_closed_and_hinder_nobody(program: Program) -> None:
    client = program.owner()
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    host = program.url.removeprefix("http://")
    head = f"POST /api/chat HTTP/1.1\r\nHost: {host}\r\n".encode()
    body = f'Cookie: {cookies}\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{{"content'.encode()
    began = time.monotonic()
    stalled = [begin(program, head) for _ in range(HEADERS)]
    stalled += [begin(program, head + body) for _ in range(BODIES)]
    took = []
    while time.monotonic() - began < 3:
        asked = time.monotonic()
        assert httpx.get(f"{program.url}/health").status_code == 200
        took.append(time.monotonic() - asked)
        time.sleep(0.05)
    said = []
    for connection in stalled:
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        said.append(answer)
        connection.close()
    assert time.monotonic() - began <= WAIT
    assert sum(b" 408 " in answer.partition(b"\r\n")[0] + b" " for answer in said[HEADERS:]) == BODIES
    assert max(took) < 2
