"""The built page: hashed files for ever, the rest fresh, compressed beforehand, under a strict policy."""

from dataclasses import dataclass, field
from mimetypes import MimeTypes
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency as Given
from litestar.params import FromPath

from gantry_edge.accounts.guards import Access
from gantry_edge.appliance.guards import parse_authority
from gantry_edge.errors import NotFound

FOLDER = Path(__file__).parent / "web_dist"
ENCODINGS = {".br": "br", ".gz": "gzip"}  # the better one first

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
# the API documentation is Swagger UI, which sets styles and markup itself; it shows nothing a user wrote
DOCS_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "; require-trusted-types-for 'script'", ""
)
# the page about the certificate tries the encrypted port of the same host, to see whether the browser trusts it
TRUST_SOURCES = "connect-src 'self' https://{}:*"
TYPES = MimeTypes()  # the built-in table: what a system says of .js may keep the page from starting
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass
class Asset:
    """One file in memory, as it is and by content encoding."""

    media_type: str
    plain: bytes
    encoded: dict[str, bytes] = field(default_factory=dict)


class Assets:
    """The files of the page, read once: a megabyte or two."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._assets: dict[str, Asset] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in ENCODINGS:
                media_type = TYPES.guess_type(path.name)[0] or "application/octet-stream"
                asset = Asset(media_type, path.read_bytes())
                for suffix, encoding in ENCODINGS.items():
                    twin = path.with_name(path.name + suffix)
                    if twin.exists():
                        asset.encoded[encoding] = twin.read_bytes()
                self._assets[path.relative_to(folder).as_posix()] = asset

    def respond(self, name: str, accepted: str, headers: dict[str, str]) -> Response[bytes]:
        asset = self._assets.get(name)
        if asset is None:
            raise NotFound("This file is not part of the page; reload it")
        headers |= {"Vary": "Accept-Encoding"}
        for encoding, body in asset.encoded.items():
            if accepts(accepted, encoding):
                return Response(body, media_type=asset.media_type, headers=headers | {"Content-Encoding": encoding})
        return Response(asset.plain, media_type=asset.media_type, headers=headers)


def accepts(header: str, encoding: str) -> bool:
    """Does an Accept-Encoding header take it?"""
    for entry in header.lower().split(","):
        name, _, quality = entry.replace(" ", "").partition(";q=")
        if name == encoding:
            return quality.strip("0.") != "" or not quality
    return False


@get("/assets/{path:path}", access=Access.PUBLIC, include_in_schema=False)
async def get_asset(request: Request[Any, Any, Any], assets: Given[Assets], path: FromPath[str]) -> Response[bytes]:
    name = "assets/" + path.lstrip("/")
    return assets.respond(name, request.headers.get("Accept-Encoding", ""), {"Cache-Control": FOR_EVER})


@get("/docs", access=Access.PUBLIC, include_in_schema=False)
async def get_docs(request: Request[Any, Any, Any], assets: Given[Assets]) -> Response[bytes]:
    return _page(request, assets, "docs.html", DOCS_POLICY)


@get("/trust", access=Access.PUBLIC, include_in_schema=False)
async def get_trust(request: Request[Any, Any, Any], assets: Given[Assets]) -> Response[bytes]:
    response = _page(request, assets, "trust.html", trust_policy(request.headers.get("Host", "")))
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # for the try; nothing secret is on it
    return response


@get(
    ["/", "/c/{id:str}", "/settings", "/settings/{section:str}", "/library", "/library/{id:str}"],
    access=Access.PUBLIC,
    include_in_schema=False,
)
async def get_page(request: Request[Any, Any, Any], assets: Given[Assets]) -> Response[bytes]:
    return _page(request, assets, "index.html", POLICY)


@get("/{name:str}", access=Access.PUBLIC, include_in_schema=False)
async def get_file(request: Request[Any, Any, Any], assets: Given[Assets], name: FromPath[str]) -> Response[bytes]:
    """Icon, manifest and the like."""
    if name.endswith(".html"):
        raise NotFound("There is nothing at this address")
    accepted = request.headers.get("Accept-Encoding", "")
    return assets.respond(name, accepted, {"Cache-Control": "public, max-age=3600"})


def trust_policy(host: str) -> str:
    """A policy can name no IPv6 address; the page leaves the try out there."""
    authority = parse_authority(host)
    if authority is None or ":" in authority[0]:
        return POLICY
    return POLICY.replace("connect-src 'self'", TRUST_SOURCES.format(authority[0]))


def _page(request: Request[Any, Any, Any], assets: Assets, name: str, policy: str) -> Response[bytes]:
    accepted = request.headers.get("Accept-Encoding", "")
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy}
    return assets.respond(name, accepted, headers)


routes = [get_asset, get_docs, get_trust, get_page, get_file]
