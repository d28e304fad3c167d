"""HTTP of accounts: set up, sign in and out, password, sessions; and of those who look after them."""

from litestar import Response, delete, get, patch, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency as Given
from litestar.di import Provide
from litestar.params import FromPath, JSONBody

from gantry_edge.accounts.guards import Access, acting, provide_principal, visitor
from gantry_edge.accounts.people import below, check_reach
from gantry_edge.accounts.schema import (
    Acceptance,
    ChangePassword,
    Invitation,
    Invited,
    Login,
    NewInvitation,
    NewPerson,
    Opened,
    Opening,
    Person,
    PersonChanges,
    Principal,
    ProfileChange,
    Session,
    Setup,
    SignedIn,
    User,
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
    await accounts.logout(principal, acting(request))
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


@patch("/api/auth/me", access=Access.MEMBER, dependencies=PRINCIPAL, responses=responses(400, 401, 409, 429))
async def change_me(
    request: Asking, accounts: Given[Accounts], principal: Given[Principal], data: JSONBody[ProfileChange]
) -> User:
    """How you are called, and by which name you sign in; that one is changed with your password."""
    return await accounts.change_profile(principal, data, visitor(request))


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
async def revoke_session(
    request: Asking, accounts: Given[Accounts], principal: Given[Principal], session_id: FromPath[str]
) -> None:
    """End one session of this user."""
    await accounts.revoke_session(principal, session_id, acting(request))


@delete("/api/auth/sessions", access=Access.MEMBER, dependencies=PRINCIPAL, responses=responses(401))
async def revoke_others(request: Asking, accounts: Given[Accounts], principal: Given[Principal]) -> None:
    """End all other sessions of this user."""
    await accounts.revoke_others(principal, acting(request))


@get("/api/people", access=Access.ADMIN, responses=responses(400, 401, 403))
async def list_people(accounts: Given[Accounts], before: Before = None, limit: Limit = 50) -> Page[Person]:
    """Who has an account, the newest first."""
    return await accounts.people.page(before, limit)


@post("/api/people", access=Access.ADMIN, responses=responses(400, 401, 403, 409))
async def add_person(request: Asking, accounts: Given[Accounts], data: JSONBody[NewPerson]) -> User:
    """Give somebody an account with a password you choose; an invitation lets them choose their own."""
    check_reach(request.user, data.role)
    return await accounts.people.add(data.name, data.password, data.role, acting(request))


@patch(
    "/api/people/{person_id:str}", access=Access.ADMIN, status_code=204, responses=responses(400, 401, 403, 404, 409)
)
async def change_person(
    request: Asking, accounts: Given[Accounts], person_id: FromPath[str], data: JSONBody[PersonChanges]
) -> None:
    """Another role, or locked out or let in again. They are signed out everywhere; nothing of theirs is deleted."""
    if data.role is not None:
        check_reach(request.user, data.role)
    await accounts.people.change(below(request.user, person_id), data, acting(request))


@delete("/api/people/{person_id:str}/sessions", access=Access.ADMIN, responses=responses(401, 403, 404, 409))
async def end_sessions(request: Asking, accounts: Given[Accounts], person_id: FromPath[str]) -> None:
    """Sign somebody out everywhere."""
    await accounts.people.end_sessions(below(request.user, person_id), acting(request))


@get("/api/invitations", access=Access.ADMIN, responses=responses(401, 403))
async def list_invitations(accounts: Given[Accounts]) -> Page[Invitation]:
    """Those that are open, the newest first."""
    return Page(await accounts.invitations.list())


@post("/api/invitations", access=Access.ADMIN, responses=responses(400, 401, 403, 404, 409))
async def invite(request: Asking, accounts: Given[Accounts], data: JSONBody[NewInvitation]) -> Invited:
    """A link for somebody new, or with `person_id` for somebody who needs a new password. Its token is told once."""
    return await accounts.invitations.make(request.user, data, acting(request))


@delete("/api/invitations/{invitation_id:str}", access=Access.ADMIN, responses=responses(401, 403, 404))
async def withdraw_invitation(request: Asking, accounts: Given[Accounts], invitation_id: FromPath[str]) -> None:
    """Its link works no more."""
    await accounts.invitations.withdraw(request.user, invitation_id, acting(request))


@post("/api/invitations/open", access=Access.PUBLIC, status_code=200, responses=responses(400, 404, 429))
async def open_invitation(request: Asking, accounts: Given[Accounts], data: JSONBody[Opening]) -> Opened:
    """What the holder of a link may do with it."""
    return await accounts.open_invitation(data.token, visitor(request))


@post("/api/invitations/accept", access=Access.PUBLIC, status_code=200, responses=responses(400, 404, 409, 429))
async def accept_invitation(request: Asking, accounts: Given[Accounts], data: JSONBody[Acceptance]) -> Response[User]:
    """Choose name and password, or the new password, and sign in."""
    return welcome(await accounts.accept_invitation(data, visitor(request)), request, accounts)


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


routes = [
    set_up,
    log_in,
    log_out,
    change_password,
    get_me,
    change_me,
    list_sessions,
    revoke_session,
    revoke_others,
    list_people,
    add_person,
    change_person,
    end_sessions,
    list_invitations,
    invite,
    withdraw_invitation,
    open_invitation,
    accept_invitation,
]
