"""The single file brings itself to a newer version and back, signed by the real minisign."""

import json
import re
import shutil
import sqlite3
import struct
import subprocess
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tarfile import DIRTYPE, TarInfo
from typing import IO

import bill
import contents
import editions
import pytest
from program import COMMAND
from PyInstaller.archive.readers import CArchiveReader  # type: ignore[import-untyped]
from sign import manifest_of, paper_of, sign, write
from updates import SYSTEM, Signer

from gantry_edge import __version__
from gantry_edge.appliance import signature
from gantry_edge.cli import cli

pytestmark = pytest.mark.slow
BUILT = Path(COMMAND[0])
SMALL = BUILT.with_name(f"{BUILT.name}-no-model")
FOLDER = BUILT.parent / "gantry-edge"
NEWER = "9.1.0"  # as long as the version that is built
KEY = f"{FOLDER.name}/{contents.INSIDE}/gantry_edge/appliance/keys/test.pub"
TRAILER = struct.Struct("<16sQQ32s")
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A key, the program as it is built and one of a later version, both with that key, and a signed bundle."""
    place = tmp_path_factory.mktemp("update")
    subprocess.run(["minisign", "-G", "-W", "-p", place / "key.pub", "-s", place / "key"], check=True, stdout=-3)
    launcher, payload = parts_of(SMALL, place)
    editions.single(place / "old", launcher, [payload, compressed(place / "end", lambda out: add_key(out, place))])
    editions.single(place / "new", launcher, [newer(place)])
    manifest = manifest_of(place / "new", NEWER, SYSTEM, "no-model")
    paper = paper_of(manifest)
    write(place / "gantry-edge.update", paper, sign(paper, manifest, place / "key"), place / "new")
    yield place
    shutil.rmtree(place)  # pytest would keep gigabytes
    shutil.rmtree(place.with_name("update-cache"))


def parts_of(single: Path, place: Path) -> tuple[Path, Path]:
    whole = single.read_bytes()
    _, offset, size, _ = TRAILER.unpack(whole[-TRAILER.size :])
    (place / "launcher").write_bytes(whole[:offset])
    (place / "payload").write_bytes(whole[offset : offset + size])
    return place / "launcher", place / "payload"


def compressed(target: Path, add: Callable[[IO[bytes]], None]) -> Path:
    with subprocess.Popen(["zstd", "-q", "-1", "-T0", "-o", str(target)], stdin=subprocess.PIPE) as process:
        assert process.stdin
        add(process.stdin)
    return target


def add_key(out: IO[bytes], place: Path) -> None:
    for parent in list(Path(KEY).parents)[1::-1]:
        if not (FOLDER.parent / parent).exists():  # as in a build without a key
            folder = TarInfo(str(parent))
            folder.type = DIRTYPE
            editions.add_bytes(out, folder, b"")
    editions.add_bytes(out, TarInfo(KEY), (place / "key.pub").read_bytes())


def newer(place: Path) -> Path:
    """The folder edition with another number compiled into it."""
    program = FOLDER / "gantry-edge"
    archive = CArchiveReader(str(program)).open_embedded_archive("PYZ.pyz")
    _, offset, size = archive.toc["gantry_edge"]
    whole = program.read_bytes()
    old = whole[archive._start_offset + offset :][:size]
    new = zlib.compress(zlib.decompress(old).replace(__version__.encode(), NEWER.encode()), 6)
    assert len(new) <= len(old)
    changed = whole.replace(old, new.ljust(len(old), b"\0"))
    assert changed != whole
    entry = TarInfo(f"{FOLDER.name}/gantry-edge")
    entry.mode = 0o755
    model = {name for name in bill.files_of(FOLDER) if name.endswith(".gguf")}

    def add(out: IO[bytes]) -> None:
        editions.add_folder(out, FOLDER, {*model, "gantry-edge"})
        editions.add_bytes(out, entry, changed)
        add_key(out, place)

    return compressed(place / "folder", add)


@pytest.fixture
def bin(place: Path, tmp_path: Path) -> Path:
    """A folder with the older version as somebody would have it, and data with an owner beside."""
    bin = tmp_path / "bin"
    bin.mkdir()
    shutil.copy2(place / "old", bin / "gantry-edge")
    (tmp_path / "password").write_text(PASSWORD)
    assert run(bin, "gantry-edge setup --name ada --password-stdin < ../password") == (0, "ada is the owner\n")
    return bin


def environ(bin: Path) -> dict[str, str]:
    cache = bin.parents[1] / "update-cache"  # one for all of these tests
    return {"PATH": f"{bin}:/usr/bin:/bin", "GANTRY_DATA_DIR": str(bin.parent / "home"), "XDG_CACHE_HOME": str(cache)}


def run(bin: Path, line: str) -> tuple[int, str]:
    """What a person types in that folder."""
    done = subprocess.run(line, shell=True, cwd=bin, env=environ(bin), capture_output=True, text=True, timeout=200)
    return done.returncode, done.stdout + done.stderr


def version(bin: Path) -> str:
    return run(bin, "gantry-edge --version")[1].split()[-1]


def example() -> str:
    found = re.search(r"Example: (gantry-edge update .*)", cli.commands["update"].help or "")
    assert found
    return found[1]


def test_the_server_stops_for_a_newer_version_and_all_is_there_again_before_and_after(place: Path, bin: Path) -> None:
    (bin / "gantry-edge.update").symlink_to(place / "gantry-edge.update")
    code, told = run(bin, f"{example()} --json")
    assert (code, json.loads(told)["taken"], json.loads(told)["version"]) == (0, True, NEWER)
    serving = [str(bin / "gantry-edge"), "serve", "--no-browser", "--no-engine", "--port", "0"]
    server = subprocess.Popen(serving, env=environ(bin), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout
    while "Address" not in server.stdout.readline():
        assert server.poll() is None
    code, told = run(bin, "gantry-edge update gantry-edge.update --yes")
    assert (code, f"is version {NEWER} now" in told, "start it again" in told) == (0, True, True), told
    assert (server.wait(30), version(bin)) == (0, NEWER)
    server.stdout.close()
    copies = list((bin.parent / "home" / "backups").glob(f"before-update-{__version__}-*.zip"))
    assert [run(bin, f"gantry-edge verify {copy}")[0] for copy in copies] == [0]
    assert "ada" in run(bin, "gantry-edge users list")[1]
    code, told = run(bin, "gantry-edge update --rollback --yes --json")
    assert (code, json.loads(told)["to"], version(bin)) == (0, __version__, __version__), told
    assert "ada" in run(bin, "gantry-edge users list")[1]
    assert sorted(path.name for path in bin.iterdir()) == ["gantry-edge", "gantry-edge.update"]


def test_the_way_back_from_data_that_the_older_one_cannot_read_takes_those_of_before(place: Path, bin: Path) -> None:
    assert run(bin, f"gantry-edge update {place}/gantry-edge.update --yes")[0] == 0
    database = sqlite3.connect(bin.parent / "home" / "gantry.db")  # as a later version would leave it
    with database:
        database.execute(
            "INSERT INTO _sqlite_migrations SELECT max(id) + 1, migration_set, 'm999', '' FROM _sqlite_migrations"
        )
    database.close()
    code, told = run(bin, "gantry-edge update --rollback --yes")
    assert (code, "--with-data" in told, version(bin)) == (2, True, NEWER), told
    code, told = run(bin, "gantry-edge update --rollback --with-data --yes")
    assert (code, version(bin)) == (0, __version__), told
    assert "before-restore" in told
    assert "ada" in run(bin, "gantry-edge users list")[1]


def test_what_is_not_ours_whole_and_newer_is_refused_and_nothing_has_changed(place: Path, bin: Path) -> None:
    bundle, before = bin.parent / "bad.update", (bin / "gantry-edge").stat().st_ino
    said = []
    shutil.copyfile(place / "gantry-edge.update", bundle)
    with bundle.open("r+b") as out:
        out.seek(50_000_000)
        out.write(b"\xff\x00\xff\x00")
    said.append(run(bin, f"gantry-edge update {bundle} --yes"))
    Signer().bundle(bundle, place / "new", NEWER, edition="no-model")
    said.append(run(bin, f"gantry-edge update {bundle} --yes"))
    manifest = manifest_of(place / "old", __version__, SYSTEM, "no-model")
    write(bundle, paper_of(manifest), sign(paper_of(manifest), manifest, place / "key"), place / "old")
    said.append(run(bin, f"gantry-edge update {bundle} --yes"))
    manifest = manifest_of(place / "old", NEWER, SYSTEM, "no-model")
    write(bundle, paper_of(manifest), sign(paper_of(manifest), manifest, place / "key"), place / "old")
    said.append(run(bin, f"gantry-edge update {bundle} --yes"))
    assert [code for code, _ in said] == [7] * 4, said
    for (_, told), why in zip(said, ("what was signed", "does not know", "only a newer", "instead of"), strict=True):
        assert why in told
    assert (version(bin), (bin / "gantry-edge").stat().st_ino) == (__version__, before)
    assert [path.name for path in bin.iterdir()] == ["gantry-edge"]
    assert not (bin.parent / "home" / "backups").exists()


def test_a_program_built_without_a_key_and_a_folder_edition_say_so(place: Path, tmp_path: Path) -> None:
    program, bundle = FOLDER / "gantry-edge", place / "gantry-edge.update"
    code, told = run(tmp_path, f"{program} update {bundle} --check")
    assert (code, ("does not know" if signature.read_keys() else "without an update key") in told) == (7, True)
    code, told = run(tmp_path, f"{program} update {bundle} --yes")
    assert (code, "unpack the new version" in told) == (2, True)
