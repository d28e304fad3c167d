"""The files people download, made of the frozen folder: single files with and without the small model, and a portable
archive. Each payload is a few zstd frames that together hold one tar archive; the largest is shared."""

import hashlib
import os
import platform
import stat
import struct
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import bill
from contents import INSIDE, ROOT, own_part

DIST = ROOT / "dist"
FOLDER = DIST / "gantry-edge"
LAUNCHER = ROOT / "packaging" / "launcher"
MAGIC = b"gantry-payload-1"  # as in launcher.h
MODEL = ("*.gguf",)
FRAGILE = ("numpy", "PIL", ".libs")  # their libraries were patched to find each other, and do not bear stripping
COMPRESSION = ("zstd", "-q", "-15", "--long=27", "-T0")
PORTABLE = "gantry-data"  # as in config.py


def main() -> None:
    version, system = own_part().version, f"{platform.system().lower()}-{platform.machine()}"
    for old in DIST.glob("gantry-edge-*"):
        old.unlink()
    strip(FOLDER)
    bill.add_licences(FOLDER)
    model = [name for name in bill.files_of(FOLDER) if any(Path(name).match(pattern) for pattern in MODEL)]
    whole, without = papers(FOLDER, []), papers(FOLDER, model)
    for name, content in whole.items():
        (FOLDER / name).write_text(content)
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as place:
        work = Path(place)
        base = compress(work / "base", lambda out: add_folder(out, FOLDER, {*model, *whole}))
        weights = compress(work / "model", lambda out: add_files(out, FOLDER, model))
        end = compress(work / "end", lambda out: add_end(out, whole))
        end_without = compress(work / "end-without", lambda out: add_end(out, without))
        end_portable = compress(work / "end-portable", lambda out: add_end(out, whole, portable=True))
        launcher = compile_launcher(work)
        made = [
            single(DIST / f"gantry-edge-{version}-{system}", launcher, [base, weights, end]),
            single(DIST / f"gantry-edge-{version}-{system}-no-model", launcher, [base, end_without]),
            join(DIST / f"gantry-edge-{version}-{system}-portable.tar.zst", [base, weights, end_portable]),
        ]
    sums = "".join(f"{bill.hash_of(path)}  {path.name}\n" for path in made)
    (DIST / "SHA256SUMS").write_text(sums)
    (ROOT / "build" / "single").write_text(str(made[0]))  # for `make binary`
    for path in made:
        print(f"{path.stat().st_size / 1e6:7.1f} MB  {path.relative_to(ROOT)}")


def strip(folder: Path) -> None:
    """Of what only debuggers read: 130 MB, of which the engine has 80."""
    for path in sorted(folder.rglob("*.so*")):
        inside = path.relative_to(folder / INSIDE).parts[0]
        if not path.is_symlink() and not inside.endswith(FRAGILE):
            subprocess.run(["strip", "--strip-unneeded", path], check=True)


def papers(folder: Path, leave_out: list[str]) -> dict[str, str]:
    materials = bill.bill_of(folder, leave_out)
    return {bill.BILL: materials, bill.MANIFEST: bill.manifest_of(folder, materials, leave_out)}


def compress(target: Path, write: Callable[[IO[bytes]], None]) -> Path:
    process = subprocess.Popen([*COMPRESSION, "-o", target], stdin=subprocess.PIPE)
    assert process.stdin
    with process.stdin as out:
        write(out)
    if process.wait():
        raise SystemExit("zstd failed")
    return target


def add_folder(out: IO[bytes], folder: Path, leave_out: set[str]) -> None:
    """Folders before what is in them; nothing of the machine or the hour goes in."""
    add_entry(out, folder, folder.name)
    add_files(
        out, folder, [name for path in sorted(folder.rglob("*")) if (name := relative(folder, path)) not in leave_out]
    )


def relative(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def add_files(out: IO[bytes], folder: Path, names: list[str]) -> None:
    for name in names:
        add_entry(out, folder / name, f"{folder.name}/{name}")


def add_end(out: IO[bytes], contents: dict[str, str], portable: bool = False) -> None:
    for name, content in sorted(contents.items()):
        add_bytes(out, tarfile.TarInfo(f"{FOLDER.name}/{name}"), content.encode())
    if portable:
        folder = tarfile.TarInfo(f"{FOLDER.name}/{PORTABLE}")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o700
        add_bytes(out, folder, b"")
    out.write(bytes(2 * tarfile.BLOCKSIZE))


def add_entry(out: IO[bytes], path: Path, name: str) -> None:
    info = tarfile.TarInfo(name)
    if path.is_symlink():
        info.type, info.linkname = tarfile.SYMTYPE, os.readlink(path)
        add_bytes(out, info, b"")
    elif path.is_dir():
        info.type, info.mode = tarfile.DIRTYPE, 0o755
        add_bytes(out, info, b"")
    else:
        info.mode = 0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644
        add_bytes(out, info, path.read_bytes())


def add_bytes(out: IO[bytes], info: tarfile.TarInfo, content: bytes) -> None:
    info.size = len(content)
    out.write(info.tobuf(tarfile.USTAR_FORMAT))
    out.write(content + bytes(-len(content) % tarfile.BLOCKSIZE))


def compile_launcher(work: Path) -> Path:
    target = work / "launcher"
    flags = [
        "-std=c11",
        "-O2",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-fstack-protector-strong",
        "-D_FORTIFY_SOURCE=2",
        "-fPIE",
        "-pie",
    ]
    libraries = ["-l:libzstd.a", "-l:libmd.a", "-Wl,-s,-z,relro,-z,now,--build-id=none"]
    subprocess.run(["gcc", *flags, "-o", target, *sorted(LAUNCHER.glob("*.c")), *libraries], check=True)
    return target


def single(target: Path, launcher: Path, frames: list[Path]) -> Path:
    """Launcher, payload, trailer (struct trailer of launcher.h)."""
    join(target, [launcher, *frames])
    offset, size = launcher.stat().st_size, sum(frame.stat().st_size for frame in frames)
    digest = hashlib.sha256(b"".join(frame.read_bytes() for frame in frames)).digest()
    with target.open("ab") as out:
        out.write(struct.pack("<16sQQ32s", MAGIC, offset, size, digest))
    target.chmod(0o755)
    return target


def join(target: Path, parts: list[Path]) -> Path:
    target.unlink(missing_ok=True)  # a running one keeps its own
    with target.open("wb") as out:
        for part in parts:
            out.write(part.read_bytes())
    return target


if __name__ == "__main__":
    main()
