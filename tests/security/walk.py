"""Every route of the real app, people of every role, and a victim whose rows must not move."""

import asyncio
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

import httpx
from factory import exchange, learned, shelve
from litestar.routes import HTTPRoute

from gantry_edge.accounts.guards import Access, declared_access
from gantry_edge.accounts.schema import Login, Role, User, Visitor
from gantry_edge.app import ROUTERS, create_app
from gantry_edge.chat import answers, context
from gantry_edge.chat.folders import add_folder
from gantry_edge.chat.schema import Memories, Started, Text
from gantry_edge.ids import new_id, now
from gantry_edge.memory.schema import Memory
from gantry_edge.memory.store import set_enabled
from gantry_edge.personas.schema import NewPersona
from gantry_edge.personas.store import add_persona
from gantry_edge.prompts.schema import PromptFields
from gantry_edge.prompts.store import add_prompt
from gantry_edge.services import Services
from gantry_edge.storage.database import Connection

PASSWORD = "correct horse battery"
SAFE = {"GET", "HEAD", "OPTIONS"}
TABLES = (
    "users",
    "sessions",
    "conversations",
    "drafts",
    "images",
    "message_images",
    "lost_files",
    "messages",
    "answers",
    "events",
    "endpoints",
    "jobs",
    "settings",
    "embeddings",
    "embedding_changes",
    "index_ops",
    "index_state",
    "collections",
    "documents",
    "document_texts",
    "chunks",
    "chunk_words",
    "chunk_words_config",
    "chunk_words_data",
    "chunk_words_docsize",
    "chunk_words_idx",
    "answer_contexts",
    "summaries",
    "personas",
    "persona_choices",
    "prompts",
    "entities",
    "entity_names",
    "facts",
    "fact_sources",
    "fact_words",
    "facts_queue",
    "memory_settings",
    "exchanges",
    "exchange_sentences",
    "exchange_words",
    "exchange_words_config",
    "exchange_words_data",
    "exchange_words_docsize",
    "exchange_words_idx",
    "folders",
    "message_numbers",
    "message_words",
    "message_words_config",
    "message_words_data",
    "message_words_docsize",
    "message_words_idx",
    "exchange_queue",
    "exchange_exclusions",
    "muted_exchanges",
    "audit",
    "invitations",
    "groups",
    "memberships",
    "grants",
)
# by the program itself, whenever nothing is asked; and what tells of a refusal
WORKED_OFF = {"facts_queue", "audit", "settings"}
GIF = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
# A body that each route would take. A new route that wants one is added here, or the walk fails.
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/api/setup"): {"token": "x", "name": "eve", "password": PASSWORD},
    ("POST", "/api/auth/login"): {"email": "vera", "password": PASSWORD},
    ("POST", "/api/auth/password"): {"current": PASSWORD, "password": "another horse"},
    ("POST", "/api/conversations"): {"title": "stolen"},
    ("PATCH", "/api/conversations"): {"moves": [{"id": "00000000-0000-7000-8000-000000000000", "place": "trash"}]},
    ("PATCH", "/api/conversations/{conversation_id:str}"): {"title": "stolen"},
    ("POST", "/api/images"): {"data": b64encode(GIF).decode()},
    ("PUT", "/api/drafts/{conversation_id:str}"): {"text": "stolen"},
    ("POST", "/api/chat"): {"content": "hello"},
    ("POST", "/api/folders"): {"name": "stolen"},
    ("PATCH", "/api/folders/{folder_id:str}"): {"name": "stolen"},
    ("PUT", "/api/chat/settings"): {"reuse_answers": True},
    ("POST", "/api/messages/{message_id:str}/regenerate"): {},
    ("POST", "/api/collections"): {"name": "stolen"},
    ("PATCH", "/api/collections/{collection_id:str}"): {"name": "stolen"},
    ("POST", "/api/documents/search"): {"query": "secret"},
    ("POST", "/api/personas"): {"name": "stolen"},
    ("PUT", "/api/personas/{persona_id:str}"): {"name": "stolen"},
    ("PUT", "/api/personas/defaults"): {"persona_id": None},
    ("PUT", "/api/personas/defaults/workspace"): {"persona_id": None},
    ("POST", "/api/prompts"): {"name": "stolen", "text": "stolen"},
    ("PUT", "/api/prompts/{prompt_id:str}"): {"name": "stolen", "text": "stolen"},
    ("PATCH", "/api/facts/{fact_id:str}"): {"text": "stolen"},
    ("PATCH", "/api/entities/{entity_id:str}"): {"name": "stolen"},
    ("PATCH", "/api/memory"): {"enabled": False},
    ("POST", "/api/people"): {"name": "eve", "password": PASSWORD},
    ("PATCH", "/api/people/{person_id:str}"): {"disabled": True},
    ("POST", "/api/invitations"): {},
    ("POST", "/api/invitations/open"): {"token": "x"},
    ("POST", "/api/invitations/accept"): {"token": "x", "name": "eve", "password": PASSWORD},
    ("POST", "/api/groups"): {"name": "stolen"},
    ("PATCH", "/api/groups/{group_id:str}"): {"name": "stolen too"},
    ("PATCH", "/api/auth/me"): {"display_name": "stolen"},
    ("PUT", "/api/models/default"): {"model": "stolen"},
    ("POST", "/api/admin/endpoints"): {"name": "stolen", "url": "http://127.0.0.1:1/v1"},
    ("PATCH", "/api/admin/endpoints/{endpoint_id:str}"): {"enabled": False},
    ("POST", "/api/admin/engine/load"): {"name": "old.gguf"},
    ("POST", "/api/admin/engine/files"): {"path": "/nowhere/at/all.gguf"},
    ("POST", "/api/account/leave"): {"name": "vera", "password": PASSWORD},
    ("POST", "/api/network"): {"lan": True, "https": True, "password": PASSWORD},
}
UPLOAD = ("POST", "/api/documents")  # the one route that takes files
NOTES = "My secret notes."
FILES = {"file": ("stolen.txt", b"a text")}
OWNED = {
    "conversation_id",
    "message_id",
    "answer_id",
    "session_id",
    "collection_id",
    "document_id",
    "persona_id",
    "prompt_id",
    "image_id",
    "folder_id",
    "fact_id",
    "entity_id",
    "exchange_id",
    "memory_id",
    "export_id",
    "object_id",
}
# belong to nobody: an administrator's to change
ADMINISTERED = {"person_id", "invitation_id", "endpoint_id", "group_id", "file_name"}
NAMED = {"reader_id"}  # whom something is shared with
ENDLESS = {"/api/documents/events", "/api/logs"}  # streams that end with the session only


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    access: Access

    @property
    def params(self) -> set[str]:
        return {part[1:].partition(":")[0] for part in self.path.split("/") if part.startswith("{")}

    @property
    def body(self) -> dict[str, Any] | None:
        return BODIES.get((self.method, self.path))

    def url(self, ids: dict[str, str]) -> str:
        ids = missing() | ids
        parts = [ids[p[1:].partition(":")[0]] if p.startswith("{") else p for p in self.path.split("/")]
        return "/".join(parts)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


