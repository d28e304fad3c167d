"""The single file: unpacked once, never half, and found out when it is no longer whole."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from program import COMMAND

pytestmark = pytest.mark.slow
WHOLE = Path(COMMAND[0])  # with the model
SMALL = WHOLE.with_name(f"{WHOLE.name}-no-model")  # another version, as the launcher sees it, and quicker to unpack
KILLS = 20
STARTS = 20
TRAILER = 64  # bytes at the end: magic, offset, size, SHA-256
NAMESPACE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "cache"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)  # pytest would keep gigabytes


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """A copy that a test may damage."""
    copy = tmp_path / "gantry-edge"
    shutil.copy(SMALL, copy)
    yield copy
    copy.unlink()


def start(file: Path, cache: Path, *words: str) -> "subprocess.Popen[str]":
    command = [str(file), *(words or ("--version",))]
    environ = {"XDG_CACHE_HOME": str(cache), "HOME": str(cache)}
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(file: Path, cache: Path, *words: str) -> tuple[int | None, str]:
    process = start(file, cache, *words)
    out, err = process.communicate(timeout=120)
    return process.returncode, out + err


def in_namespace(script: str) -> str:
    """What a shell prints that may mount things nobody else sees."""
    words = [*NAMESPACE, "sh", "-ec", script]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr


def versions(cache: Path) -> set[str]:
    return {path.name for path in (cache / "gantry-edge").glob("*")}


def hash_in(file: Path) -> str:
    return file.read_bytes()[-32:].hex()


def inode(cache: Path, file: Path) -> int:
    return (cache / "gantry-edge" / hash_in(file) / "gantry-edge" / "gantry-edge").stat().st_ino


def test_a_kill_at_any_moment_of_unpacking_leaves_nothing_that_is_trusted(cache: Path) -> None:
    began = time.monotonic()
    assert run(SMALL, cache)[0] == 0
    took = time.monotonic() - began
    shutil.rmtree(cache / "gantry-edge")
    killed = 0
    for number in range(KILLS):
        process = start(SMALL, cache)
        time.sleep(took * (number + 0.5) / KILLS)
        killed += process.poll() is None
        process.kill()
        process.communicate()
        if hash_in(SMALL) in versions(cache):  # the rename was done: all of it is there
            assert "as it was built" in run(SMALL, cache, "version", "--check")[1]
            shutil.rmtree(cache / "gantry-edge")
    assert killed >= KILLS / 2
    code, told = run(SMALL, cache, "version", "--check")
    assert (code, "as it was built" in told) == (0, True), told
    assert versions(cache) == {hash_in(SMALL)}


def test_of_twenty_first_starts_one_unpacks(cache: Path) -> None:
    started = [start(SMALL, cache) for _ in range(STARTS)]
    until, seen = time.monotonic() + 100, set()
    while any(process.poll() is None for process in started) and time.monotonic() < until:
        seen |= {name for name in versions(cache) if name.startswith(".new-")}
        time.sleep(0.01)
    told = {process.communicate() for process in started}
    assert {process.returncode for process in started} == {0}
    assert len(told) == 1
    assert len(seen) == 1


def test_a_flipped_byte_is_found_and_unpacked_anew(cache: Path) -> None:
    run(SMALL, cache)
    before = inode(cache, SMALL)
    [library] = (cache / "gantry-edge").rglob("libpython3*.so*")
    times = library.stat()
    with library.open("r+b") as out:
        out.seek(1_000_000)
        out.write(bytes([out.read(1)[0] ^ 1]))
    os.utime(library, ns=(times.st_atime_ns, times.st_mtime_ns))  # whoever flips it may set this time back
    assert run(SMALL, cache, "version", "--check")[0] == 0
    assert inode(cache, SMALL) != before
    assert inode(cache, SMALL) == (run(SMALL, cache), inode(cache, SMALL))[1]


def test_decay_that_no_time_tells_is_named_by_the_check_and_unpacked_anew(cache: Path) -> None:
    run(SMALL, cache)
    [library] = (cache / "gantry-edge").rglob("libpdfium.so")
    files = cache / "gantry-edge" / hash_in(SMALL) / "files"
    with library.open("r+b") as out:
        out.seek(1000)
        out.write(b"decay")
    found = library.stat()
    times = " ".join(f"{ns // 10**9}.{ns % 10**9:09}" for ns in (found.st_mtime_ns, found.st_ctime_ns))
    name = library.relative_to(files.parent).as_posix()
    line = f"{found.st_size} {times} {name}"
    files.write_text(re.sub(rf"^.* {re.escape(name)}$", line, files.read_text(), flags=re.MULTILINE))
    code, told = run(SMALL, cache, "version", "--check")
    assert code == 7
    assert "libpdfium.so" in told
    assert run(SMALL, cache, "version", "--check")[0] == 0


def test_two_versions_run_side_by_side_and_one_nobody_runs_goes(cache: Path, tmp_path: Path) -> None:
    server = start(SMALL, cache, "serve", "--data-dir", str(tmp_path / "home"), "--port", "0", "--no-browser")
    assert server.stdout
    while "Address" not in server.stdout.readline():
        assert server.poll() is None
    assert run(WHOLE, cache)[0] == 0
    assert versions(cache) == {hash_in(SMALL), hash_in(WHOLE)}
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0
    server.communicate()
    (cache / "gantry-edge" / hash_in(WHOLE) / "files").unlink()
    assert run(WHOLE, cache)[0] == 0
    assert versions(cache) == {hash_in(WHOLE)}


@pytest.mark.parametrize("place", ["beginning", "middle", "end"])
def test_a_damaged_download_is_refused(place: str, file: Path, cache: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as out:
        out.seek({"beginning": 300_000, "middle": size // 2, "end": size - TRAILER + 3}[place])
        out.write(bytes([out.read(1)[0] ^ 1]) if place == "end" else os.urandom(8))
    code, told = run(file, cache)
    assert code == 7
    assert "Download it again" in told
    assert versions(cache) == set()


def test_a_download_that_was_cut_short_is_refused(file: Path, cache: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)
    code, told = run(file, cache)
    assert (code, "Download it again" in told) == (7, True)


def test_a_temporary_folder_that_runs_nothing_is_no_obstacle() -> None:
    told = in_namespace(f"""
        mount -t tmpfs tmpfs /home && cp {SMALL} /home/gantry-edge
        mount --bind /tmp /tmp && mount -o remount,bind,noexec /tmp
        env -i HOME=/home /home/gantry-edge --version
        env -i HOME=/home XDG_CACHE_HOME=/tmp /home/gantry-edge --version
        ls -A /home/.cache/gantry-edge | wc -l""")
    assert re.fullmatch(r"(gantry-edge, version \S+\n){2}1\n", told)


def test_in_a_home_that_cannot_be_written_the_data_folder_takes_it(file: Path, tmp_path: Path) -> None:
    home = "mount -t tmpfs -o ro tmpfs /home; mount -t tmpfs -o ro tmpfs /root"
    shown = in_namespace(f"{home}; env -i {file} config show --data-dir {tmp_path}/given")
    assert f"{tmp_path}/given" in shown
    (tmp_path / "gantry-data").mkdir()
    shown = in_namespace(f"{home}; env -i HOME=/home {file} config show")
    assert f"{tmp_path}/gantry-data" in shown
    for folder in ("given", "gantry-data"):
        assert [len(path.name) for path in (tmp_path / folder / "unpacked").iterdir()] == [64]
        shutil.rmtree(tmp_path / folder)


def test_without_any_place_it_says_what_to_do(file: Path) -> None:
    home = "mount -t tmpfs -o ro tmpfs /home; mount -t tmpfs -o ro tmpfs /root"
    told = in_namespace(f"{home}; env -i HOME=/home {file} --version || echo code $?")
    assert "GANTRY_UNPACK_DIR" in told
    assert "/home/.cache/gantry-edge: Read-only file system" in told
    assert "code 3\n" in told
