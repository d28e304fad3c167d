"""Writes the encoder's file: all-MiniLM-L6-v2 with 8-bit weights, in the operators ONNX Runtime has for it.

`make setup` runs it. The same weights give the same bytes on every machine; `retrieval/weights.py` pins their hash.
Why this form: docs/decisions/0012-the-embedder.md.
"""

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
from minilm import EPSILON, HEADS, LAYERS, WIDTH, Array, Weights, hidden, original_weights
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

from gantry_edge.retrieval.tokens import Tokens  # noqa: E402
from gantry_edge.retrieval.weights import PATH, PINNED  # noqa: E402

BLOCK = 128  # inputs that share one scale, of the weights and of what they are multiplied with
TABLE_BLOCK = 32  # the same in the table of word pieces, which costs nothing to read
RUNTIME = "com.microsoft"

# a little of everything: it is measured on these how large each channel grows
SAMPLES = [
    "",
    "?",
    "🎉 Done!",
    "How much is the rent in March, and who pays it?",
    "The rent is 1,200 euros in the third year; see § 4.2 (b) of the contract.",
    "Wie hoch ist die Miete im dritten Jahr, und wer zahlt die Nebenkosten?",
    "東京は日本の首都です。人口は約1400万人。",
    "Сколько стоит аренда квартиры?",
    "كم الإيجار في السنة؟",
    "def total(rows):\n    return sum(row.price * row.count for row in rows if not row.deleted)\n",
    "| Year | Revenue | Profit |\n|---|---|---|\n| 2023 | 4,211 | 312 |\n| 2024 | 4,987 | 401 |",
    "Once there was a keeper of a lighthouse who wrote down the weather each evening, the ships that passed, and what "
    "he had for supper. His daughter found the books eighty years later in a chest beneath the stairs, and read them "
    "through in one winter.",
]


def main() -> None:
    weights = original_weights()
    data = Graph(weights, measure_peaks(weights)).model().SerializeToString(deterministic=True)
    if (found := hashlib.sha256(data).hexdigest()) != PINNED:
        raise SystemExit(f"The encoder came out as {found}, and this version expects {PINNED}")
    part = PATH.with_name(PATH.name + ".part")
    part.write_bytes(data)
    part.replace(PATH)


def measure_peaks(weights: Weights) -> dict[str, Array]:
    """The largest magnitude of each channel that goes into a product, in float64: the same on every machine."""
    tokens, peaks = Tokens(), dict[str, Array]()
    exact = {name: tensor.astype(np.float64) for name, tensor in weights.items()}

    def watch(name: str, x: Array) -> None:
        peaks[name] = np.maximum(peaks.get(name, 1e-3), np.abs(x).max(axis=0))

    hidden(exact, [tokens.ids(text) for text in SAMPLES], watch)
    return peaks


def quantise(rows: Array, block: int) -> tuple[Array, Array]:
    """Whole numbers up to 127 and a scale for each block: (rows, blocks, block) and (rows, blocks)."""
    blocks = rows.reshape(len(rows), -1, block)
    scales = np.maximum(np.abs(blocks).max(axis=-1) / np.float32(127), np.float32(1e-9))
    return np.rint(blocks / scales[..., None]).astype(np.int8), scales


def balance(weight: Array, peaks: Array, share: float) -> Array:
    """Powers of two to divide each input channel by, and multiply its weights with: a few channels are so much larger
    than the others that these would be rounded away. `share` of the difference goes into the weights."""
    levels = share * np.log2(peaks) - (1 - share) * np.log2(np.abs(weight).max(axis=0).astype(np.float64))
    factors: Array = np.exp2(np.rint(levels - levels.mean())).astype(np.float32)
    return factors