ROUTES = sorted(
    (
        Route(method, route.path, declared_access(handler))
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in sorted(handler.http_methods - {"OPTIONS"})
    ),
    key=str,  # the framework keeps methods in a set; each process of the tests has to name them alike
)
CHANGING = [route for route in ROUTES if route.method not in SAFE]


@dataclass
class Town:
    """The app and the people around it: `vera` owns things, `mallory` is another member."""

    services: Services
    app: Any = None
    people: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    vera_id: str = ""
    group_id: str = ""

    async def settle(self) -> None:
        self.app = create_app(self.services)
        accounts = self.services.accounts
        for name, role in (
            ("otto", Role.OWNER),
            ("anna", Role.ADMIN),
            ("mallory", Role.MEMBER),
            ("vera", Role.MEMBER),
        ):
            user = await accounts.create_user(name, PASSWORD, role)
            self.people[name] = await self.sign_in(name)
            self.vera_id = user.id
        self.group_id = await self.group("Nobody")
        await self.services.database.write(lambda c: set_enabled(c, self.vera_id, enabled=True))
        self.people["nobody"] = self.client()

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        cookies = {self.services.accounts.cookie_name("http"): token} if token else None
        transport = httpx.ASGITransport(self.app, client=("192.0.2.1", 1234))
        named = {"X-Request-Id": "alike-for-all"}  # else no answer is like another
        return httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies, headers=named)

    async def sign_in(self, name: str) -> httpx.AsyncClient:
        signed_in = await self.services.accounts.login(Login(name, PASSWORD), Visitor("192.0.2.1"))
        return self.client(signed_in.token)

    async def ask(self, name: str, route: Route, ids: dict[str, str] | None = None, **rest: Any) -> httpx.Response:
        """Do what a route is for, by its best body."""
        headers = {"Accept": "application/json"} | rest.pop("headers", {})
        if not {"content", "json", "files"} & set(rest):
            if route.body is not None:
                rest["json"] = route.body
            elif (route.method, route.path) == UPLOAD:
                rest["files"] = FILES
        return await self.people[name].request(route.method, route.url(ids or {}), headers=headers, **rest)

    async def things(self) -> dict[str, str]:
        """One of each thing, new, and all of them vera's."""
        started = await self.services.database.write(lambda c: exchange(c, self.vera_id))
        await self.services.database.write(lambda c: recalled(c, started))
        await self.services.database.write(lambda c: context.save(c, started.answer_id, "m", context.Kept([])))
        original = self.services.library.files.receive(100)
        original.write(NOTES.encode())
        digest = original.keep()
        document = await self.services.database.write(lambda c: shelve(c, self.vera_id, NOTES, digest))
        vera = User(self.vera_id, "vera", Role.MEMBER, 0)
        persona = await self.services.database.write(lambda c: add_persona(c, vera, NewPersona(name="Mine")))
        prompt = await self.services.database.write(lambda c: add_prompt(c, vera.id, PromptFields("Mine", "Text")))
        image = await self.services.pictures.add(vera.id, GIF)
        known = await self.services.database.write(lambda c: learned(c, self.vera_id, "Anna Keller works at Acme."))
        folder = await self.services.database.write(lambda c: add_folder(c, self.vera_id, "Mine"))
        await self.services.remembering.remember_all()  # now, and not while rows are compared
        async with asyncio.timeout(30):
            while await self.services.index.lag():
                await asyncio.sleep(0.01)
        await self.sign_in("vera")
        export = await self.services.exports.begin(vera)
        row = await self.services.database.read(
            lambda c: c.execute("SELECT max(id) FROM sessions WHERE user_id = ?", (self.vera_id,)).fetchone()
        )
        return {
            "conversation_id": started.conversation_id,
            "message_id": started.answer_id,
            "answer_id": started.answer_id,
            "session_id": row[0],
            "collection_id": document.collection_id,
            "document_id": document.id,
            "persona_id": persona.id,
            "prompt_id": prompt.id,
            "image_id": image.id,
            "folder_id": folder.id,
            **known,
            "exchange_id": started.answer_id,
            "memory_id": started.answer_id,
            "export_id": export.id,
            "object_id": started.conversation_id,
            "reader_id": self.group_id,
        }

    async def group(self, name: str, *members: str) -> str:
        made = await self.people["otto"].post("/api/groups", json={"name": name})
        id: str = made.json()["id"]
        for member in members:
            await self.people["otto"].put(f"/api/groups/{id}/members/{member}")
        return id

    async def rows(self) -> list[str]:
        """All there is, to see that nothing moved."""
        return await self.services.database.read(dump)


def recalled(connection: Connection, started: Started) -> None:
    """As if the answer had been recalled for itself."""
    id = started.answer_id
    memory = Memory(id, "exchange", started.conversation_id, id, "", now(), "", 1.0, [0, 3, 0, 0])
    parts = answers.stored([Memories([memory]), Text("Because.")])
    connection.execute("UPDATE messages SET parts = ? WHERE id = ?", (parts, started.answer_id))


def missing() -> dict[str, str]:
    return {name: new_id() for name in OWNED | ADMINISTERED | NAMED}


def dump(connection: Connection) -> list[str]:
    kept = [table for table in TABLES if table not in WORKED_OFF]
    return sorted(f"{table} {tuple(row)}" for table in kept for row in connection.execute(f"SELECT * FROM {table}"))
