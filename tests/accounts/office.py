"""One appliance's accounts on a test's desk: cheap hashing, clocks that can be set, and an app of its routes."""

from dataclasses import dataclass, field
from typing import Any, Literal

from argon2 import PasswordHasher
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from gantry_edge import problems
from gantry_edge.accounts.guards import provide_user, require_access
from gantry_edge.accounts.passwords import Passwords
from gantry_edge.accounts.routes import routes
from gantry_edge.accounts.schema import Role, Setup, SignedIn, Visitor
from gantry_edge.accounts.setup import SetupToken
from gantry_edge.accounts.signin import Accounts
from gantry_edge.accounts.throttle import Throttle
from gantry_edge.storage.database import Database

PASSWORD = "correct horse battery"
HERE = Visitor("192.0.2.1", "Firefox")


class Time:
    """A clock that a test sets."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __call__(self) -> int:
        return self.value


class CheapHasher(PasswordHasher):
    """Real Argon2 with little to do; counts what reaches it."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.checked = 0
        self.made = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.checked += 1
        return super().verify(hash, password)

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.made += 1
        return super().hash(password, salt=salt)


@dataclass
class Office:
    """The accounts of one appliance, with everything a test wants to see or set."""

    database: Database
    instance_id: str = "0190a5b1-0000-7000-8000-0000cafe0001"
    hasher: CheapHasher = field(default_factory=CheapHasher)
    tokens: list[str] = field(default_factory=list)
    wall: Time = field(default_factory=lambda: Time(1_800_000_000_000))
    seconds: Time = field(default_factory=lambda: Time(1000))

    def __post_init__(self) -> None:
        self.accounts = Accounts(
            self.database,
            self.instance_id,
            self.tokens.append,
            passwords=Passwords(self.hasher),
            setup_token=SetupToken(self.tokens.append, self.seconds),
            throttle=Throttle(self.seconds),
            clock=self.wall,
        )

    async def make_owner(self, name: str = "ada") -> SignedIn:
        if not self.tokens:
            await self.accounts.start()
        return await self.accounts.setup(Setup(self.tokens[-1], name, PASSWORD), HERE)

    async def make_member(self, name: str = "bob") -> None:
        await self.accounts.create_user(name, PASSWORD, Role.MEMBER)

    def app(self) -> Litestar:
        return Litestar(
            routes,
            guards=[require_access],
            dependencies={
                "user": Provide(provide_user, sync_to_thread=False),
                "accounts": Provide(lambda: self.accounts, sync_to_thread=False),
            },
            plugins=[problems.plugin],
            state=State({"accounts": self.accounts}),
            openapi_config=None,
        )

    def client(self, scheme: str = "http") -> "AsyncTestClient[Any]":
        return AsyncTestClient(self.app(), base_url=f"{scheme}://testserver.local")
