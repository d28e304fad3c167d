"""The bill of materials (CycloneDX), the licence texts and the manifest of the folder edition."""

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from contents import Part, own_part, parts_of
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

BILL = "sbom.cdx.json"
MANIFEST = "manifest.json"
LICENCES = "licences"


def add_licences(folder: Path) -> None:
    shutil.rmtree(folder / LICENCES, ignore_errors=True)
    for part in parts_of(folder):
        place = folder / LICENCES / f"{part.name.replace('/', '-').replace(':', '-')}-{part.version.replace(':', '-')}"
        place.mkdir(parents=True)
        for number, text in enumerate(part.texts):
            target = place / text.name
            target = target if not target.exists() else place / f"{number}-{text.name}"
            target.write_text(read(text), encoding="utf-8")


def read(text: Path) -> str:
    content = text.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def bill_of(folder: Path, leave_out: Iterable[str] = ()) -> str:
    """As JSON. Parts all of whose files are left out of an edition are left out too."""
    without = set(leave_out)
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, f"gantry-edge {own_part().version} {sorted(without)}"))
    bom.metadata.timestamp = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC)
    for part in parts_of(folder):
        kept = part.files - without
        if part.name == own_part().name:
            bom.metadata.component = component_of(part, folder, kept)
        elif kept or not part.files:
            bom.components.add(component_of(part, folder, kept))
    assert bom.metadata.component
    bom.register_dependency(bom.metadata.component, bom.components)
    return str(JsonV1Dot6(bom).output_as_string(indent=1))


def component_of(part: Part, folder: Path, files: set[str]) -> Component:
    licence = LicenseExpression(part.licence) if " " in part.licence else DisjunctiveLicense(id=part.licence)
    kept = [name for name in sorted(files) if ".so" in name or name.endswith((".gguf", ".onnx"))]
    hashes = []
    if part.digest:
        hashes = [HashType(alg=HashAlgorithm.SHA_512, content=base64.b64decode(part.digest.partition("-")[2]).hex())]
    return Component(
        type=ComponentType(part.kind),
        name=part.name,
        version=part.version,
        licenses=[licence],
        purl=PackageURL.from_string(part.purl),
        bom_ref=part.purl,
        hashes=hashes,
        components=[file_component(part, folder, name) for name in kept],
    )


def file_component(part: Part, folder: Path, name: str) -> Component:
    sha256 = HashType(alg=HashAlgorithm.SHA_256, content=hash_of(folder / name))
    return Component(type=ComponentType.FILE, name=name, bom_ref=f"{part.purl}#{name}", hashes=[sha256])


def manifest_of(folder: Path, bill: str, leave_out: Iterable[str] = ()) -> str:
    """As `gantry_edge.appliance.bundle` reads it: the hash of each file."""
    left_out = {*leave_out, MANIFEST, BILL}
    files = {name: hash_of(folder / name) for name in files_of(folder) if name not in left_out}
    files[BILL] = hashlib.sha256(bill.encode()).hexdigest()
    return json.dumps({"version": own_part().version, "files": files}, indent=1, sort_keys=True)


def files_of(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
