"""Bringing a backup back: unpacked beside the data folder, looked through, then swapped in. The old folder is kept."""

import shutil
import time
from pathlib import Path

from gantry_edge.admin import archive, backup
from gantry_edge.admin.archive import Manifest
from gantry_edge.errors import DatabaseUnsafe
from gantry_edge.storage.files import sync_file, sync_folder
from gantry_edge.storage.migrations import newer_steps

READY = ".ready"
UNPACKED = "unpacked"  # the program itself, where the single file found no other place
KEPT = (UNPACKED, "models", "backups", "tls", archive.SECRETS)  # mostly in no backup, and good before and after
LOCKS = {"lock", backup.LOCK}


def stage(path: Path, home: Path, passphrase: str | None = None) -> Manifest:
    """Unpack and check; nothing of the data folder is touched."""
    folder = _staged(home)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        manifest = backup.verify(path, folder, passphrase)
        if newer := newer_steps(manifest.steps):
            raise DatabaseUnsafe(
                f"The backup was made by version {manifest.version} (step {newer[-1]}), which is newer than this "
                "one; restore it with that version"
            )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    (folder / READY).touch()
    sync_file(folder / READY)
    sync_folder(folder)
    return manifest


def swap(home: Path) -> Path | None:
    """Two renames; a crash between them is made good by `finish`. Returns where the old folder is."""
    old = None
    if home.exists():
        if {path.name for path in home.iterdir()} <= LOCKS:
            shutil.rmtree(home)
        else:
            old = home.with_name(f"{home.name}.before-restore-{time.strftime('%Y-%m-%d-%H%M%S')}")
            home.rename(old)
    finish(home)
    for name in KEPT:
        if old and (old / name).exists() and not (home / name).exists():
            (old / name).rename(home / name)
    return old


def finish(home: Path) -> bool:
    """Put a restored folder into its place where the program ended before it could."""
    if not is_missing(home) or not (_staged(home) / READY).exists():
        return False
    if home.exists():
        for path in home.iterdir():
            path.rename(_staged(home) / path.name)
        home.rmdir()
    _staged(home).rename(home)
    sync_folder(home.parent)
    (home / READY).unlink()
    return True


def is_missing(home: Path) -> bool:
    """Also where there is nothing in it but the program, which was unpacked before anything was asked."""
    return not home.exists() or {path.name for path in home.iterdir()} <= {UNPACKED}


def _staged(home: Path) -> Path:
    return home.with_name(f"{home.name}.restored")
