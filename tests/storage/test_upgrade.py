"""Before an upgrade the data of the version before is copied."""

from pathlib import Path

from sqlite_utils import Database as Schema

from gantry_edge.storage.copy import inspect
from gantry_edge.storage.database import open_connection
from gantry_edge.storage.steps import STEPS, load
from gantry_edge.storage.upgrade import KEPT, copy_before_upgrade


def make(path: Path, *, stop_before: str | None = None) -> None:
    connection = open_connection(path)
    load().apply(Schema(connection), stop_before=stop_before)
    connection.close()


def test_what_is_about_to_change_is_copied_and_whole(tmp_path: Path) -> None:
    make(tmp_path / "gantry.db", stop_before=STEPS[-1])
    copy = copy_before_upgrade(tmp_path / "gantry.db", tmp_path / "backups")
    assert copy
    assert inspect(copy)[0] == [*STEPS[:-1]]


def test_what_stays_as_it_is_is_not_copied(tmp_path: Path) -> None:
    make(tmp_path / "gantry.db")
    assert copy_before_upgrade(tmp_path / "gantry.db", tmp_path / "backups") is None


def test_a_fresh_folder_has_nothing_to_copy(tmp_path: Path) -> None:
    assert copy_before_upgrade(tmp_path / "gantry.db", tmp_path / "backups") is None
    assert not (tmp_path / "gantry.db").exists()


def test_the_newest_copies_are_kept(tmp_path: Path) -> None:
    make(tmp_path / "gantry.db", stop_before=STEPS[-1])
    (tmp_path / "backups").mkdir()
    for number in range(5):
        (tmp_path / "backups" / f"before-m00{number}-old.db").touch()
    newest = copy_before_upgrade(tmp_path / "gantry.db", tmp_path / "backups")
    kept = list((tmp_path / "backups").iterdir())
    assert len(kept) == KEPT
    assert newest in kept
