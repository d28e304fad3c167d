"""An update or the way back, killed before each thing it does to the disk: the old program or the new is in place."""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from updates import SYSTEM, Signer, tiny

from gantry_edge.appliance import update
from gantry_edge.errors import Conflict

pytestmark = pytest.mark.slow
OLD, NEW = "1.0.0", "1.1.0"
TOUCHES = ("open", "os.", "shutil.", "subprocess.", "fcntl.")  # names of audit events
OURS = Signer()


def is_killed(number: int, work: Callable[[], object]) -> bool:
    """Do the work in a process of its own, killed before the event of this number; False where it ended first."""
    child = os.fork()
    if child == 0:
        left = number

        def watch(event: str, _: object) -> None:
            nonlocal left
            if event.startswith(TOUCHES) and (left := left - 1) < 0:
                signal.raise_signal(signal.SIGKILL)

        sys.addaudithook(watch)
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def take(program: Path) -> None:
    with (
        update.open_bundle(program.parent.parent / "u.update", [OURS.key]) as bundle,
        update.alone(program, program.read_bytes()[-update.DIGEST :].hex()),
    ):
        update.judge(bundle.manifest, OLD, SYSTEM, "")
        with update.staged(bundle, program, program.parent) as new:
            update.swap(program, new)


def version_of(program: Path) -> str:
    return update.version_of(program, program.parent)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    OURS.bundle(tmp_path / "u.update", tiny(tmp_path / "new", NEW), NEW)
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin" / "gantry-edge"


def settle(program: Path) -> None:
    """What a person would do next, whatever a kill has left: it ends with the new one, and the old one beside."""
    if version_of(program) == OLD:
        take(program)
    assert version_of(program) == NEW
    assert version_of(update.find_previous(program)) == OLD


def test_an_update_killed_anywhere_leaves_the_old_or_the_new(program: Path) -> None:
    take(tiny(program, OLD))  # everything is imported
    seen = []
    for number in count():
        tiny(program, OLD)
        update.previous(program).unlink(missing_ok=True)
        shutil.rmtree(update.staging(program), ignore_errors=True)
        killed = is_killed(number, lambda: take(program))
        seen.append(version_of(program))
        if seen[-1] == OLD:
            with pytest.raises(Conflict):  # nothing to go back to, as nothing has come
                update.find_previous(program)
        settle(program)
        if not killed:
            break
    assert (seen[0], seen[-1]) == (OLD, NEW)
    assert seen == sorted(seen)
    assert len(seen) > 15
    assert sorted(path.name for path in program.parent.iterdir()) == ["gantry-edge", "gantry-edge.previous"]


def test_the_way_back_killed_anywhere_leaves_the_old_or_the_new(program: Path) -> None:
    seen = []
    for number in count():
        tiny(program, NEW)
        tiny(update.previous(program), OLD)
        killed = is_killed(number, lambda: update.roll_back(program))
        seen.append(version_of(program))
        settle(program)
        if not killed:
            break
    assert (seen[0], seen[-1]) == (NEW, OLD)
