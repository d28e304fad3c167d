"""Files by their content: whole or not there, once for everybody, within their limit."""

import hashlib
import stat
from pathlib import Path

import pytest

from gantry_edge.errors import TooLarge
from gantry_edge.storage.files import Files


def receive(files: Files, content: bytes, most: int = 1000) -> str:
    incoming = files.receive(most)
    for at in range(0, len(content), 7):
        incoming.write(content[at : at + 7])
    return incoming.keep()


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_lies_under_its_digest(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    digest = receive(files, b"some content")
    assert digest == hashlib.sha256(b"some content").hexdigest()
    assert files.path(digest) == tmp_path / "files" / digest[:2] / digest
    assert files.path(digest).read_bytes() == b"some content"


def test_the_same_content_is_the_same_file(tmp_path: Path) -> None:
    files = Files(tmp_path)
    assert receive(files, b"twice") == receive(files, b"twice")
    assert len(everything(tmp_path)) == 1


def test_a_file_beyond_its_limit_leaves_nothing(tmp_path: Path) -> None:
    files = Files(tmp_path)
    incoming = files.receive(10)
    incoming.write(b"0123456789")
    with pytest.raises(TooLarge):
        incoming.write(b"x")
    incoming.discard()
    assert everything(tmp_path) == []


def test_nobody_else_on_the_machine_can_read_it(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    path = files.path(receive(files, b"mine"))
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


def test_an_upload_that_a_crash_cut_off_is_gone_at_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "0190a5b1.part").write_bytes(b"half")
    Files(tmp_path)
    assert everything(tmp_path) == []


def test_what_no_row_refers_to_is_swept(tmp_path: Path) -> None:
    files = Files(tmp_path)
    wanted, lost = receive(files, b"wanted"), receive(files, b"lost")
    assert files.sweep({wanted}) == 1
    assert not files.path(lost).exists()
    assert files.path(wanted).exists()


def test_discarding_what_was_kept_changes_nothing(tmp_path: Path) -> None:
    files = Files(tmp_path)
    incoming = files.receive(10)
    incoming.write(b"kept")
    digest = incoming.keep()
    incoming.discard()
    assert files.path(digest).read_bytes() == b"kept"


def test_deleting_twice_is_no_error(tmp_path: Path) -> None:
    files = Files(tmp_path)
    digest = receive(files, b"gone")
    files.delete(digest)
    files.delete(digest)
    assert not files.path(digest).exists()
