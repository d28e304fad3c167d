"""One question to the index, and the care around it.

Chroma answers for large vaults; small ones, and vaults with much on its way, are searched exactly. What Chroma says
is only a list of candidates: what is still on its way is added, and ids, owners and cosines are taken from SQLite.
So a deleted chunk is never found, and an index that lies is noticed by the first wrong cosine.
"""

from typing import TYPE_CHECKING, NamedTuple

from gantry_edge.retrieval import store
from gantry_edge.retrieval.exact import Exact, Hit, Vector, best, blocks_of, top
from gantry_edge.retrieval.outbox import SMALL
from gantry_edge.storage.database import Connection

if TYPE_CHECKING:
    from gantry_edge.retrieval.chroma import Projection

ON_ITS_WAY = 1_000  # operations of a vault; beyond it exact search is faster than making good for them
LIE = 0.01  # difference of a cosine that no rounding explains


class View(NamedTuple):
    """How the vaults stood when the question came."""

    indexed: list[str]  # vaults that Chroma is asked for
    versions: dict[str, str]
    counts: dict[str, int]
    moving: dict[str, dict[str, str]]  # by vault: chunk and last operation


class Answer(NamedTuple):
    hits: list[Hit]
    wrong: str


class Question:
    def __init__(self, model: str, vaults: list[str], hard: frozenset[str], vector: Vector, limit: int) -> None:
        self.model = model
        self.vaults = vaults
        self.hard = hard
        self.vector = vector
        self.limit = limit

    def look(self, connection: Connection) -> View:
        """Before Chroma is asked: what is applied meanwhile is then among the moving ones, and does no harm."""
        view = View([], {}, {}, {})
        for vault in (vault for vault in self.vaults if vault not in self.hard):
            count = store.count_vault(connection, vault, self.model)
            if count <= SMALL:
                continue
            ops = store.read_ops_of(connection, [vault], ON_ITS_WAY + 1)
            if len(ops) > ON_ITS_WAY or any(op.op == "drop" for op in ops):
                continue
            view.indexed.append(vault)
            view.versions[vault] = store.read_version(connection, vault)
            view.counts[vault] = count
            view.moving[vault] = {op.chunk_id: op.op for op in ops}
        return view

    def ask(self, projection: "Projection", view: View) -> dict[str, list[Hit]]:
        return {
            vault: projection.search(vault, self.vector[None, :], self.limit + len(view.moving[vault]))[0]
            for vault in view.indexed
        }

    def settle(self, connection: Connection, exact: Exact, view: View, said: dict[str, list[Hit]]) -> Answer:
        """The answer, from SQLite as it is now."""
        told = {vault: hits for vault, hits in said.items() if self._is_full(view, vault, hits)}
        rest = [vault for vault in self.vaults if vault not in told]
        hits = exact.search(connection, rest, self.vector, self.limit, None) if rest else []
        for vault, claimed in told.items():
            moving = view.moving[vault]
            found = self._score(connection, vault, list({**dict(claimed), **dict.fromkeys(moving)}))
            unchanged = store.read_version(connection, vault) == view.versions[vault]
            if unchanged and (wrong := _judge(claimed, found, moving)):
                return Answer([], f"{wrong} in vault {vault}")
            hits += found.items()
        return Answer(top(hits, self.limit), "")

    def _is_full(self, view: View, vault: str, hits: list[Hit]) -> bool:
        """Too few may be a gap in the graph, as after many deletes: no reason for distrust, but for exact search."""
        moving = len(view.moving[vault])
        return len(hits) >= min(self.limit + moving, view.counts[vault] - moving)

    def _score(self, connection: Connection, vault: str, ids: list[str]) -> dict[str, float]:
        rows = [(id, blob) for id, _, blob in store.read_vectors(connection, ids, [vault], self.model)]
        return dict(best(blocks_of(rows), self.vector, len(rows))) if rows else {}


def _judge(claimed: list[Hit], found: dict[str, float], moving: dict[str, str]) -> str:
    for id, cosine in claimed:
        if id in moving:
            continue
        if id not in found:
            return "it knows a chunk that does not exist"
        if not abs(cosine - found[id]) < LIE:
            return "it has a wrong vector"
    return ""
