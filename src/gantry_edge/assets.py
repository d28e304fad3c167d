"""The built page: hashed files for ever, the rest fresh, compressed beforehand, under a strict policy.

Plain ASGI, as it is served before the framework is loaded.
"""

import gzip
import re
from dataclasses import dataclass, field
from mimetypes import MimeTypes
from pathlib import Path
from typing import Any

from gantry_edge.appliance.guards import parse_authority
from gantry_edge.asgi import header_values, send_body, send_problem
from gantry_edge.errors import NotFound

FOLDER = Path(__file__).parent / "web_dist"
ENCODINGS = {".br": "br", ".gz": "gzip"}  # the better one first
VIEWS = re.compile(r"/|/c/[^/]+|/(settings|library|shared)(/[^/]+)?")  # all of them index.html
OF_THE_APP = re.compile(r"/(api|health|ready|metrics)(/.*)?")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)
# the API documentation is Swagger UI, which sets styles and markup itself; it shows nothing a user wrote
DOCS_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "; require-trusted-types-for 'script'", ""
)
# the frame that shows code of a model (web/preview): scripts of that code run, of no origin, and reach nothing
PREVIEW_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; media-src data: blob:; connect-src 'none'; frame-src 'none'; worker-src 'none'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"
)
# closes what a policy of content does not know: WebRTC, preconnections, names that are looked up beforehand
ONLY_HERE = {"connection-allowlist": "(response-origin)"}
TO_NO_ORIGIN = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
# the page about the certificate tries the encrypted port of the same host, to see whether the browser trusts it
TRUST_SOURCES = "connect-src 'self' https://{}:*"
TYPES = MimeTypes()  # the built-in table: what a system says of .js may keep the page from starting
FOR_EVER = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"  # icon, manifest and the like


@dataclass
class Asset:
    """One file in memory by content encoding; as it is, which hardly anybody asks for, where there is no other."""

    media_type: str
    encoded: dict[str, bytes] = field(default_factory=dict)
    as_it_is: bytes = b""

    def plain(self) -> bytes:
        return self.as_it_is or gzip.decompress(self.encoded["gzip"])


class Page:
    """ASGI middleware: answers for the files of the page, and leaves the rest to the app."""

    def __init__(self, app: Any, folder: Path = FOLDER) -> None:
        self._app = app
        self._assets = read_assets(folder)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        found = self._find(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if found is None:
            await self._app(scope, receive, send)
            return
        name, status, headers = found
        scope["path_template"] = "page"
        asset = self._assets.get(name)
        if asset is None:
            return await send_problem(NotFound("This file is not part of the page; reload it"), send)
        body, accepted = b"", ",".join(header_values(scope, b"accept-encoding"))
        headers |= {"content-type": asset.media_type, "vary": "Accept-Encoding"}
        for encoding, packed in asset.encoded.items():
            if accepts(accepted, encoding):
                body, headers["content-encoding"] = packed, encoding
                break
        await send_body(body or asset.plain(), status, headers, send)

    def _find(self, scope: Any) -> tuple[str, int, dict[str, str]] | None:
        """The file for an address, its status and headers; None where the address is not the page's."""
        path = scope["path"].rstrip("/") or "/"
        name = path[1:]
        if name.startswith("assets/"):
            return name, 200, {"cache-control": FOR_EVER}
        if name.startswith("preview/assets/"):
            return name, 200, {"cache-control": FOR_EVER} | TO_NO_ORIGIN
        if name == "preview":
            return "preview/index.html", 200, fresh(PREVIEW_POLICY) | ONLY_HERE
        if VIEWS.fullmatch(path):
            return "index.html", 200, fresh(POLICY)
        if name == "docs":
            return "docs.html", 200, fresh(DOCS_POLICY)
        if name == "trust":  # for the try; nothing secret is on it
            policy = trust_policy("".join(header_values(scope, b"host")))
            return "trust.html", 200, fresh(policy) | {"cross-origin-resource-policy": "cross-origin"}
        if name in self._assets and not name.endswith(".html"):
            return name, 200, {"cache-control": FOR_AN_HOUR}
        if not OF_THE_APP.fullmatch(path) and "text/html" in ",".join(header_values(scope, b"accept")):
            return "index.html", 404, fresh(POLICY)  # somebody's browser: the page says what to do
        return None


def read_assets(folder: Path) -> dict[str, Asset]:
    """The files by their names, read once: three megabytes or so."""
    assets = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in ENCODINGS:
            media_type = TYPES.guess_type(path.name)[0] or "application/octet-stream"
            asset = Asset(f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type)
            for suffix, encoding in ENCODINGS.items():
                twin = path.with_name(path.name + suffix)
                if twin.exists():
                    asset.encoded[encoding] = twin.read_bytes()
            if "gzip" not in asset.encoded:
                asset.as_it_is = path.read_bytes()
            assets[path.relative_to(folder).as_posix()] = asset
    return assets


def fresh(policy: str) -> dict[str, str]:
    return {"cache-control": "no-cache", "content-security-policy": policy}


def accepts(header: str, encoding: str) -> bool:
    """Does an Accept-Encoding header take it?"""
    for entry in header.lower().split(","):
        name, _, quality = entry.replace(" ", "").partition(";q=")
        if name == encoding:
            return quality.strip("0.") != "" or not quality
    return False


def trust_policy(host: str) -> str:
    """A policy can name no IPv6 address; the page leaves the try out there."""
    authority = parse_authority(host)
    if authority is None or ":" in authority[0]:
        return POLICY
    return POLICY.replace("connect-src 'self'", TRUST_SOURCES.format(authority[0]))
