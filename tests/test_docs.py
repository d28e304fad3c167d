import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "docs"))

from generate import FOLDER, PAGES  # noqa: E402

from gantry_edge import errors  # noqa: E402


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text() == PAGES[name](), "run `make docs`"


def test_flows_name_files_that_exist() -> None:
    named = re.findall(r"`((?:src|web|tests)/[\w/.-]+)`", (ROOT / "docs" / "flows.md").read_text())
    assert len(named) > 5
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_error_is_drawn_in_the_family_tree() -> None:
    tree = errors.__doc__ or ""
    family = [cls for cls in vars(errors).values() if isinstance(cls, type) and cls is not errors.GantryError]
    drawn = {
        cls: re.search(rf"─ {cls.__name__} +(\d+|-) +{cls.code}\b", tree)
        for cls in family
        if issubclass(cls, errors.GantryError)
    }
    assert [cls.__name__ for cls, found in drawn.items() if not found] == []


def test_nothing_speaks_of_the_work_itself() -> None:
    tracked = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.py")]
    assert [p.name for p in tracked if re.search(r"issue #?\d|TODO|FIXME", p.read_text())] == []
