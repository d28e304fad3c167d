"""What is in the program: listed, licensed, and as it was built."""

import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing
from program import COMMAND

from gantry_edge.appliance import bundle

pytestmark = pytest.mark.slow
FOLDER = Path(COMMAND[0]).parent / "gantry-edge"
# None of these asks for more than their texts, which are in licences/. LGPL: zeroconf is Python source beside the
# program; whoever wants another puts it there. The GPL ones except what they are built into.
ALLOWED = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0"),
    "OFL-1.1",
    *("PSF-2.0", "Python-2.0.1", "Unlicense", "Zlib", "blessing", "bzip2-1.0.6", "LGPL-2.1-or-later"),
    "GPL-2.0-or-later WITH Bootloader-exception",
    "GPL-3.0-or-later WITH GCC-exception-3.1",
}


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "sbom.cdx.json").read_text())
    return found


def parts(bill: dict[str, Any]) -> list[dict[str, Any]]:
    return [bill["metadata"]["component"], *bill["components"]]


def expressions(part: dict[str, Any]) -> list[str]:
    return [each.get("expression") or each["license"].get("id", "") for each in part["licenses"]]


def test_the_bill_of_materials_is_valid_cyclonedx() -> None:
    text = (FOLDER / "sbom.cdx.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_every_library_and_model_belongs_to_a_part_and_has_its_hash(bill: dict[str, Any]) -> None:
    listed = {file["name"]: file["hashes"][0]["content"] for part in parts(bill) for file in part.get("components", ())}
    manifest = json.loads((FOLDER / bundle.MANIFEST).read_text())["files"]
    native = {name for name in manifest if ".so" in name or name.endswith((".gguf", ".onnx"))}
    assert len(native) > 100
    assert native - set(listed) == set()
    assert [name for name in native if manifest[name] != listed[name]] == []


def test_no_licence_is_outside_of_what_is_allowed(bill: dict[str, Any]) -> None:
    licensing = get_spdx_licensing()
    for part in parts(bill):
        assert part["licenses"], part["name"]
        for expression in expressions(part):
            parsed = licensing.parse(expression, validate=True)
            terms = {str(term) for term in licensing.license_symbols(parsed, decompose=False)}
            assert terms <= ALLOWED, f"{part['name']}: {expression}"


def test_every_part_has_the_text_of_its_licence(bill: dict[str, Any]) -> None:
    names = {path.name for path in (FOLDER / "licences").iterdir() if any(path.iterdir())}
    for part in parts(bill):
        name = f"{part['name']}-{part['version']}".replace("/", "-").replace(":", "-")
        assert name in names


def test_the_parts_of_the_page_are_listed(bill: dict[str, Any]) -> None:
    assert {"npm:preact", "npm:marked", "npm:swagger-ui-dist"} <= {part["name"] for part in parts(bill)}


def test_the_manifest_names_every_file_and_each_is_as_it_was_built() -> None:
    manifest = json.loads((FOLDER / bundle.MANIFEST).read_text())["files"]
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    links = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_symlink()}
    assert there - links == {*manifest, bundle.MANIFEST}
    assert bundle.damaged_files(FOLDER) == []
