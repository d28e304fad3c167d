"""What the machine offers: cores, memory, disk, file system, open files."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import msgspec

NETWORK = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs")
MEMORY = ("tmpfs", "ramfs")


class Machine(msgspec.Struct):
    """Sizes in bytes; 0 where this system does not say."""

    cores: int
    memory: int
    open_files: int
    disk: int
    free: int
    file_system: str
    temp: Path
    temp_free: int
    temp_noexec: bool


def look_at_machine(home: Path) -> Machine:
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    disk, temp = shutil.disk_usage(place), Path(tempfile.gettempdir())
    file_system, _ = mount_of(place)
    return Machine(
        cores=os.cpu_count() or 0,
        memory=_memory(),
        open_files=_open_files(),
        disk=disk.total,
        free=disk.free,
        file_system=file_system,
        temp=temp,
        temp_free=shutil.disk_usage(temp).free,
        temp_noexec="noexec" in mount_of(temp)[1],
    )


def mount_of(path: Path) -> tuple[str, str]:
    """Type and options of the file system a folder is on; Linux tells."""
    path, best = path.resolve(), ("", "", "")
    try:
        lines = Path("/proc/mounts").read_text(errors="replace").splitlines()
    except OSError:
        return "", ""
    for line in lines:
        _, place, kind, options, *_ = line.split()
        if path.is_relative_to(place.replace("\\040", " ")) and len(place) >= len(best[0]):
            best = (place, kind, options)
    return best[1], best[2]


def resident(pid: int) -> int:
    """Bytes of memory a process holds; 0 where this system does not say."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def handles(pid: int, file: Path) -> int:
    """How often a process has a file open; 0 where this system does not say."""
    try:
        return sum(os.path.realpath(entry) == str(file.resolve()) for entry in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0


def _memory() -> int:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return 0
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _open_files() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]
