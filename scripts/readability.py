"""Print how easy the summary is to read: the Flesch reading ease of its prose.

    python scripts/readability.py [TEXT_FILE …]

Text files named, of Markdown or of plain text, are measured in the same way, to compare. What
counts, `reviewpress.readability` says; `reviewpress check --words` measures each chapter.
"""

import json
import sys
from pathlib import Path

from reviewpress.assemble.ast import Node
from reviewpress.config import load_config
from reviewpress.display import choose_display
from reviewpress.pipeline import assemble_edition, execute_runs, plan_runs
from reviewpress.programs.tools import run_pandoc
from reviewpress.readability import measure_blocks

EDITION = "summary"


def main() -> None:
    """Measure the summary edition, and each file named on the command line."""
    print(f"{EDITION}: {measure_blocks(summary_blocks())}")
    for name in sys.argv[1:]:
        text = Path(name).read_text(encoding="utf-8")
        print(f"{Path(name).name}: {measure_blocks(read_blocks(text))}")


def summary_blocks() -> list[Node]:
    """Return the blocks of all pages of the summary, in order."""
    config = load_config(profile=EDITION)
    with choose_display() as display:
        runs = execute_runs(plan_runs(config, parameters={}), config, progress=display)
    return [block for page in assemble_edition(config, runs).book.pages for block in page.blocks]


def read_blocks(text: str) -> list[Node]:
    """Return the blocks of a text."""
    blocks: list[Node] = json.loads(run_pandoc(["--to=json"], text, folder=Path.cwd()))["blocks"]
    return blocks


if __name__ == "__main__":
    main()
