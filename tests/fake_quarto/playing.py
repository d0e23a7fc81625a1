"""Run the extension's filters, by `play.lua`, on what the real Quarto was seen to hand over."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from quarto_cases import EXTENSION, REPOSITORY

from reviewpress.programs.tools import find_pandoc

HERE = Path(__file__).resolve().parent
_DUMP = """
function Pandoc(d)
  local nodes = pandoc.utils.stringify(d.meta["played-nodes"] or "{}")
  d.meta["played-nodes"] = nil
  io.stdout:write(nodes, "\\n", pandoc.write(d, "json"), "\\n", pandoc.write(d, "native"))
  return d
end
"""


@dataclass(frozen=True, slots=True)
class Played:
    """What the filters left: the tree, also as native text, and attributes of Quarto's nodes."""

    tree: dict[str, Any]
    native: str
    nodes: dict[str, dict[str, str]]
    warned: str


def play(handed: Path, root: Path, **environment: str) -> Played:
    """Return what the filters leave of what Quarto handed over, in a project `root`."""
    about, tree = handed.read_text().replace("{project}", root.as_posix()).splitlines()
    known = json.loads(about)
    extension = REPOSITORY / EXTENSION
    described = yaml.safe_load((extension / "_extension.yml").read_text())
    filters = described["contributes"]["formats"]["common"]["filters"]
    # Those with a place of their own run behind Quarto's, after what was recorded.
    names = [each for each in filters if isinstance(each, str)]
    run = json.loads((handed.parent / "run.json").read_text())
    profiles = [call["environment"].get("QUARTO_PROFILE", "") for call in run["calls"]]
    dump = root / "dump.lua"
    dump.write_text(_DUMP)
    folder = Path(known["quarto"]["doc"]["input_file"]).parent
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [find_pandoc(), "--from=json", f"--to={known['format']}", f"--output={os.devnull}",
         f"--lua-filter={HERE / 'play.lua'}", f"--lua-filter={dump}"],
        input=tree, capture_output=True, text=True, check=False, cwd=folder,
        env=os.environ | {
            "PLAY_ABOUT": about, "PLAY_FILTERS": "\n".join(str(extension / n) for n in names),
            "QUARTO_PROJECT_DIR": str(root), "QUARTO_PROFILE": next(iter(profiles), "report"),
            **environment,
        },
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(done.stderr)
    nodes, answer, native = done.stdout.split("\n", 2)
    return Played(json.loads(answer), native, json.loads(nodes), done.stderr)
