"""`make bench`: prints figures, the same work done bare, and the ratio."""

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from gantry_edge.config import calm_libraries

calm_libraries()  # as the program does, before NumPy comes

from bench import finding, gathering, ingestion, leaving, lists, retrieval, streams, waiting  # noqa: E402

BENCHES = {
    "finding": finding.run,
    "gathering": gathering.run,
    "streams": streams.run,
    "ingestion": ingestion.run,
    "leaving": leaving.run,
    "lists": lists.run,
    "retrieval": retrieval.run,
    "waiting": waiting.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", default=sorted(BENCHES), help=f"of {', '.join(sorted(BENCHES))}")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--chunks", type=int, default=retrieval.CHUNKS, help="in the vaults that are searched")
    chosen = parser.parse_args()
    benches: dict[str, Callable[[], dict[str, Any]]] = {**BENCHES, "retrieval": partial(retrieval.run, chosen.chunks)}
    figures = {name: benches[name]() for name in chosen.names}
    for name, table in figures.items():
        print(f"\n{name}")
        for label, value in table.items():
            print(f"  {label:<52} {value:>12,.3f}" if isinstance(value, float) else f"  {label:<52} {value:>12,}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2))


main()
