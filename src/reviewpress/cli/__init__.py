"""The command line: verbs and flags as in Quarto. The only package that prints and exits.

Each verb has a module, which is imported when the verb is called: `--help` is instant.
"""

import errno
import gc
import shutil
import sys
import warnings

from reviewpress.cli.shadowing import tell_shadow

# isort: split
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import gettempdir

import click

from reviewpress.cli.output import print_problem, print_problems
from reviewpress.errors import Problem, ReportError, nearest
from reviewpress.programs.environment import check_environment, ensure_streams, ensure_utf8
from reviewpress.store.files import cannot_write
from reviewpress.store.interrupts import Ended, signals_as_interrupts, take_notes, tell_interruption

_COLLECT_AFTER = 100_000
"""Objects after which Python looks for circles to free.

A book's trees are hundreds of thousands of lists and dicts in no circle. Looking through them after
every 700, as Python does, takes a quarter of a build.
"""
_UNNAMED = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a write into an open file says, which does not name it: a disk full, a file too large."""
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


VERBS = {
    "new": "Start a review in a new FOLDER: small, complete, and ready to render.",
    "adopt": "Make a review of a Quarto or R Markdown project, beside it; PATH is left as it is.",
    "render": "Make an edition: execute, assemble, check and render.",
    "preview": "Show an edition in the browser, and rebuild it whenever a source changes.",
    "run": "Execute chapters and keep their runs; without CHAPTERS, all of the edition.",
    "check": "Look for problems in an edition without rendering it.",
    "import": "Add the records of search exports, or decisions on records; or take an export back.",
    "include": "Add what screening included to the table of papers, each with the next code.",
    "publish": "Keep the rendered editions as VERSION, and put the site of all versions together.",
    "pack": "Make one archive of a published VERSION: editions, data, bibliography, provenance.",
    "diff": "Say what changed since BEFORE: numbers, statements, papers, figures, text.",
    "cite": "Find citekeys and codes by author, title, year or code; without TEXT, list all.",
    "explain": "Say where a number comes from, or what depends on a cell or a paper.",
    "rename": "Give the chapter OLD the name NEW, and mend every reference to it.",
    "tidy": "Take outputs out of notebooks; without FILES, of all chapters, and tidy the tables"
    " too.",
}
"""Each verb, with the first sentence of what its command says of it."""

_MODULES = {"import": "bibliography"}
"""The module of a verb that is not called as the verb is, which Python would not have."""


class _Verbs(click.Group):
    """Lists the verbs in this order, knows the nearest one, and imports what is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            raise click.UsageError(f'no verb "{cmd_name}". {nearest(cmd_name, VERBS)}')
        if cmd_name not in self.commands:
            module = import_module(f"{__name__}.{_MODULES.get(cmd_name, cmd_name)}")
            found = (each for each in vars(module).values() if isinstance(each, click.Command))
            self.add_command(next(each for each in found if each.name == cmd_name))
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs without importing any."""
        width = formatter.width - 6 - max(map(len, VERBS))
        listed = [click.Command(name, help=said) for name, said in VERBS.items()]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(str(each.name), each.get_short_help_str(width)) for each in listed]
            )


@click.group(cls=_Verbs, context_settings=_CONTEXT)
@click.version_option(package_name="reviewpress", message="%(version)s")
def cli() -> None:
    """Make an evidence review's report from its notebooks, data and bibliography."""
    check_environment(lambda line: click.echo(line, err=True))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every expected failure becomes a message and an exit status."""
    if arguments is None:
        ensure_streams()
        ensure_utf8()
        # Python warns of code that is read here without being executed; its cell warns by itself.
        warnings.filterwarnings("ignore", category=SyntaxWarning, module=r"<unknown>")
        gc.set_threshold(_COLLECT_AFTER, 20, 100)
    take_notes()
    with signals_as_interrupts(), _messages():
        given = list(arguments) if arguments is not None else None
        cli.main(args=given, prog_name="reviewpress", standalone_mode=False)


@contextmanager
def _messages() -> Iterator[None]:
    try:
        yield
    except ReportError as error:
        print_problems(error.problems)
        sys.exit(error.exit_status)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort) as error:
        with suppress(OSError):  # the terminal may be gone
            click.echo(tell_interruption(), err=True)
        ended = error.__cause__ if isinstance(error, click.Abort) else error
        sys.exit(ended.status if isinstance(ended, Ended) else 130)
    except OSError as error:
        print_problem(_disk_problem(error))
        sys.exit(2)
    except Exception as error:
        if not tell_shadow(error):
            raise
        sys.exit(2)


def _disk_problem(error: OSError) -> Problem:
    if error.filename is None and error.errno in _UNNAMED:
        message = f"a file cannot be written: {error.strerror}."
        hint = f"Look at the review's disk, and at that of temporary files, {gettempdir()}."
        return Problem("setup", message, None, hint)
    if isinstance(error, shutil.Error) and "[Errno " in str(error):  # a folder's copy: many in one
        return cannot_write(Path(error.args[0][0][1]), error).problems[0]
    if not isinstance(error.filename, str | bytes) or error.errno is None:
        raise error
    return cannot_write(Path(str(error.filename)), error).problems[0]
