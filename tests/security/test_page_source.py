"""The page makes elements, never markup: what a model wrote cannot become a script where nothing reads it as one."""

import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "web" / "src"
SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc"
    r"|set(?:HTML|HTMLUnsafe)\(|parseHTMLUnsafe|\beval\(|new Function\b|setTimeout\([\"'`]|allow-same-origin"
)


def test_nothing_in_the_source_of_the_page_reads_text_as_markup_or_as_a_script() -> None:
    files = [path for path in SOURCE.rglob("*.ts*") if ".test." not in path.name]
    assert len(files) > 100
    found = [f"{path.relative_to(SOURCE)}: {match[0]}" for path in files for match in SINKS.finditer(path.read_text())]
    assert found == []
