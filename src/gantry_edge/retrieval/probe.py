"""Does a folder of the index hold what SQLite says it must? A damaged one may answer wrongly without a word."""

import random
from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from gantry_edge.retrieval import store
from gantry_edge.storage.database import Connection

if TYPE_CHECKING:
    from gantry_edge.retrieval.matrix import Vector
    from gantry_edge.retrieval.remote import Remote

SAMPLES = 256  # vectors looked up and searched for, over all vaults
ON_FILE = 1000  # below it Chroma keeps a collection in its log, where nothing can be half wrong
PLACES = 5  # of each answer are compared with the exact one
RECALL = 0.98
ROUNDING = 1e-4
NEAR = 0.005  # cosine by which a vector may differ from itself


class Sample(msgspec.Struct, array_like=True):
    """A chunk, its vector, and how near the last of its nearest ones is."""

    id: str
    vector: bytes
    nearest: float


class Vault(msgspec.Struct, array_like=True):
    count: int
    digest: int
    samples: list[Sample]


class Expectation(msgspec.Struct):
    vaults: dict[str, Vault]
    unsure: dict[str, list[str]]  # chunks with an operation on its way: may be there or not
    dropped: list[str]  # vaults on their way out
    hard: frozenset[str] = frozenset()  # vaults where a search is known to miss


def expect(connection: Connection, model: str) -> Expectation:
    ops = store.read_ops(connection, 2**31)
    dropped = sorted({op.vault for op in ops if op.op == "drop"})
    unsure: dict[str, list[str]] = {}
    for op in ops:
        if op.op != "drop" and op.vault not in dropped:
            unsure.setdefault(op.vault, []).append(op.chunk_id)
    counts = {vault: n for vault, n in store.count_vaults(connection, model).items() if vault not in dropped}
    total = sum(counts.values()) or 1
    vaults = {}
    for vault, count in counts.items():
        skipped = set(unsure.get(vault, ()))
        ids = [id for id in store.read_ids(connection, vault, model) if id not in skipped]
        many = max(16, SAMPLES * count // total) if count >= ON_FILE // 2 else 0
        samples = _choose(connection, vault, model, ids, many) if many and ids else []
        vaults[vault] = Vault(len(ids), digest(ids), samples)
    return Expectation(vaults, unsure, dropped, store.read_hard(connection))


def _choose(connection: Connection, vault: str, model: str, ids: list[str], many: int) -> list[Sample]:
    """Chunks that differ from each other, with the truth about what lies near them."""
    import numpy as np

    from gantry_edge.retrieval.exact import nth_best
    from gantry_edge.retrieval.kept import blocks_of

    chosen = random.sample(ids, min(len(ids), 2 * many))
    found = {blob: id for id, _, blob in store.read_vectors(connection, chosen, [vault], model)}
    unlike = list(found.items())[:many]
    queries = np.stack([np.frombuffer(blob, dtype=np.float32) for blob, _ in unlike])
    sure = set(ids)
    rows = (row for row in store.read_vault(connection, vault, model) if row[0] in sure)
    nearest = nth_best(blocks_of(rows), queries, PLACES)
    return [Sample(id, blob, score) for (blob, id), score in zip(unlike, nearest, strict=True)]


def digest(ids: Iterable[str]) -> int:
    """Of a set: the order does not matter."""
    return sum(int.from_bytes(blake2b(id.encode(), digest_size=8).digest(), "big") for id in ids) % 2**64


def verify(projection: "Remote", expected: Expectation) -> str:
    """What is wrong with it, or nothing."""
    for vault in {*projection.vaults(), *expected.vaults} - set(expected.dropped):
        wants = expected.vaults.get(vault, Vault(0, 0, []))
        skipped = set(expected.unsure.get(vault, ()))
        ids = [id for id in projection.ids(vault) if id not in skipped]
        if len(ids) != wants.count or digest(ids) != wants.digest:
            return f"it holds {len(ids)} chunks of vault {vault} where {wants.count} belong"
        if wants.samples and not _keeps(projection, vault, wants.samples):
            return f"the vector of a chunk of vault {vault} is not its own"
    if misses := find_hard(projection, expected) - expected.hard:
        return f"chunks of vault {min(misses)} are not found where they are"
    return ""


def find_hard(projection: "Remote", expected: Expectation) -> frozenset[str]:
    """Vaults where the nearest chunks are not found: a damaged graph, or hundreds of equal vectors that tangle it."""
    return frozenset(
        vault
        for vault, wants in expected.vaults.items()
        if wants.samples and not _finds(projection, vault, wants.samples)
    )


def _keeps(projection: "Remote", vault: str, samples: list[Sample]) -> bool:
    kept = projection.vectors(vault, [sample.id for sample in samples])
    return all(
        sample.id in kept and float(_row(sample.vector) @ _row(kept[sample.id])) > 1 - NEAR for sample in samples
    )


def _finds(projection: "Remote", vault: str, samples: list[Sample]) -> bool:
    import numpy as np

    answers = projection.search(vault, np.stack([_row(sample.vector) for sample in samples]), PLACES)
    found = sum(
        score > sample.nearest - ROUNDING
        for sample, hits in zip(samples, answers, strict=True)
        for _, score in hits[:PLACES]
    )
    return found >= RECALL * PLACES * len(samples)


def _row(vector: bytes) -> "Vector":
    import numpy as np

    return np.frombuffer(vector, dtype=np.float32)
