"""Parameters for chapters, as the command line gives them."""

from collections.abc import Sequence
from pathlib import Path

import click

from reviewpress.errors import ReportError
from reviewpress.keys import NAMES
from reviewpress.shapes import Plain
from reviewpress.yaml import load_yaml, read_yaml

execute_params_option = click.option(
    "--execute-params", metavar="FILE", type=click.Path(path_type=Path),
    help="YAML file of parameters for the chapters.",
)  # fmt: skip
execute_param_option = click.option(
    "-P", "--execute-param", "pairs", metavar="KEY:VALUE", multiple=True,
    help="Parameter for the chapters that declare it; makes a variant.",
)  # fmt: skip


def read_parameters(pairs: Sequence[str], file: Path | None) -> dict[str, Plain]:
    """Read parameters as Quarto does: a YAML file first, then each KEY:VALUE over it."""
    found: dict[str, Plain] = {}
    if file is not None:
        found |= read_yaml(file.resolve(), Path.cwd(), NAMES).data
    for pair in pairs:
        key, colon, value = pair.partition(":")
        if not colon or not key.strip():
            raise click.UsageError(f'-P takes KEY:VALUE, as in -P regions:Scotland, not "{pair}".')
        try:
            found[key.strip()] = load_yaml(value)
        except ReportError:
            found[key.strip()] = value
    return found
