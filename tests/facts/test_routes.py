"""The memory of a person over HTTP."""

import httpx
import pytest
from factory import learned
from security.walk import Town


@pytest.fixture
async def vera(town: Town) -> httpx.AsyncClient:
    said = "My manager is Anna Keller. I live in Bern. Remember that invoices go to Paula."
    await town.services.database.write(lambda c: learned(c, town.vera_id, said))
    return town.people["vera"]


async def test_facts_are_approved_pinned_worded_and_forgotten(vera: httpx.AsyncClient) -> None:
    items = (await vera.get("/api/facts")).json()["items"]
    assert [fact["text"] for fact in items] == [
        "Invoices go to Paula",
        "You live in Bern",
        "Anna Keller is your manager",
    ]
    place = f"/api/facts/{items[1]['id']}"
    changed = (await vera.patch(place, json={"text": " Bern  is home ", "status": "pinned"})).json()
    assert (changed["text"], changed["status"], changed["own"]) == ("Bern is home", "pinned", True)
    assert (await vera.patch(place, json={"text": "  "})).status_code == 400
    assert (await vera.patch(place, json={"ended": True})).json()["valid_to"]
    assert (await vera.patch(place, json={"ended": False})).json()["valid_to"] is None
    assert (await vera.delete(place)).status_code == 204
    assert (await vera.delete(place)).status_code == 404
    assert (await vera.get("/api/facts", params={"words": "bern"})).json()["items"] == []
    assert (await vera.delete("/api/facts")).status_code == 204
    assert (await vera.get("/api/facts")).json()["items"] == []


async def test_the_graph_names_what_is_connected(vera: httpx.AsyncClient) -> None:
    graph = (await vera.get("/api/facts/graph")).json()
    names = {node["id"]: node["name"] for node in graph["nodes"]}
    assert [(names[edge["source"]], edge["label"], names[edge["target"]]) for edge in graph["edges"]] == [
        ("You", "manager", "Anna Keller"),
        ("You", "lives in", "Bern"),
    ]


@pytest.mark.parametrize(("format", "ending"), [("json", "json"), ("markdown", "md")])
async def test_an_export_is_a_file_with_every_fact(vera: httpx.AsyncClient, format: str, ending: str) -> None:
    answer = await vera.get("/api/facts/export", params={"format": format})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="memory.{ending}"'
    assert all(text in answer.text for text in ("You live in Bern", "Anna Keller is your manager", "Invoices go to"))
