"""The least a server of this kind can do: the same bytes for every request. Run by Granian."""

import os
from pathlib import Path
from typing import Any

BODY = Path(os.environ.get("BARE_BODY", os.devnull)).read_bytes()
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
