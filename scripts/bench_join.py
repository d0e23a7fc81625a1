"""Put executed notebooks and Markdown files one after the other into one notebook."""

import json
import sys
from pathlib import Path


def join(goal: Path, sources: list[Path]) -> None:
    """Write the cells of all sources, in order, as one notebook."""
    cells = []
    for source in sources:
        text = source.read_text(encoding="utf-8")
        if source.suffix == ".ipynb":
            cells += json.loads(text)["cells"]
        else:
            cells.append({"cell_type": "markdown", "metadata": {}, "source": text})
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    goal.write_text(json.dumps(document), encoding="utf-8")


if __name__ == "__main__":
    join(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
