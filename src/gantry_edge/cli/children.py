"""Hidden: what the server runs as its children, in the very same program."""

from pathlib import Path

import click


@click.command(hidden=True)
@click.option("--model", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--port", type=int, required=True)
@click.option("--threads", type=int, required=True)
@click.option("--context", type=int, required=True)
def engine(model: Path, port: int, threads: int, context: int) -> None:
    """The built-in engine."""
    from gantry_edge.models import engine_child

    engine_child.serve(model, port, threads, context)


@click.command(hidden=True)
@click.argument("path")
@click.argument("name")
def extract(path: str, name: str) -> None:
    """Reads one document, under limits."""
    from gantry_edge.documents import extract_child

    extract_child.main(path, name)


@click.command(hidden=True)
@click.argument("folder", type=click.Path(path_type=Path))
def hold_index(folder: Path) -> None:
    """Holds the search index."""
    from gantry_edge.retrieval import index_child

    index_child.main(folder)


commands = [engine, extract, hold_index]
