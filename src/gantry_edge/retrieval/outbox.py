"""What a portion of the outbox asks of the index, as few steps that may be taken twice. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from gantry_edge.retrieval.store import Op


class Step(NamedTuple):
    op: Literal["put", "delete", "drop"]
    vault: str
    ids: list[str]
    vectors: list[bytes]


def plan(ops: Iterable[Op], stored: Mapping[tuple[str, str], bytes]) -> list[Step]:
    """The last word on each chunk; `stored` has the vectors by (vault, chunk id) as they are now.

    A put whose embedding has gone since becomes a delete: the operation that took it away comes later anyway.
    """
    dropped: dict[str, None] = {}
    last: dict[str, dict[str, str]] = {}
    for op in ops:
        if op.op == "drop":
            dropped[op.vault] = None
            last.pop(op.vault, None)
        else:
            last.setdefault(op.vault, {})[op.chunk_id] = op.op
    steps = [Step("drop", vault, [], []) for vault in dropped]
    for vault, chunks in last.items():
        kept = [id for id, op in chunks.items() if op == "put" and (vault, id) in stored]
        gone = sorted(chunks.keys() - set(kept))
        if gone:
            steps.append(Step("delete", vault, gone, []))
        if kept:
            steps.append(Step("put", vault, kept, [stored[vault, id] for id in kept]))
    return steps


def wanted(ops: Sequence[Op]) -> list[str]:
    """The chunks whose vectors `plan` needs."""
    return list({op.chunk_id: None for op in ops if op.op == "put"})
