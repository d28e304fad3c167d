"""HTTP of accounts: set up, sign in and out, password, sessions."""

from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency as Given
from litestar.di import Provide
from litestar.params import FromPath, JSONBody

from gantry_edge.accounts.guards import Access, provide_principal, session_token
from gantry_edge.accounts.schema import (
    ChangePassword,
    Login,
    Principal,
    Session,
    Setup,
    SignedIn,
    User,
    Visitor,
)
from gantry_edge.accounts.sessions import ABSOLUTE, SECOND
from gantry_edge.accounts.signin import Accounts
from gantry_edge.paging import Page
from gantry_edge.parameters import Asking, Before, Limit
from gantry_edge.problems import responses

PRINCIPAL = {"principal": Provide(provide_principal, sync_to_thread=False)}


@post("/api/setup", access=Access.PUBLIC, responses=responses(400, 403, 409, 429))
async def set_up(request: Asking, accounts: Given[Accounts], data: JSONBody[Setup]) -> Response[User]:
    """Make the owner's account with the token of the setup link, and sign in."""
    return welcome(await accounts.setup(data, visitor(request)), request, accounts, status=201)


@post("/api/auth/login", access=Access.PUBLIC, status_code=200, responses=responses(400, 401, 429))
async def log_in(request: Asking, accounts: Given[Accounts], data: JSONBody[Login]) -> Response[User]:
    """Sign in. `email` may be any user name."""
    return welcome(await accounts.login(data, visitor(request)), request, accounts)


@post(
    "/api/auth/logout",
    access=Access.MEMBER,
    status_code=204,
    dependencies=PRINCIPAL,
    responses=responses(401),
)
async def log_out(request: Asking, accounts: Given[Accounts], principal: Given[Principal]) -> Response[None]:
    """End this session."""
    await accounts.logout(principal)
    return Response(None, cookies=[session_cookie(request, accounts, "", 0)])


@post(
    "/api/auth/password",
    access=Access.MEMBER,
    status_code=204,
    dependencies=PRINCIPAL,
    responses=responses(400, 401, 429),
)
async def change_password(
    request: Asking,
    accounts: Given[Accounts],
    principal: Given[Principal],
    data: JSONBody[ChangePassword],
) -> Response[None]:
    """Change the password and end every other session of this user."""
    changed = await accounts.change_password(principal, data, visitor(request))
    return Response(None, cookies=[session_cookie(request, accounts, changed.token)])


@get("/api/auth/me", access=Access.MEMBER, responses=responses(401))
async def get_me(user: Given[User]) -> User:
    """Who is signed in."""
    return user


@get("/api/auth/sessions", access=Access.MEMBER, dependencies=PRINCIPAL, responses=responses(400, 401))
async def list_sessions(
    accounts: Given[Accounts], principal: Given[Principal], before: Before = None, limit: Limit = 50
) -> Page[Session]:
    """Where this user is signed in, the newest first."""
    return await accounts.list_sessions(principal, before, limit)


@delete(
    "/api/auth/sessions/{session_id:str}",
    access=Access.MEMBER,
    dependencies=PRINCIPAL,
    responses=responses(401, 404),
)
async def revoke_session(accounts: Given[Accounts], principal: Given[Principal], session_id: FromPath[str]) -> None:
    """End one session of this user."""
    await accounts.revoke_session(principal, session_id)


def visitor(request: Asking) -> Visitor:
    address = request.client.host if request.client else ""
    return Visitor(address, request.headers.get("User-Agent", ""), session_token(request))


def welcome(signed_in: SignedIn, request: Asking, accounts: Accounts, status: int = 200) -> Response[User]:
    cookie = session_cookie(request, accounts, signed_in.token)
    return Response(signed_in.user, status_code=status, cookies=[cookie])


def session_cookie(request: Asking, accounts: Accounts, token: str, max_age: int = ABSOLUTE // SECOND) -> Cookie:
    scheme = request.scope["scheme"]
    return Cookie(
        accounts.cookie_name(scheme),
        value=token,
        max_age=max_age,
        httponly=True,
        samesite="strict",
        secure=scheme == "https",
    )


routes = [set_up, log_in, log_out, change_password, get_me, list_sessions, revoke_session]
