"""Recorder: stands where hooks and notebook filter stand while `scripts/record_quarto.py` records.

Writes what Quarto gives a script (folder, environment, standard input) and what the script does of
it (status, answer), and does that: the script itself is in `scripts/original/`. What Quarto made of
a PDF and a Word file is kept before the last hook finishes it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve()
TAKEN = Path(os.environ.get("REVIEWPRESS_RECORD", "."))


def main() -> int:
    """Do what is asked of the script, and write the call beside those before it."""
    is_filter = HERE.stem == "executed"
    given = sys.stdin.buffer.read() if is_filter else b""
    call = {
        "script": HERE.name, "arguments": sys.argv[1:], "folder": str(Path.cwd()),
        "given": given_as(given) if is_filter else "",
        "environment": {k: v for k, v in os.environ.items() if k.startswith("QUARTO_")},
    }  # fmt: skip
    for key in [k for k in call["environment"] if k.startswith("QUARTO_USE_FILE")]:
        file = Path(call["environment"][key])
        call["environment"][key] = file.read_text() if file.is_file() else ""
    if HERE.stem == "post_render":
        keep_files(call["environment"])
    if not is_filter:
        print(f"<<{HERE.stem}", flush=True)
    command = [sys.executable, str(HERE.parent / "original" / HERE.name), *sys.argv[1:]]
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE if is_filter else None)
    call["status"] = done.returncode
    if is_filter:
        name = call["given"].get("file", "unknown")
        (TAKEN / f"{Path(name).stem}.notebook.answered.json").write_bytes(done.stdout)
        sys.stdout.buffer.write(done.stdout)
    else:
        print(f">>{HERE.stem}", flush=True)
    with (TAKEN / "calls.jsonl").open("a") as file:
        file.write(json.dumps(call) + "\n")
    return done.returncode


def given_as(given: bytes) -> dict:
    """Say which file the notebook is, or what it is where it is none as it stands."""
    for path in sorted(Path.cwd().glob("*.ipynb")):
        if path.read_bytes() == given:
            return {"file": path.name, "as": "its bytes"}
    for path in sorted(Path.cwd().glob("*.ipynb")):
        if json.loads(path.read_bytes()) == json.loads(given):
            return {"file": path.name, "as": "its JSON"}
    return {"notebook": json.loads(given)}


def keep_files(environment: dict) -> None:
    """Copy the PDFs and Word files that Quarto says it has made."""
    listed = environment.get("QUARTO_PROJECT_OUTPUT_FILES", "")
    for name in listed.splitlines():
        if name.endswith((".pdf", ".docx")) and Path(name).is_file():
            shutil.copy(name, TAKEN / f"made{Path(name).suffix}")


if __name__ == "__main__":
    raise SystemExit(main())
