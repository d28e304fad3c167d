from gantry_edge.accounts import store
from gantry_edge.accounts.schema import Role, Session, User
from gantry_edge.ids import new_id
from gantry_edge.storage.database import Connection, Database

NOW = 1_800_000_000_000


def user(name: str = "ada", role: Role = Role.OWNER) -> User:
    return User(new_id(), name, role, NOW)


def session(expires_at: int = NOW + 1000) -> Session:
    return Session(new_id(), NOW, NOW, expires_at, "192.0.2.1", "Firefox", current=True)


def plan(connection: Connection, sql: str, **values: object) -> str:
    return "\n".join(row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values))


async def test_only_the_first_becomes_owner(database: Database) -> None:
    made = [await database.write(lambda c: store.create_owner(c, user(name), "h")) for name in ("ada", "bob")]
    assert made == [True, False]


async def test_a_name_is_taken_however_it_is_spelled(database: Database) -> None:
    await database.write(lambda c: store.create_user(c, user("Straße"), "h"))
    assert not await database.write(lambda c: store.create_user(c, user("STRASSE"), "h"))


async def test_a_session_begins_only_with_the_password_that_was_checked(database: Database) -> None:
    ada = user()
    await database.write(lambda c: store.create_owner(c, ada, "new"))
    assert not await database.write(lambda c: store.add_session(c, session(), ada.id, "t", "old"))


async def test_a_disabled_user_begins_no_session(database: Database) -> None:
    ada = user()
    await database.write(lambda c: store.create_owner(c, ada, "h"))
    await database.write(lambda c: c.execute("UPDATE users SET disabled_at = 1"))
    assert not await database.write(lambda c: store.add_session(c, session(), ada.id, "t", "h"))


async def test_sessions_come_in_pages_newest_first(database: Database) -> None:
    ada = user()
    await database.write(lambda c: store.create_owner(c, ada, "h"))
    made = [session() for _ in range(7)]
    seen: list[str] = []

    def walk(connection: Connection) -> None:
        for one in made:
            store.add_session(connection, one, ada.id, one.id, "h")
        before = None
        while before or not seen:
            page = store.list_sessions(connection, ada.id, made[0].id, NOW, before, 3)
            seen.extend(one.id for one in page.items)
            before = page.next

    await database.write(walk)
    assert seen == [one.id for one in reversed(made)]


async def test_the_last_full_page_says_there_is_no_more(database: Database) -> None:
    ada, only = user(), session()
    await database.write(lambda c: store.create_owner(c, ada, "h"))
    await database.write(lambda c: store.add_session(c, only, ada.id, "t", "h"))
    page = await database.read(lambda c: store.list_sessions(c, ada.id, only.id, NOW, None, 1))
    assert page.next is None


async def test_purging_takes_only_ended_sessions(database: Database) -> None:
    ada, ended, live = user(), session(NOW), session(NOW + 1)
    await database.write(lambda c: store.create_owner(c, ada, "h"))
    await database.write(lambda c: store.add_session(c, ended, ada.id, "1", "h"))
    await database.write(lambda c: store.add_session(c, live, ada.id, "2", "h"))
    await database.write(lambda c: store.purge_sessions(c, NOW))
    rows = await database.read(lambda c: c.execute("SELECT id FROM sessions").fetchall())
    assert [row[0] for row in rows] == [live.id]


async def test_no_hot_statement_scans(database: Database) -> None:
    """Every statement of the store that runs for each request or sign-in goes by an index."""
    statements: list[str] = []
    ada, one = user(), session()

    def run_all(connection: Connection) -> None:
        store.create_owner(connection, ada, "h")
        connection.set_trace_callback(statements.append)
        store.find_account(connection, "ada")
        store.add_session(connection, one, ada.id, "t", "h")
        store.find_session(connection, "t", NOW)
        store.get_session(connection, one.id, NOW)
        store.touch_session(connection, one.id, NOW, NOW)
        store.list_sessions(connection, ada.id, one.id, NOW, None, 50)
        store.purge_sessions(connection, NOW)
        store.delete_session(connection, ada.id, one.id)
        store.delete_session_of_token(connection, "t")
        store.delete_other_sessions(connection, ada.id, one.id)
        connection.set_trace_callback(None)

    await database.write(run_all)
    plans = await database.read(lambda c: [plan(c, sql) for sql in statements])
    assert len(plans) == 10
    assert not [text for text in plans if "SCAN" in text or "TEMP B-TREE" in text]
