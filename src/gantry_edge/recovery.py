"""What is served where the database is damaged: what happened, the backups there are, and the way back. No script.

Whoever may choose has the link that the program prints and opens; anyone else on this machine only reads.
"""

import asyncio
import base64
import hashlib
import hmac
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gantry_edge.accounts.sessions import new_token
from gantry_edge.admin import backup, restore
from gantry_edge.admin.schema import Check, Health, Readiness
from gantry_edge.appliance import server
from gantry_edge.appliance.guards import CrossSiteGuard, HostGuard
from gantry_edge.appliance.headers import SecurityHeaders
from gantry_edge.asgi import header_values, send_body, send_json, send_problem
from gantry_edge.door import LOCAL_NAMES
from gantry_edge.errors import DatabaseDamaged, GantryError
from gantry_edge.storage.soundness import keep_copy

DATABASE = "gantry.db"
STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 8vh auto; padding: 0 1.5rem;
  overflow-wrap: anywhere }
ul { padding: 0; list-style: none }
li { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between;
  padding: .75rem 0; border-top: 1px solid #8886 }
button { font: inherit; padding: .5rem 1rem }
[role=alert] { border-inline-start: 4px solid #c33; padding-inline-start: 1rem }
"""
STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
{refresh}<title>{title} · Gantry Edge</title>
<style>{style}</style>
<h1>{title}</h1>
{body}
</html>
"""
AGAIN = '<meta http-equiv="refresh" content="4; url=/">\n'

log = logging.getLogger(__name__)


class Recovery:
    """The ASGI application of a data folder whose database is damaged. `restored` says that a backup waits."""

    def __init__(self, home: Path, damage: DatabaseDamaged) -> None:
        self.token = new_token()
        self.ended = asyncio.Event()
        self.restored = False
        self._home = home
        self._damage = damage
        self._copy = keep_copy(home / DATABASE)
        self._unusable: dict[str, str] = {}  # backups that were tried, and why they could not be brought back
        self._choosing = asyncio.Lock()
        self._guarded = SecurityHeaders(HostGuard(CrossSiteGuard(self._answer), lambda: LOCAL_NAMES))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._guarded(scope, receive, send)

    def tell(self) -> str:
        """The same for the terminal."""
        lines = [f"{self._damage.title}: {self._damage.detail}", self._kept()]
        if found := backup.list_newest(self._home / backup.FOLDER):
            lines.append("Backups, the newest first; `gantry-edge restore FILE` brings one back:")
            lines += [f"  {moment(path)}  {path}" for path in found]
        else:
            lines += [self._no_backup(), self._last_resort()]
        return "\n".join(lines)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        path, method = scope["path"], scope["method"]
        if path == "/health":
            return await send_json(Health("pass"), 200, send)
        if path == "/ready":
            found = Readiness("fail", [Check("database", "fail", "the database is damaged: bring a backup back")])
            return await send_json(found, 503, send)
        given, _, wish = path.removeprefix("/recovery/").partition("/")
        may_choose = path.startswith("/recovery/") and hmac.compare_digest(given.encode(), self.token.encode())
        if method == "POST" and may_choose and wish == "stop":
            await self._send("Gantry Edge stops", "<p>Nothing was changed.</p>", send)
            return self.ended.set()
        if method == "POST" and may_choose and wish.startswith("restore/"):
            return await self._restore(unquote(wish.removeprefix("restore/")), send)
        if method in ("GET", "HEAD") and "text/html" in ",".join(header_values(scope, b"accept")):
            return await self._send("The database is damaged", self._body(may_choose), send)
        await send_problem(self._damage, send)

    async def _restore(self, name: str, send: Any) -> None:
        async with self._choosing:
            path = next((each for each in backup.list_newest(self._home / backup.FOLDER) if each.name == name), None)
            if path and not self.restored:
                log.info("the backup %s is looked through, to bring it back", name)
                try:
                    await asyncio.to_thread(restore.stage, path, self._home)
                    self.restored = True
                except (GantryError, OSError) as error:
                    log.error("the backup %s cannot be brought back: %s", name, error)
                    self._unusable[name] = str(error)
        if not self.restored:
            return await self._send("The database is damaged", self._body(True), send)
        body = "<p>Gantry Edge starts again with it; this page follows in a moment.</p>"
        await self._send("The backup is brought back", body, send, AGAIN)
        self.ended.set()

    def _body(self, may_choose: bool) -> str:
        told = [f"<p>{escape(self._damage.detail)}.</p><p>{escape(self._kept())}</p>"]
        told += [
            f"<p role=alert>{escape(name)} cannot be brought back: {escape(why)}</p>"
            for name, why in self._unusable.items()
        ]
        found = backup.list_newest(self._home / backup.FOLDER)
        if found:
            told.append(
                "<h2>Backups</h2><p>What was written since is not in one. The data folder as it is now is kept "
                "beside the one that comes back.</p><ul>"
            )
            told += [f"<li>{self._row(path, may_choose)}</li>" for path in found]
            told.append("</ul>")
        else:
            told.append(f"<h2>There is no backup</h2><p>{escape(self._no_backup())}</p>")
            told.append(f"<p>{escape(self._last_resort())}</p>")
        if may_choose:
            told.append(f"<h2>Or leave it as it is</h2>{self._button('stop', 'Stop Gantry Edge')}")
        else:
            told.append(
                "<p>To choose here, open the link that Gantry Edge printed, or start Gantry Edge once more on this "
                "machine, as who started it: it opens the page.</p>"
            )
        return "\n".join(told)

    def _row(self, path: Path, may_choose: bool) -> str:
        text = f"<span>{moment(path)}, {path.stat().st_size / 1e6:.1f} MB<br><code>{escape(path.name)}</code></span>"
        if path.name in self._unusable:
            return f"{text} not usable"
        if path.suffix == ".sealed":
            return f"{text} <span>sealed: <code>gantry-edge restore</code> with <code>--passphrase-file</code></span>"
        return text + self._button(f"restore/{path.name}", "Bring it back") if may_choose else text

    def _button(self, wish: str, words: str) -> str:
        return f'<form method="post" action="/recovery/{self.token}/{escape(wish)}"><button>{words}</button></form>'

    def _kept(self) -> str:
        if self._copy:
            return f"Nothing was changed. A copy of the database as it was found is kept in {self._copy}."
        return "Nothing was changed."

    def _no_backup(self) -> str:
        return (
            f"There is none in {self._home / backup.FOLDER}. If you have one elsewhere, stop Gantry Edge and bring it "
            "back with `gantry-edge restore FILE`."
        )

    def _last_resort(self) -> str:
        return (
            "Without one, `sqlite3 gantry.db .recover` may save much of what was written: keep the whole folder for "
            f"who can do that. To begin anew, stop Gantry Edge and rename the folder {self._home}."
        )

    async def _send(self, title: str, body: str, send: Any, refresh: str = "") -> None:
        page = PAGE.format(title=title, style=STYLE, body=body, refresh=refresh)
        headers = {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": POLICY,
            "cache-control": "no-store",
        }
        await send_body(page.encode(), 503, headers, send)


def moment(path: Path) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(path.stat().st_mtime))


async def serve(recovery: Recovery, port: int, listening: Any) -> None:
    """Until something is chosen, or a signal comes."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[server.Drain]:
        yield _nothing

    await server.serve(recovery, port, listening, opened(), recovery.ended)


async def _nothing() -> None:
    """There is nothing to wait for."""
