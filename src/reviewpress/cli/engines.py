"""Which engine renders: chosen here for every verb, and handed to what needs one.

Engines are imported when one starts: a build that finds its edition up to date needs none.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from reviewpress.engine import Engine, EngineChoice
from reviewpress.errors import ConfigError, nearest
from reviewpress.extension import find_extension
from reviewpress.tasks import HERE, Tasks

if TYPE_CHECKING:
    from reviewpress.formats.pandoc_engine import PandocEngine

ENGINES = ("auto", "quarto", "pandoc")


def choose_engine(
    name: str, *, say: Callable[[str], None] = lambda line: None, tasks: Tasks = HERE
) -> EngineChoice:
    """Return the choice of the engine of this name; `auto` takes Quarto where it is installed.

    `say` is given each line of Quarto's progress. Starting raises SetupError where the engine
    that was asked for cannot be used. Raises ConfigError for a name that no engine has.
    """
    if name not in ENGINES:
        raise ConfigError(f'there is no engine "{name}".', hint=nearest(name, ENGINES))

    def start(root: Path) -> Engine:
        if is_quarto(name):
            # Not with the module: Quarto's engine is not needed where the other one renders.
            from reviewpress.quarto.engine import QuartoEngine

            return QuartoEngine(say=say)
        return embedded_engine(root, tasks)

    return EngineChoice(name, start)


def is_quarto(name: str) -> bool:
    """Say whether the engine of a name is Quarto."""
    return name == "quarto" or (name == "auto" and shutil.which("quarto") is not None)


def embedded_engine(root: Path, tasks: Tasks = HERE) -> "PandocEngine":
    """Return the embedded engine, with the extension of the review at `root`."""
    # Not with the module: an edition that is up to date is left without loading any engine.
    from reviewpress.formats.pandoc_engine import PandocEngine

    return PandocEngine(find_extension(root), tasks)