class Graph:
    """The model's nodes and constants, in the order they run. It reads one text: nothing is padded, nothing masked."""

    def __init__(self, weights: Weights, peaks: dict[str, Array]) -> None:
        self.weights = weights
        self.peaks = peaks
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def model(self) -> ModelProto:
        x = self.words()
        for number in range(LAYERS):
            x = self.layer(f"encoder.layer.{number}", x, last=number == LAYERS - 1)
        told = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "pieces"])
        made = helper.make_tensor_value_info(x, TensorProto.FLOAT, [1, "pieces", WIDTH])
        graph = helper.make_graph(self.nodes, "all-MiniLM-L6-v2", [told], [made], self.constants)
        versions = [helper.make_opsetid("", 18), helper.make_opsetid(RUNTIME, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=9, producer_name="gantry-edge")

    def words(self) -> str:
        """What each word piece and its place stand for; of the table only the rows in use become float."""
        table, scales = quantise(self.weights["embeddings.word_embeddings.weight"], TABLE_BLOCK)
        kind = self.weights["embeddings.token_type_embeddings.weight"][0]
        places = self.weights["embeddings.position_embeddings.weight"] + kind
        self.add("Gather", [self.constant("words", table), "input_ids"], ["words.rows"])
        self.add("Gather", [self.constant("words.scale", scales[..., None]), "input_ids"], ["words.scales"])
        self.add("Cast", ["words.rows"], ["words.float"], to=TensorProto.FLOAT)
        self.add("Mul", ["words.float", "words.scales"], ["words.blocks"])
        shape = self.constant("words.shape", np.array([0, 0, WIDTH], np.int64))
        self.add("Reshape", ["words.blocks", shape], ["words.all"])
        self.add("Shape", ["input_ids"], ["pieces"], start=1, end=2)
        zero = self.constant("zero", np.array([0], np.int64))
        self.add("Slice", [self.constant("places", places), zero, "pieces", zero], ["places.here"])
        self.add("Add", ["words.all", "places.here"], ["placed"])
        name = "embeddings.LayerNorm"
        scale = [self.tensor(f"{name}.weight"), self.tensor(f"{name}.bias")]
        return self.add("LayerNormalization", ["placed", *scale], [name], epsilon=EPSILON)

    def layer(self, name: str, x: str, *, last: bool) -> str:
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self.weights[f"{part}.weight"] for part in parts])
        bias = np.concatenate([self.weights[f"{part}.bias"] for part in parts])
        all_three = self.product(f"{name}.attention", x, weight, share=0.8)
        self.add("Split", [all_three], parts, axis=-1, num_outputs=3)
        biased = self.constant(f"{name}.attention.bias", bias)
        attended = f"{name}.attention.mixed"
        self.add("MultiHeadAttention", [*parts, biased], [attended], RUNTIME, num_heads=HEADS)
        x = self.join(f"{name}.attention.output", attended, x)
        wide = self.product(f"{name}.intermediate", x, self.weights[f"{name}.intermediate.dense.weight"], share=0.65)
        bias_of_wide = self.tensor(f"{name}.intermediate.dense.bias")
        inner = self.add("BiasGelu", [wide, bias_of_wide], [f"{name}.gelu"], RUNTIME)
        return self.join(f"{name}.output", inner, x, out="last_hidden_state" if last else "")

    def join(self, name: str, x: str, before: str, out: str = "") -> str:
        """A product, added to what was before it, normalised."""
        y = self.product(name, x, self.weights[f"{name}.dense.weight"])
        rest = [self.tensor(f"{name}.{part}") for part in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")]
        node = [y, before, *rest]
        return self.add("SkipLayerNormalization", node, [out or f"{name}.normal"], RUNTIME, epsilon=EPSILON)

    def product(self, name: str, x: str, weight: Array, share: float | None = None) -> str:
        if share is not None:
            factors = balance(weight, self.peaks[name], share)
            weight = weight * factors
            x = self.add("Mul", [x, self.constant(f"{name}.factors", 1 / factors)], [f"{name}.balanced"])
        rows, scales = quantise(weight, BLOCK)
        values = self.constant(f"{name}.values", (rows.astype(np.int16) + 128).astype(np.uint8))
        return self.add(
            "MatMulNBits",
            [x, values, self.constant(f"{name}.scales", scales)],
            [f"{name}.product"],
            RUNTIME,
            K=weight.shape[1],
            N=weight.shape[0],
            bits=8,
            block_size=BLOCK,
            accuracy_level=4,  # multiplies whole numbers; what comes in is rounded by blocks, too
        )

    def add(self, kind: str, inputs: list[str], outputs: list[str], domain: str = "", **settings: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **settings))
        return outputs[0]

    def tensor(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def constant(self, name: str, values: Array) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


if __name__ == "__main__":
    main()
