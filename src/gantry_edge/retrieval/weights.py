"""The encoder's file: found, and checked before it runs. `packaging/encoder.py` writes it."""

import hashlib
from pathlib import Path

from gantry_edge.retrieval.tokens import ModelDamaged

PATH = Path(__file__).parent / "model" / "encoder.onnx"
PINNED = "8570ef0b28bf1edb09685013c13217ce2b0e7ef38ea76a474e18ccb75ef21450"


def find_weights() -> Path:
    try:
        with PATH.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelDamaged(f"The search model cannot be read ({error}); install Gantry Edge again") from error
    if found != PINNED:
        raise ModelDamaged(f"The search model {PATH} is damaged; install Gantry Edge again")
    return PATH
