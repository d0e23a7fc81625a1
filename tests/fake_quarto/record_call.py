"""Recorder: beside a hook or the notebook filter while `scripts/record_quarto.py` records.

Writes what Quarto gives a script: its folder, its environment, and a notebook's first cells. As a
notebook filter it answers with what it was given.
"""

import json
import os
import sys
from pathlib import Path


def main() -> None:
    """Write the call beside those before it, and hand on what was given."""
    given = "" if sys.stdin.isatty() else sys.stdin.read()
    call = {
        "arguments": sys.argv[1:],
        "folder": str(Path.cwd()),
        "given": [cell["cell_type"] for cell in json.loads(given)["cells"]] if given else [],
        "environment": {k: v for k, v in os.environ.items() if k.startswith("QUARTO_")},
    }
    for key in [k for k in call["environment"] if k.startswith("QUARTO_USE_FILE")]:
        file = Path(call["environment"][key])
        call["environment"][key] = file.read_text() if file.is_file() else ""
    with (Path(os.environ["REVIEWPRESS_RECORD"]) / "calls.jsonl").open("a") as file:
        file.write(json.dumps(call) + "\n")
    sys.stdout.write(given)


if __name__ == "__main__":
    main()
