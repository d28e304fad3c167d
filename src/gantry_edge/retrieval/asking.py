"""One question to the index, and the care around it.

Chroma answers for large vaults; small ones, and vaults with much on its way, are searched exactly. What Chroma says
is only a list of candidates: what is still on its way is added, and ids, owners and cosines are taken from SQLite.
So a deleted chunk is never found, and an index that lies is noticed by the first wrong cosine.
"""

from typing import TYPE_CHECKING, NamedTuple

from gantry_edge.retrieval import store
from gantry_edge.retrieval.exact import Exact, best, top
from gantry_edge.retrieval.kept import blocks_of
from gantry_edge.retrieval.matrix import Hit, Vector
from gantry_edge.storage.database import Connection

if TYPE_CHECKING:
    from gantry_edge.retrieval.remote import Remote

ON_ITS_WAY = 1_000  # operations of a vault; beyond it exact search is faster than making good for them
LIE = 0.01  # difference of a cosine that no rounding explains


class View(NamedTuple):
    """How the vaults stood when the question came."""

    indexed: list[str]  # vaults that Chroma is asked for
    versions: dict[str, str]
    moving: dict[str, set[str]]  # by vault: chunks with an operation on its way


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

    def begin(self, connection: Connection, exact: Exact) -> View | Answer:
        """The answer, where Chroma is not needed for it."""
        view = self.look(connection, exact)
        return view if view.indexed else self.settle(connection, exact, view, {})

    def look(self, connection: Connection, exact: Exact) -> View:
        """Before Chroma is asked: what is applied meanwhile is then among the moving ones, and does no harm."""
        view = View([], {}, {})
        for vault in self.vaults:
            version = store.read_version(connection, vault)
            if vault in self.hard or exact.is_small(connection, vault, version):
                continue
            ops = store.read_ops_of(connection, [vault], ON_ITS_WAY + 1)
            if len(ops) > ON_ITS_WAY or any(op.op == "drop" for op in ops):
                continue
            view.indexed.append(vault)
            view.versions[vault] = version
            view.moving[vault] = {op.chunk_id for op in ops}
        return view

    def ask(self, projection: "Remote", view: View) -> dict[str, list[Hit]]:
        return {
            vault: projection.search(vault, self.vector[None, :], self.limit + len(view.moving[vault]))[0]
            for vault in view.indexed
        }

    def settle(self, connection: Connection, exact: Exact, view: View, said: dict[str, list[Hit]]) -> Answer:
        """The answer, from SQLite as it is now."""
        # too few may be a gap in the graph, as after many deletes: no reason for distrust, but for exact search
        told = [vault for vault, hits in said.items() if len(hits) >= self.limit + len(view.moving[vault])]
        rest = [vault for vault in self.vaults if vault not in told]
        hits = exact.search(connection, rest, self.vector, self.limit, None) if rest else []
        moving = {id for vault in told for id in view.moving[vault]}
        claimed = [hit for vault in told for hit in said[vault] if hit[0] not in moving]
        unchanged = all(store.read_version(connection, vault) == view.versions[vault] for vault in told)
        if unchanged:  # else some may be gone, and others take their place
            claimed = top(claimed, self.limit)
        found = self._score(connection, told, [*(id for id, _ in claimed), *moving])
        if unchanged and (wrong := _judge(claimed, found)):
            return Answer([], wrong)
        return Answer(top([*hits, *found.items()], self.limit), "")

    def _score(self, connection: Connection, vaults: list[str], ids: list[str]) -> dict[str, float]:
        rows = [(id, blob) for id, _, blob in store.read_vectors(connection, ids, vaults, self.model)]
        return dict(best(blocks_of(rows), self.vector, len(rows)))


def _judge(claimed: list[Hit], found: dict[str, float]) -> str:
    for id, cosine in claimed:
        if id not in found:
            return "it knows a chunk that does not exist"
        if not abs(cosine - found[id]) < LIE:
            return "it has a wrong vector"
    return ""
