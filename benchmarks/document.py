"""Where do the results go? Into docs/benchmarks.md, each between its two markers.

python -m benchmarks.document NAME=FILE…   puts the text of each file between <!-- NAME --> and <!-- end of NAME -->
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def with_results(document: str, name: str, results: str) -> str:
    """The document with other results between the markers of a name. Raises ValueError where it has none."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, found, rest = document.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"the document has no markers '{begin.strip()}' and '{end}'")
    return f"{before}{begin}\n{results.strip()}\n\n{end}{after}"


def main(words: Sequence[str]) -> None:
    """Put the results of each NAME=FILE into the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    for word in words:
        name, _, file = word.partition("=")
        text = with_results(text, name, Path(file).read_text(encoding="utf-8"))
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
