"""Bundles that `gantry-edge update` takes, made of the single files in dist/: `make update UPDATE_KEY=FILE`.

The key is one of minisign, which asks for its passphrase. A bundle that the program in it would not take is not made.
"""

import argparse
import hashlib
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

import msgspec
from contents import ROOT, own_part

from gantry_edge.appliance import signature, update
from gantry_edge.appliance.update import Manifest
from gantry_edge.errors import BadUpdate

DIST = ROOT / "dist"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("key", type=Path, help="the secret key, made by `minisign -G`")
    key = parser.parse_args().key
    version, system = own_part().version, f"{platform.system().lower()}-{platform.machine()}"
    for edition in ("", "no-model"):
        program = DIST / "-".join(["gantry-edge", version, system, *([edition] if edition else [])])
        target = program.with_name(f"{program.name}.update")
        manifest = manifest_of(program, version, system, edition)
        paper = paper_of(manifest)
        write(target, paper, sign(paper, manifest, key), program)
        check(target)
        print(f"{target.stat().st_size / 1e6:7.1f} MB  {target.relative_to(ROOT)}")


def manifest_of(program: Path, version: str, system: str, edition: str) -> Manifest:
    with program.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Manifest(update.FORMAT, version, system, edition, program.stat().st_size, digest)


def paper_of(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"


def write(target: Path, paper: bytes, signed: bytes, program: Path) -> None:
    with target.open("wb") as out, program.open("rb") as source:
        for name, content in ((update.MANIFEST, paper), (update.SIGNATURE, signed)):
            out.write(update.header(name, len(content)) + content.ljust(update.padded(len(content)), b"\0"))
        size = program.stat().st_size
        out.write(update.header(update.PROGRAM, size))
        shutil.copyfileobj(source, out)
        out.write(bytes(update.padded(size) - size) + update.END)


def sign(paper: bytes, manifest: Manifest, key: Path) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / update.MANIFEST
        file.write_bytes(paper)
        comment = f"gantry-edge {manifest.version} {manifest.platform} {manifest.edition}".strip()
        subprocess.run(["minisign", "-S", "-q", "-s", key, "-m", file, "-t", comment], check=True)
        return file.with_name(update.SIGNATURE).read_bytes()


def check(target: Path) -> None:
    """As a program of this build would."""
    try:
        with update.open_bundle(target, signature.read_keys()) as found:
            update.look_through(found)
    except BadUpdate as error:
        target.unlink()
        raise SystemExit(f"No program of this build would take it: {error.detail}") from error


if __name__ == "__main__":
    main()
