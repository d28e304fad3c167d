"""A forged, damaged, older or foreign update is refused and changes nothing; a good one takes the place of the old."""

import os
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from sign import manifest_of, paper_of, write
from updates import SYSTEM, Signer, tiny

from gantry_edge.appliance import signature, update
from gantry_edge.appliance.signature import Key
from gantry_edge.errors import BadRequest, BadUpdate, Conflict, DiskFull

OLD, NEW = "1.2.9", "1.2.10"
OURS = Signer()


@dataclass
class Place:
    """A folder with a program, its data, and an update for it."""

    folder: Path
    program: Path
    bundle: Path

    def take(self, *keys: Key, bundle: Path | None = None) -> None:
        with (
            update.open_bundle(bundle or self.bundle, keys or [OURS.key]) as found,
            update.alone(self.program, last(self.program)),
        ):
            update.judge(found.manifest, OLD, SYSTEM, "")
            with update.staged(found, self.program, self.folder / "home") as new:
                update.swap(self.program, new)

    def version(self) -> str:
        return update.version_of(self.program, self.folder)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.program.parent.iterdir())


def last(program: Path) -> str:
    return program.read_bytes()[-update.DIGEST :].hex()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "bin").mkdir()
    new = tiny(tmp_path / "new", NEW)
    return Place(tmp_path, tiny(tmp_path / "bin" / "gantry-edge", OLD), OURS.bundle(tmp_path / "u.update", new, NEW))


def refused(place: Place, *keys: Key, bundle: Path | None = None) -> str:
    """Why; and nothing has changed."""
    before = place.program.stat().st_ino
    with pytest.raises((BadRequest, DiskFull)) as caught:
        place.take(*keys, bundle=bundle)
    assert place.names() == ["gantry-edge"]
    assert place.program.stat().st_ino == before
    return caught.value.detail


def test_a_newer_version_takes_the_place_of_the_old_one_which_is_kept(place: Place) -> None:
    place.program.chmod(0o750)
    place.take()
    assert place.version() == NEW
    assert place.names() == ["gantry-edge", "gantry-edge.previous"]
    assert update.version_of(update.find_previous(place.program), place.folder) == OLD
    assert place.program.stat().st_mode & 0o777 == 0o750


def test_the_way_back_leads_to_the_version_before_once(place: Place) -> None:
    place.take()
    update.roll_back(place.program)
    assert place.version() == OLD
    assert place.names() == ["gantry-edge"]
    with pytest.raises(Conflict, match="no version to go back to"):
        update.roll_back(place.program)


def test_where_a_file_has_one_name_only_the_old_one_is_copied(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)  # as on exFAT
    place.take()
    assert update.version_of(update.find_previous(place.program), place.folder) == OLD


def test_no_flipped_bit_goes_unseen(place: Place) -> None:
    whole = place.bundle.read_bytes()
    free = whole.index(b"untrusted comment"), whole.index(b"\n", whole.index(b"untrusted comment"))  # signed by nobody
    for at in (*range(0, len(whole), 29), len(whole) - 1):
        if not free[0] <= at <= free[1]:
            place.bundle.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
            with pytest.raises(BadUpdate), update.open_bundle(place.bundle, [OURS.key]) as found:
                update.look_through(found)


def test_a_flipped_bit_in_the_program_changes_nothing(place: Place) -> None:
    whole = bytearray(place.bundle.read_bytes())
    whole[whole.index(b"xxxx")] ^= 1
    place.bundle.write_bytes(whole)
    assert "not what was signed" in refused(place)


def test_a_key_that_is_not_pinned_signs_nothing(place: Place) -> None:
    assert "does not know" in refused(place, Signer().key)


def test_a_key_that_only_has_the_name_of_ours_signs_nothing(place: Place) -> None:
    Signer(id=OURS.id).bundle(place.bundle, place.folder / "new", NEW)
    assert "not right" in refused(place)


def test_a_comment_that_was_not_signed_is_refused(place: Place) -> None:
    whole = place.bundle.read_bytes()
    place.bundle.write_bytes(whole.replace(b"trusted comment: gantry-edge", b"trusted comment: gantry-edgy"))
    assert "not right" in refused(place)


def test_of_several_keys_each_one_will_do(place: Place) -> None:
    place.take(Signer().key, OURS.key)
    assert place.version() == NEW


def test_a_build_without_a_key_takes_nothing(place: Place) -> None:
    with pytest.raises(BadUpdate, match="built without an update key"), update.open_bundle(place.bundle, []):
        pass


@pytest.mark.parametrize("version", [OLD, "1.2.8", "1.1.99", "0.9.0", "1.3", "2", "1.2.10-rc1", "", "9.9.9.9"])
def test_only_a_newer_version_is_taken(place: Place, version: str) -> None:
    OURS.bundle(place.bundle, place.folder / "new", version)
    assert "only a newer one" in refused(place)


def test_one_for_another_system_or_edition_is_not_taken(place: Place) -> None:
    OURS.bundle(place.bundle, place.folder / "new", NEW, "linux-aarch64")
    assert "linux-aarch64" in refused(place)
    OURS.bundle(place.bundle, place.folder / "new", NEW, edition="no-model")
    assert "without the small model" in refused(place)


def test_the_manifest_of_another_bundle_does_not_fit(place: Place) -> None:
    other = manifest_of(tiny(place.folder / "other", "1.3.10"), "1.3.10", SYSTEM, "")
    OURS.bundle_of(place.bundle, other, tiny(place.folder / "same-size", NEW))
    assert "not what was signed" in refused(place)
    mine = paper_of(manifest_of(place.folder / "new", NEW, SYSTEM, ""))
    write(place.bundle, paper_of(other), OURS.sign(mine), place.folder / "new")
    assert "not right" in refused(place)


