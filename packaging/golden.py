"""Keeps a data folder as this version writes it: `make golden`, once for each released schema.

The real program makes it, with an owner, an answered question and a read document; a later version has to open it.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from program import COMMAND, Program, model, scripted_endpoint  # noqa: E402

from gantry_edge.storage.steps import STEPS  # noqa: E402


def main() -> None:
    target = ROOT / "tests" / "golden" / f"{STEPS[-1].partition('_')[0]}.zip"
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder, scripted_endpoint() as endpoint:
        program = Program(Path(folder) / "home", endpoint=endpoint)
        client = program.start().owner()
        body = {"content": "Remember the lighthouse", "model": model("say?tokens=20&seed=1")}
        client.post("/api/chat", json=body, headers={"Accept": "application/json"}).raise_for_status()
        text = b"The keeper of the lighthouse is called Marguerite. " * 10
        client.post("/api/documents", files={"file": ("notes.txt", text)}).raise_for_status()
        while {each["status"] for each in client.get("/api/documents").json()["items"]} != {"ready"}:
            time.sleep(0.1)
        time.sleep(2)
        program.end()
        subprocess.run([*COMMAND, "backup", "--data-dir", str(program.home), "--to", str(target)], check=True)


main()
