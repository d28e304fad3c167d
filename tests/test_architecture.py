"""The house rules of docs/architecture.md that a machine can check."""

import ast
import re
from functools import cache
from pathlib import Path

SRC = Path(__file__).parent.parent / "src" / "gantry_edge"
FILES = sorted(SRC.rglob("*.py"))
ROOMS = {
    "accounts",
    "admin",
    "appliance",
    "belongings",
    "chat",
    "documents",
    "facts",
    "memory",
    "models",
    "personas",
    "prompts",
    "retrieval",
    "sharing",
    "storage",
}
ORDER = ("__main__", "cli", "app", "upkeep", "services")  # the roots, the first on top
ROOTS = {"app", "cli", "services", "upkeep"}  # may import every room
FRONT_DOORS = {
    "accounts.guards",
    "accounts.leaving",
    "accounts.names",
    "chat.export",
    "chat.removal",
    "chat.turns",
    "documents.chunk",
    "documents.export",
    "documents.removal",
    "documents.search",
    "facts.export",
    "facts.known",
    "facts.removal",
    "memory.forgetting",
    "memory.recall",
    "memory.removal",
    "memory.switch",
    "models.client",
    "models.counting",
    "models.endpoints",
    "models.preferred",
    "personas.choice",
    "personas.export",
    "prompts.export",
    "retrieval.embedder",
    "retrieval.rerank",
    "retrieval.hybrid",
    "retrieval.index",
    "retrieval.packed",
    "retrieval.store",
    "retrieval.tokens",
    "sharing.export",
    "sharing.reading",
    "sharing.removal",
}
# who may import a room at all, beside its own files and the roots
ALLOWED = {
    "accounts": {"storage"},
    "admin": {"accounts", "chat", "models", "retrieval", "storage"},
    "appliance": {"accounts", "storage"},
    "belongings": {"accounts", "chat", "documents", "facts", "memory", "personas", "prompts", "sharing", "storage"},
    "chat": {"accounts", "documents", "facts", "memory", "models", "personas", "retrieval", "sharing", "storage"},
    "documents": {"accounts", "retrieval", "sharing", "storage"},
    "facts": {"accounts", "memory", "models", "retrieval", "storage"},
    "memory": {"accounts", "documents", "models", "retrieval", "storage"},
    "models": {"accounts", "storage"},
    "personas": {"accounts", "documents", "models", "sharing", "storage"},
    "prompts": {"accounts", "storage"},
    "retrieval": {"storage"},
    "sharing": {"accounts", "storage"},
    "storage": set(),
}
PARSERS = ("bs4", "lxml", "mammoth", "openpyxl", "pptx", "pypdf", "pypdfium2", "striprtf", "charset_normalizer")
OWNERS = {
    "litestar": ("app", "parameters", "problems", "*.routes", "*.guards", "storage.cache"),
    "sqlite3": ("storage.*",),
    "pysqlite3": ("storage.*",),
    "sqlite_utils": ("storage.*", "storage.steps.*"),
    "diskcache": ("storage.cache",),
    "aiohttp": ("models.wire",),
    "xllamacpp": ("models.engine_child",),
    "granian": ("appliance.server",),
    "platformdirs": ("config",),
    "cryptography": ("appliance.*", "storage.secrets"),
    "ifaddr": ("appliance.*",),
    "segno": ("appliance.*",),
    "zeroconf": ("appliance.*",),
    "prometheus_client": ("admin.metrics",),
    "pyrage": ("admin.*",),
    "argon2": ("accounts.passwords",),
    "chromadb": ("retrieval.*",),
    "onnxruntime": ("retrieval.*",),
    "tokenizers": ("retrieval.*",),
    "numpy": ("retrieval.*", "documents.search", "documents.ingest"),
    **dict.fromkeys(PARSERS, ("documents.extract.*",)),
}
BANNED = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "manager",
    "service",
    "handler",
    "core",
    "misc",
}
BROAD_EXCEPT = {"chat.turns", "documents.ingest", "problems"}


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(file): file for file in FILES}


@cache
def nodes_of(file: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(file.read_text())))


@cache
def imports_of(file: Path) -> list[str]:
    found: list[str] = []
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


@cache
def own_imports(file: Path) -> set[str]:
    found = (name.removeprefix("gantry_edge.") for name in imports_of(file) if name.startswith("gantry_edge."))
    return {name for name in found if name in MODULES}


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(Path(name.replace(".", "/")).match(pattern.replace(".", "/")) for pattern in patterns)


def test_a_room_enters_another_only_by_its_schema_or_front_door() -> None:
    for name, file in MODULES.items():
        room = name.split(".")[0]
        if room not in ROOMS:
            continue
        for target in own_imports(file):
            other = target.split(".")[0]
            if other not in ROOMS or other == room or target == other:
                continue
            assert other in ALLOWED[room], f"{name} may not know the room of {target}"
            if other != "storage":
                assert target.endswith(".schema") or target in FRONT_DOORS, f"{name} goes past the door of {target}"


def test_nothing_imports_upwards() -> None:
    for name, file in MODULES.items():
        own = ORDER.index(name.split(".")[0]) if name.split(".")[0] in ORDER else len(ORDER)
        above = set(ORDER[:own])
        assert not {target.split(".")[0] for target in own_imports(file)} & above, name
        if not name.endswith(("routes", "app")):
            assert not [target for target in own_imports(file) if target.endswith(".routes")], name
        if name.split(".")[-1] in {"store", "schema"}:
            assert not [t for t in own_imports(file) if t.split(".")[-1] in {"turns", "routes", "guards"}], name


def test_each_third_party_has_one_owner() -> None:
    for name, file in MODULES.items():
        for imported in imports_of(file):
            package = imported.split(".")[0]
            if package in OWNERS:
                assert matches(name, OWNERS[package]), f"{name} may not import {package}"


def test_only_config_reads_the_environment() -> None:
    for name, file in MODULES.items():
        if name not in {"config", "children", "models.engine_child"}:  # a parent speaks to its child so
            assert not re.search(r"os\.(environ|getenv)|from os import", file.read_text()), name


def test_only_the_roots_see_the_settings() -> None:
    for name, file in MODULES.items():
        if name.split(".")[0] not in ROOTS | {"config"}:
            assert "config" not in own_imports(file), name


def test_files_and_functions_stay_small() -> None:
    for name, file in MODULES.items():
        assert file.read_text().count("\n") <= 400, name
        for node in nodes_of(file):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not name.startswith("storage.steps."):
                assert (node.end_lineno or 0) - node.lineno <= 60, f"{name}: {node.name} is too long"


def test_names_say_something() -> None:
    for name in MODULES:
        assert not set(name.split(".")) & BANNED, name


def test_errors_are_caught_by_name() -> None:
    for name, file in MODULES.items():
        for node in nodes_of(file):
            if isinstance(node, ast.ExceptHandler) and name not in BROAD_EXCEPT:
                assert not (isinstance(node.type, ast.Name) and node.type.id == "Exception"), (name, node.lineno)


def test_the_rooms_form_no_cycle() -> None:
    edges = {room: set(others) for room, others in ALLOWED.items()}
    while leaves := {room for room, others in edges.items() if not others}:
        edges = {room: others - leaves for room, others in edges.items() if room not in leaves}
    assert not edges
