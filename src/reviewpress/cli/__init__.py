"""The command line: verbs and flags as in Quarto. The only package that prints and exits.

Nothing heavy is imported before a verb needs it: `--help` is instant.
"""

import atexit
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from reviewpress.cli.bibliography import cite, import_
from reviewpress.cli.checking import check
from reviewpress.cli.maintenance import new, tidy
from reviewpress.cli.output import print_problem
from reviewpress.cli.rendering import preview, render, run
from reviewpress.errors import Problem, ReportError, SetupError
from reviewpress.programs.environment import check_environment, ensure_utf8
from reviewpress.store.interrupts import Ended, signals_as_interrupts, take_notes, tell_interruption

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Verbs(click.Group):
    """Lists the verbs in the order of their definition, and knows the nearest one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        if command is None:
            from reviewpress.errors import nearest

            raise click.UsageError(f'no verb "{cmd_name}". {nearest(cmd_name, self.commands)}')
        return command


@click.group(cls=_Verbs, context_settings=_CONTEXT)
@click.version_option(package_name="reviewpress", message="%(version)s")
def cli() -> None:
    """Make an evidence review's report from its notebooks, data and bibliography."""
    check_environment(lambda line: click.echo(line, err=True))


for verb in (new, render, preview, run, check, import_, cite, tidy):
    cli.add_command(verb)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every expected failure becomes a message and an exit status."""
    # The trees of a book are many small objects that live on: looking for garbage among them
    # every few hundred objects takes a third of the time of reading them.
    gc.set_threshold(100_000, 50, 50)
    # Nor need anybody look for it at the end.
    atexit.register(gc.freeze)
    # A thread that waits for a program needs Python for a moment at a time, many times. While
    # another computes, it would wait for each of these moments ten times as long.
    sys.setswitchinterval(0.0005)
    if arguments is None:
        ensure_utf8()
    take_notes()
    with signals_as_interrupts(), _messages():
        given = list(arguments) if arguments is not None else None
        cli.main(args=given, prog_name="reviewpress", standalone_mode=False)


@contextmanager
def _messages() -> Iterator[None]:
    try:
        yield
    except ReportError as error:
        for problem in error.problems:
            print_problem(problem)
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


def _disk_problem(error: OSError) -> Problem:
    from reviewpress.store.files import cannot_write

    if not isinstance(error.filename, str | bytes) or error.errno is None:
        raise error
    translated: SetupError = cannot_write(Path(str(error.filename)), error)
    return translated.problems[0]
