"""A program that knows which of its files are no longer what they were."""

import hashlib
import json
from pathlib import Path

import pytest

from gantry_edge.appliance import bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "hash" / "gantry-edge"
    (folder / "inside").mkdir(parents=True)
    files = {"program": b"x" * 1000, "inside/library.so": b"y" * 1000}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    (folder / bundle.MANIFEST).write_text(json.dumps({"version": "1", "files": hashes}))
    return folder


def test_a_whole_one_has_no_damaged_files(folder: Path) -> None:
    assert bundle.damaged_files(folder) == []


def test_a_flipped_bit_and_a_missing_file_are_named(folder: Path) -> None:
    (folder / "program").write_bytes(b"x" * 999 + b"y")
    (folder / "inside" / "library.so").unlink()
    assert bundle.damaged_files(folder) == ["inside/library.so", "program"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"version": "1"}'])
def test_without_a_manifest_that_can_be_read_nothing_is_vouched_for(folder: Path, content: str) -> None:
    (folder / bundle.MANIFEST).write_text(content)
    assert bundle.damaged_files(folder) == [bundle.MANIFEST]


def test_only_what_a_single_file_unpacked_is_unpacked_anew(folder: Path) -> None:
    assert not bundle.unpack_anew(folder)
    (folder.parent / bundle.UNPACKED).touch()
    assert bundle.unpack_anew(folder)
    assert not (folder.parent / bundle.UNPACKED).exists()