def test_a_program_that_is_another_version_than_was_signed_is_not_taken(place: Place) -> None:
    OURS.bundle(place.bundle, tiny(place.folder / "lying", "1.2.3"), NEW)
    assert "'1.2.3' instead of version 1.2.10" in refused(place)


def test_a_program_that_does_not_start_here_is_not_taken(place: Place) -> None:
    broken = place.folder / "broken"
    broken.write_text("#!/bin/sh\necho no such library >&2\nexit 127\n")
    OURS.bundle(place.bundle, broken, NEW)
    assert "does not start here: no such library" in refused(place)


@pytest.mark.parametrize("kept", [0, 100, 600, 2000, -1])
def test_one_that_was_cut_short_is_refused(place: Place, kept: int) -> None:
    whole = place.bundle.read_bytes()
    place.bundle.write_bytes(whole[:kept])
    refused(place)


def test_one_with_something_behind_it_is_refused(place: Place) -> None:
    with place.bundle.open("ab") as out:
        out.write(b"x")
    assert "bytes instead of" in refused(place)


def tampered(change: Callable[[list[tarfile.TarInfo]], object]) -> Callable[[Place], None]:
    """The three entries of a good bundle, with their headers changed, as a tar again."""

    def make(place: Place) -> None:
        with tarfile.open(place.bundle) as archive:
            infos = archive.getmembers()
            contents = {id(info): archive.extractfile(info).read() for info in infos}  # type: ignore[union-attr]
        change(infos)
        out = BytesIO()
        for info in infos:
            content = contents[id(info)]
            out.write(info.tobuf(tarfile.USTAR_FORMAT) + content.ljust(update.padded(len(content)), b"\0"))
        place.bundle.write_bytes(out.getvalue() + update.END)

    return make


def named(at: int, name: str) -> Callable[[list[tarfile.TarInfo]], object]:
    return lambda infos: setattr(infos[at], "name", name)


def linked(kind: bytes) -> Callable[[list[tarfile.TarInfo]], object]:
    def change(infos: list[tarfile.TarInfo]) -> None:
        infos[2].type, infos[2].linkname = kind, "/etc/passwd"

    return change


@pytest.mark.parametrize(
    "make",
    [
        tampered(named(2, "../gantry-edge")),
        tampered(named(2, "/usr/bin/gantry-edge")),
        tampered(named(0, "../manifest.json")),
        tampered(linked(tarfile.SYMTYPE)),
        tampered(linked(tarfile.LNKTYPE)),
        tampered(lambda infos: infos.insert(2, infos[2])),
        tampered(lambda infos: infos.insert(1, infos[0])),
        tampered(lambda infos: infos.reverse()),
        tampered(lambda infos: setattr(infos[2], "mode", 0o4755)),
    ],
    ids=[
        "upwards",
        "absolute",
        "manifest",
        "symlink",
        "hard-link",
        "program-twice",
        "manifest-twice",
        "order",
        "setuid",
    ],
)
def test_no_entry_may_be_other_than_expected(place: Place, make: Callable[[Place], None]) -> None:
    make(place)
    refused(place)


@pytest.mark.parametrize("size", [0, -1, 1, 10**15, 2**63])
def test_a_size_that_is_not_true_is_refused_before_anything_is_written(place: Place, size: int) -> None:
    new = place.folder / "new"
    OURS.bundle_of(place.bundle, msgspec.structs.replace(manifest_of(new, NEW, SYSTEM, ""), bytes=size), new)
    refused(place)


@pytest.mark.parametrize("paper", [b"{}", b"[]", b"{", b'{"format": 2}'])
def test_a_manifest_of_another_form_is_refused(place: Place, paper: bytes) -> None:
    write(place.bundle, paper, OURS.sign(paper), place.folder / "new")
    assert "form" in refused(place)


def test_without_room_nothing_is_written(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=40))
    assert "It needs 50 MB" in refused(place)


def test_what_is_no_bundle_at_all_is_refused(place: Place) -> None:
    assert "cannot be read" in refused(place, bundle=place.folder / "nowhere")
    for name in ("new", "bin/gantry-edge"):
        assert "form of an update" in refused(place, bundle=place.folder / name)


def test_two_updates_at_once_do_not_meet(place: Place) -> None:
    with update.alone(place.program, last(place.program)), pytest.raises(Conflict, match="Another update is at work"):
        place.take()


def test_one_that_waited_behind_another_does_not_do_it_again(place: Place) -> None:
    mine = last(place.program)
    tiny(place.folder / "newer", "1.2.10").replace(place.program)
    place.program.write_bytes(place.program.read_bytes() + os.urandom(update.DIGEST))
    with pytest.raises(Conflict, match="just ended"), update.alone(place.program, mine):
        pass


def test_what_an_update_left_that_was_cut_short_goes_with_the_next(place: Place) -> None:
    update.staging(place.program).mkdir()
    (update.staging(place.program) / "gantry-edge").write_text("half")
    place.take()
    assert place.names() == ["gantry-edge", "gantry-edge.previous"]


def test_the_keys_of_a_build_are_those_in_its_folder(tmp_path: Path) -> None:
    first, second = Signer(), Signer()
    (tmp_path / "2026.pub").write_text(first.public)
    (tmp_path / "2027.pub").write_text(second.public)
    (tmp_path / "README.md").write_text("no key")
    assert signature.read_keys(tmp_path) == [first.key, second.key]


@pytest.mark.parametrize("text", ["", "untrusted comment: x\nnonsense", "untrusted comment: x\nRWQ="])
def test_a_key_that_cannot_be_read_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.pub").write_text(text)
    with pytest.raises(BadUpdate, match="cannot be read"):
        signature.read_keys(tmp_path)
