from base64 import b64decode

import numpy as np
import pytest
from onnx import TensorProto, helper
from retrieval.library import some_vectors, unit

from gantry_edge.retrieval.matrix import PRODUCT, Matrix, Vector


def named(count: int) -> list[str]:
    return [str(n) for n in range(count)]


def made(rows: Vector) -> Matrix:
    matrix = Matrix(rows.shape[1])
    matrix.put(named(len(rows)), rows)
    return matrix


def right(rows: Vector, vector: Vector, limit: int) -> list[str]:
    return [str(n) for n in np.argsort(-(rows @ vector), kind="stable")[:limit]]


@pytest.mark.parametrize("limit", [1, 7, 200, 5000])
def test_it_finds_what_a_product_of_floats_finds(limit: int) -> None:
    rows = some_vectors(3000)
    matrix = made(rows)
    for vector in some_vectors(5, seed=1):
        hits = matrix.nearest(vector, limit)
        assert {id for id, _ in hits} == set(right(rows, vector, limit))
        assert np.allclose([cosine for _, cosine in hits], [rows[int(id)] @ vector for id, _ in hits], atol=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_numbers_as_large_as_they_can_be_do_not_overflow(sign: int) -> None:
    flat = unit(np.full((1, 384), sign, np.float64))
    single = np.zeros((1, 384), np.float32)
    single[0, 5] = sign
    matrix = made(np.concatenate([flat, single, -flat, -single]))
    for place, vector in enumerate((flat[0], single[0])):
        cosines = dict(matrix.nearest(vector, 4))
        assert cosines[str(place)] == pytest.approx(1, abs=1e-3)
        assert cosines[str(place + 2)] == pytest.approx(-1, abs=1e-3)


def test_equal_vectors_are_all_found() -> None:
    rows = np.repeat(some_vectors(1), 500, axis=0)
    assert len(made(rows).nearest(rows[0], 400)) == 400


def test_what_does_not_reach_the_least_is_left_out_and_nothing_else() -> None:
    rows = some_vectors(3000)
    [vector] = some_vectors(1, seed=1)
    best = sorted((cosine for _, cosine in made(rows).nearest(vector, 50)), reverse=True)
    hits = made(rows).nearest(vector, 50, least=best[19])
    assert sorted((cosine for _, cosine in hits), reverse=True) == best[:20]


def test_what_is_removed_is_not_found_and_leaves_no_bytes() -> None:
    rows = some_vectors(10)
    matrix = made(rows)
    matrix.remove(["3", "9", "nothing"])
    assert sorted(id for id, _ in matrix.nearest(rows[3], 10)) == ["0", "1", "2", "4", "5", "6", "7", "8"]
    assert not matrix._upper[8:10].any()
    assert not matrix._lower[8:10].any()


def test_nothing_is_found_in_nothing() -> None:
    assert Matrix(384).nearest(some_vectors(1)[0], 5) == []


def test_the_product_is_that_of_whole_numbers() -> None:
    rows, asked = (
        helper.make_tensor_value_info("rows", TensorProto.UINT8, ["n", "width"]),
        helper.make_tensor_value_info("asked", TensorProto.INT8, ["width", 1]),
    )
    products = helper.make_tensor_value_info("products", TensorProto.INT32, ["n", 1])
    node = helper.make_node("MatMulInteger", ["rows", "asked"], ["products"])
    graph = helper.make_graph([node], "products", [rows, asked], [products])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    assert b64decode(PRODUCT) == model.SerializeToString(deterministic=True)
