"""The app, and people who live in it."""

from dataclasses import dataclass
from pathlib import Path

import httpx
from factory import exchange, learned

from gantry_edge.accounts.schema import Login, Role, User, Visitor
from gantry_edge.app import create_app
from gantry_edge.chat.folders import add_folder
from gantry_edge.memory.store import set_enabled
from gantry_edge.personas.schema import NewPersona
from gantry_edge.personas.store import add_persona, choose_default
from gantry_edge.services import Services

PASSWORD = "correct horse battery"
MARKER = "zyxomatic"


@dataclass
class Person:
    user: User
    client: httpx.AsyncClient


@dataclass
class House:
    services: Services

    def __post_init__(self) -> None:
        self.app = create_app(self.services)

    async def person(self, name: str, role: Role = Role.MEMBER) -> Person:
        accounts = self.services.accounts
        user = await accounts.create_user(name, PASSWORD, role)
        signed_in = await accounts.login(Login(name, PASSWORD), Visitor("192.0.2.1"))
        cookies = {accounts.cookie_name("http"): signed_in.token}
        transport = httpx.ASGITransport(self.app, client=("192.0.2.1", 1234))
        return Person(user, httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies))

    async def furnish(self, person: Person) -> None:
        """One of each thing, all of them with the marker."""
        id, database = person.user.id, self.services.database
        await database.write(lambda c: set_enabled(c, id, enabled=True))
        await database.write(lambda c: exchange(c, id, f"The password is {MARKER}", f"Noted: {MARKER}."))
        await database.write(lambda c: learned(c, id, f"My manager is {MARKER.capitalize()} Keller."))
        persona = await database.write(lambda c: add_persona(c, person.user, NewPersona(name=MARKER)))
        await database.write(lambda c: choose_default(c, id, persona.id))
        await database.write(lambda c: add_folder(c, id, MARKER))
        content = f"The word {MARKER} is only here. ".encode() * 20
        sent = await person.client.post("/api/documents", files={"file": (f"{MARKER}.txt", content)})
        assert sent.status_code == 202, sent.text
        await self.services.remembering.remember_all()

    def files_with(self, word: str) -> list[Path]:
        files = [path for path in self.services.settings.home.rglob("*") if path.is_file()]
        return [path for path in files if word.encode() in path.read_bytes().lower()]

    async def rows_of(self, user_id: str) -> dict[str, int]:
        """How many each table has that names whose they are."""
        return await self.services.database.read(
            lambda c: {
                table: c.execute(f"SELECT count(*) FROM {table} WHERE user_id = ?", (user_id,)).fetchone()[0]
                for (table,) in c.execute(
                    "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p ON p.name = 'user_id'"
                    " WHERE m.type = 'table'"
                ).fetchall()
            }
        )
