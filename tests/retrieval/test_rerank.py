"""The optional cross-encoder, with a model that prefers the text with the rarest word."""

import shutil
from importlib import resources
from pathlib import Path

from gantry_edge.retrieval.rerank import NAME, find_reranker


def field(number: int, value: int | bytes | str) -> bytes:
    """One field of a protocol buffer."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)


def tensor(name: str, kind: int) -> bytes:
    shape = b"".join(field(1, field(2, axis)) for axis in ("texts", "pieces"))
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


def model() -> bytes:
    """logits = the largest of input_ids, as ONNX."""
    cast = field(1, "input_ids") + field(2, "numbers") + field(4, "Cast")
    cast += field(5, field(1, "to") + field(3, 1) + field(20, 2))
    most = field(1, "numbers") + field(2, "logits") + field(4, "ReduceMax")
    most += field(5, field(1, "axes") + field(8, 1) + field(20, 7))
    ends = field(11, tensor("input_ids", 7)) + field(11, tensor("attention_mask", 7)) + field(12, tensor("logits", 1))
    graph = field(1, cast) + field(1, most) + field(2, "largest") + ends
    return field(1, 8) + field(7, graph) + field(8, field(2, 13))


def test_there_is_none_unless_both_files_lie_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / NAME
    folder.mkdir()
    assert find_reranker(tmp_path) is None
    (folder / "model.onnx").write_bytes(model())
    assert find_reranker(tmp_path) is None


def test_texts_are_put_into_the_order_of_the_model(tmp_path: Path) -> None:
    folder = tmp_path / NAME
    folder.mkdir()
    (folder / "model.onnx").write_bytes(model())
    with resources.as_file(resources.files("gantry_edge.retrieval") / "model" / "tokenizer.json") as file:
        shutil.copy(file, folder)
    reranker = find_reranker(tmp_path)
    assert reranker is not None
    assert reranker.order("the", ["the and the", "the zebra crossing " * 400, "the house"]) == [1, 2, 0]
    assert reranker.order("the", []) == []
