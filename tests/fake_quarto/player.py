"""Player: stands where `quarto` stands in tests, and answers as the real one was seen to.

It knows the runs of one case that `scripts/record_quarto.py` recorded. A command is answered if it
was recorded for the project as it stands (its files have the recorded digest): hooks and notebook
filter are called as Quarto called them, what Quarto printed is printed, what it made is written. It
refuses everything else, with status 70: a command or project that nobody saw, a hook that ends or a
notebook filter that answers, otherwise than then, since nobody knows what Quarto would have done.

    PLAY_CASE     folder of the case's recordings
    PLAY_LOG      file that gets one JSON line for each call
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "scripts"))

from quarto_cases import plain_command, state_of  # noqa: E402

REFUSED = 70
NEVER = "reviewpress tests: nobody saw Quarto "


def main(arguments: list[str]) -> int:
    """Answer one call as it was recorded."""
    log(arguments)
    runs = [
        (file.parent, json.loads(file.read_text()))
        for file in Path(os.environ["PLAY_CASE"]).glob("*/run.json")
    ]
    if arguments == ["--version"]:
        print(runs[0][1]["quarto"])
        return 0
    root = Path.cwd()
    command, state = plain_command(arguments), state_of(root)
    ours = {key: os.environ[key] for key in os.environ if key.startswith("REVIEWPRESS_")}
    for folder, run in runs:
        known = (run["command"], run["state"], run["environment"])
        if known == (command, state, {k: v for k, v in ours.items() if k in KNOWN}):
            staging = next((word for word in arguments if ".staging-" in word), "")
            return play(folder, read_run(folder, root, staging), root)
    return refuse(f"answer `quarto {' '.join(command)}` in this project as it stands.")


KNOWN = ("REVIEWPRESS_HANDED_OVER", "REVIEWPRESS_PARAMETERS")


def read_run(folder: Path, root: Path, staging: str = "") -> dict[str, Any]:
    """Return what is known of a run, with the project's folder and that of the engine filled in."""
    text = (folder / "run.json").read_text().replace("{project}", root.as_posix())
    run: dict[str, Any] = json.loads(text.replace("{staging}", staging))
    return run


def play(folder: Path, run: Mapping[str, Any], root: Path) -> int:
    """Call what Quarto called, in its order; print what it printed; write what it made."""
    if "answer" in run:
        print(json.dumps(run["answer"]))
        return int(run["status"])
    lines = iter(run["printed"])
    for call in run["calls"]:
        if call["script"] == "post_render.py":
            say(lines)
            write(folder, run, root)
        else:
            say(lines, until=call["script"])
        status, answer = called(call, root)
        if status != call["status"]:
            return refuse(f"go on after {call['script']} ended with {status}.")
        if call["given"] and cells(answer) != cells(recorded_answer(folder, call)):
            return refuse(f"take this answer of the notebook filter: {call['given']['file']}.")
    say(lines)
    if not any(call["script"] == "post_render.py" for call in run["calls"]):
        write(folder, run, root)
    return int(run["status"])


def say(lines: Iterator[str], until: str = "") -> None:
    """Print Quarto's lines, up to that which says that a script is run."""
    for line in lines:
        print(line, file=sys.stderr, flush=True)
        if until and until in line:
            return
        if until == "executed.py" and line.startswith("["):
            return


def called(call: Mapping[str, Any], root: Path) -> tuple[int, bytes]:
    """Call a hook, or the notebook filter with the notebook as it stands."""
    given = call["given"]
    text = (Path(call["folder"]) / given["file"]).read_bytes() if given else b""
    done = subprocess.run(
        [sys.executable, str(root / "scripts" / call["script"])], cwd=call["folder"], input=text,
        stdout=subprocess.PIPE if given else None, check=False,
        env={**os.environ, **call["environment"]},
    )  # fmt: skip
    return done.returncode, done.stdout or b""


def recorded_answer(folder: Path, call: Mapping[str, Any]) -> bytes:
    """Return what the notebook filter answered when Quarto was seen."""
    return (folder / f"{Path(call['given']['file']).stem}.notebook.answered.json").read_bytes()


def cells(answer: bytes) -> list[Any]:
    """Return what Quarto reads of an answer: not the cells' ids and counts."""
    if not answer:
        return []
    keys = ("cell_type", "source", "metadata", "outputs")
    return [[cell.get(key) for key in keys] for cell in json.loads(answer)["cells"]]


def write(folder: Path, run: Mapping[str, Any], root: Path) -> None:
    """Write what Quarto made into the folder where it wrote, and what it published besides."""
    for name in run["published"] if run["made"] else ():
        address = recorded_address(run, name)
        if (root / address).is_file():
            goal = output_folder(run, root) / address
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / address, goal)
    for address, name in run["made"].items():
        goal = output_folder(run, root) / address
        goal.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".html"):
            goal.write_text(page(folder / name, run["looks"][address]["navigation"], address))
        else:
            shutil.copy(folder / name, goal)


def output_folder(run: Mapping[str, Any], root: Path) -> Path:
    """Return where Quarto wrote."""
    for call in run["calls"]:
        if "QUARTO_PROJECT_OUTPUT_DIR" in call["environment"]:
            return root / str(call["environment"]["QUARTO_PROJECT_OUTPUT_DIR"])
    return root / os.path.commonpath([Path(name).parent for name in run["published"]])


def recorded_address(run: Mapping[str, Any], name: str) -> str:
    """Return the address of a published file within the folder where Quarto wrote."""
    folder = os.path.commonpath([Path(each).parent for each in run["published"]])
    return Path(name).relative_to(folder).as_posix()


def page(made: Path, navigation: list[list[str]], address: str) -> str:
    """Return a page: the recorded main part, and links that say what Quarto's navigation says."""
    up = "../" * address.count("/")
    links = "".join(
        f'<li><a href="{up}{escape(goal)}">{escape(words)}</a></li>' for goal, words in navigation
    )
    return f"""<!doctype html>
<html lang="en-GB"><head><title>Recorded</title></head><body>
<nav class="sidebar-navigation"><ul>{links}</ul></nav>
{made.read_text()}</body></html>
"""


def refuse(words: str) -> int:
    """End a call that nothing is known of."""
    print(f"ERROR: {NEVER}{words} Record it: scripts/record_quarto.py.", file=sys.stderr)
    return REFUSED


def log(arguments: list[str]) -> None:
    """Note a call."""
    if "PLAY_LOG" in os.environ:
        handed = os.environ.get("REVIEWPRESS_HANDED_OVER")
        with open(os.environ["PLAY_LOG"], "a") as file:
            file.write(json.dumps({"argv": arguments, "cwd": os.getcwd(), "handed": handed}) + "\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
