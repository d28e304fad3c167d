"""What a person takes out over the page: all of theirs, while it is packed; never a part that looks whole."""

import asyncio
import io
import json
import os
import zipfile
from typing import Any

import httpx
import pytest
from belongings.house import MARKER, House, Person
from factory import exchange

from gantry_edge.storage.database import Connection
from gantry_edge.storage.piping import PIECE, WAITING, BrokenPipe, Pipe

PLACE = "/api/account/exports"


async def begin(person: Person) -> dict[str, Any]:
    answer = await person.client.post(PLACE)
    assert answer.status_code == 201
    return dict(answer.json())


async def take(person: Person) -> tuple[httpx.Response, zipfile.ZipFile]:
    begun = await begin(person)
    answer = await person.client.get(f"{PLACE}/{begun['id']}/file")
    return answer, zipfile.ZipFile(io.BytesIO(answer.content))


async def furnished(house: House) -> Person:
    vera = await house.person("vera")
    await house.furnish(vera)
    return vera


async def test_it_has_all_that_is_theirs_and_nothing_of_others(house: House) -> None:
    vera, adam = await furnished(house), await house.person("adam")
    await house.services.database.write(lambda c: exchange(c, adam.user.id, "adamantine"))
    answer, archive = await take(vera)
    assert archive.testzip() is None
    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    names = archive.namelist()
    assert sum(name.startswith("conversations/") for name in names) == 4
    assert [archive.read(name) for name in names if name.endswith(".txt")] == [
        f"The word {MARKER} is only here. ".encode() * 20
    ]
    assert {"person.json", "personas.json", "memory.json", "memory.md", "documents.json"} < set(names)
    assert not [name for name in names if b"adamantine" in archive.read(name)]


async def test_it_has_what_a_person_chose(house: House) -> None:
    _, archive = await take(await furnished(house))
    chosen = json.loads(archive.read("preferences.json"))
    assert (chosen["format"], chosen["version"]) == ("gantry-edge/preferences", 1)
    assert [folder["name"] for folder in chosen["folders"]] == [MARKER]
    persona = json.loads(archive.read("personas.json"))["personas"][0]
    assert (chosen["default_persona_id"], chosen["memory"]) == (persona["id"], True)


async def test_it_tells_how_far_it_has_come(house: House) -> None:
    vera = await furnished(house)
    begun = await begin(vera)
    assert (begun["state"], begun["files"], begun["bytes"]) == ("waiting", 0, 0)
    answer = await vera.client.get(f"{PLACE}/{begun['id']}/file")
    told = (await vera.client.get(f"{PLACE}/{begun['id']}")).json()
    assert told == {**begun, "state": "done", "files": begun["of"], "bytes": len(answer.content)}
    assert told["of"] == len(zipfile.ZipFile(io.BytesIO(answer.content)).namelist())


async def test_it_is_taken_once(house: House) -> None:
    vera = await furnished(house)
    place = f"{PLACE}/{(await begin(vera))['id']}/file"
    assert (await vera.client.get(place)).status_code == 200
    assert (await vera.client.get(place)).status_code == 409


async def test_a_new_one_takes_the_place_of_the_last(house: House) -> None:
    vera = await house.person("vera")
    first, second = await begin(vera), await begin(vera)
    assert (await vera.client.get(f"{PLACE}/{first['id']}")).status_code == 404
    assert (await vera.client.get(f"{PLACE}/{second['id']}")).status_code == 200


async def test_one_that_is_cancelled_breaks_off(house: House) -> None:
    vera = await furnished(house)
    id = (await begin(vera))["id"]
    pieces = house.services.exports.read(vera.user.id, id)
    assert (await vera.client.delete(f"{PLACE}/{id}")).status_code == 204
    with pytest.raises(BrokenPipe):
        async for _ in pieces:
            pass
    assert (await vera.client.get(f"{PLACE}/{id}")).json()["state"] == "cancelled"


async def test_who_goes_away_ends_it(house: House) -> None:
    vera = await furnished(house)
    noise = os.urandom(PIECE * (WAITING + 4))  # it does not shrink
    assert (await vera.client.post("/api/documents", files={"file": ("noise.txt", noise)})).status_code == 202
    id = (await begin(vera))["id"]
    pieces = house.services.exports.read(vera.user.id, id)
    await anext(pieces)
    await pieces.aclose()
    assert house.services.exports.get(vera.user.id, id).state == "cancelled"


async def test_an_original_that_cannot_be_read_breaks_it_off(house: House) -> None:
    vera = await furnished(house)
    for path in (house.services.settings.home / "files").rglob("*"):
        if path.is_file():
            path.unlink()
            path.mkdir()
    id = (await begin(vera))["id"]
    with pytest.raises(BrokenPipe):
        async for _ in house.services.exports.read(vera.user.id, id):
            pass
    assert house.services.exports.get(vera.user.id, id).state == "failed"


async def test_it_is_one_moment_whatever_is_said_meanwhile(house: House) -> None:
    vera = await house.person("vera")

    def talk(connection: Connection) -> None:
        for number in range(40):
            exchange(connection, vera.user.id, f"Question {number} " + "x" * 1000)

    await house.services.database.write(talk)
    exports = house.services.exports
    begun = await exports.begin(vera.user)
    content = bytearray()
    async for piece in exports.read(vera.user.id, begun.id):
        content += piece
        await house.services.database.write(lambda c: exchange(c, vera.user.id, "later"))
    archive = zipfile.ZipFile(io.BytesIO(bytes(content)))
    assert not [name for name in archive.namelist() if "later" in name]


async def test_a_pipe_that_nobody_reads_holds_its_writer_and_then_gives_up() -> None:
    pipe = Pipe(stalled=0.3)
    written = 0

    def write() -> None:
        nonlocal written
        while written < 1000:
            pipe.write(b"\0" * PIECE)
            written += 1

    with pytest.raises(BrokenPipe):
        await asyncio.to_thread(write)
    assert written == WAITING
