"""The command line: verbs and flags as in Quarto. The only module that prints and exits.

Nothing heavy is imported before a verb needs it: `--help` is instant.
"""

import atexit
import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reviewpress.environment import check_environment, ensure_utf8
from reviewpress.errors import ConfigError, Place, Problem, ReportError, SetupError
from reviewpress.interrupts import Ended, signals_as_interrupts, take_notes, tell_interruption
from reviewpress.rules import RULES

if TYPE_CHECKING:
    from reviewpress.imports import Withdrawal

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


def _profile_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--profile", metavar="NAME", help="Edition to make: the profile of _quarto-NAME.yml."
    )(command)


def _parameter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option(
        "--execute-params", metavar="FILE", type=click.Path(path_type=Path),
        help="YAML file of parameters for the chapters.",
    )(command)  # fmt: skip
    return click.option(
        "-P", "--execute-param", "pairs", metavar="KEY:VALUE", multiple=True,
        help="Parameter for the chapters that declare it; makes a variant.",
    )(command)  # fmt: skip


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", metavar="TEXT", help="Title of the review; the folder's name unless said.")
@click.option("--author", "authors", metavar="NAME", multiple=True, help="An author; repeatable.")
@click.option("--sections", metavar="NAMES", help='Research themes, as in "Access, Outcomes".')
@click.option(
    "--from", "papers", metavar="FILE", type=click.Path(path_type=Path),
    help="Your own table of papers (CSV) in place of the made-up ones.",
)  # fmt: skip
def new(
    folder: Path, title: str | None, authors: tuple[str, ...], sections: str | None,
    papers: Path | None,
) -> None:  # fmt: skip
    """Start a review in a new FOLDER: small, complete, and ready to render."""
    from reviewpress.new import make_review

    names = [name.strip() for name in sections.split(",")] if sections is not None else []
    made = make_review(folder, title=title, authors=authors, sections=names, papers=papers)
    place = f"'{folder}'" if " " in str(folder) else folder
    if made == Path.cwd():
        click.echo('The folder holds a small review. Next: "reviewpress render".')
        return
    click.echo(f'{_short(made)} holds a small review. "cd {place}", then "reviewpress render".')


@cli.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@_profile_option
@click.option("--to", "formats", metavar="FORMAT", help="Formats to make: html, typst, docx.")
@click.option(
    "--engine", default="auto", metavar="NAME",
    help="auto, quarto, or pandoc (embedded).  [default: auto]",
)  # fmt: skip
@_parameter_options
@click.option("--jobs", type=click.IntRange(min=1), help="Chapters to execute at a time.")
@click.option("--take-over", is_flag=True, help="Replace what is in the way, whatever made it.")
def render(
    folder: Path,
    profile: str | None,
    formats: str | None,
    engine: str,
    pairs: tuple[str, ...],
    execute_params: Path | None,
    jobs: int | None,
    take_over: bool,
) -> None:
    """Make an edition: execute, assemble, check and render."""
    from reviewpress.build import Built, build_editions
    from reviewpress.display import choose_display

    parameters = _parameters(pairs, execute_params)
    configs = [_open_review(folder, name) for name in (profile.split(",") if profile else [None])]
    if formats:
        configs = [config.with_formats(formats.split(",")) for config in configs]
    made: list[Built] = []
    try:
        with choose_display() as display:
            for edition in build_editions(
                configs,
                engine=engine,
                parameters=parameters,
                jobs=jobs,
                take_over=take_over,
                progress=display,
            ):
                made.append(edition)  # kept one by one: an error may follow
    finally:
        # Told when the table of chapters is gone, and whatever became of the editions after them.
        for built in made:
            if built.report is not None:
                _tell_report(built.report)
            state = "is up to date" if built.fresh else "written"
            click.echo(f"{_short(built.config.output_dir)} {state}")
            for line in built.notes:
                click.echo(f"    {line}", err=True)


@cli.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@_profile_option
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def preview(folder: Path, profile: str | None, port: int | None, no_browser: bool) -> None:
    """Show an edition in the browser, and rebuild it whenever a source changes."""
    import webbrowser

    from reviewpress.config import find_root
    from reviewpress.preview import run_preview

    _finish_import(find_root(folder))
    show = None if no_browser else lambda address: bool(webbrowser.open(address))
    run_preview(folder, profile, port=port, show=show, say=lambda line: click.echo(line, err=True))


@cli.command()
@click.argument("chapters", nargs=-1, type=click.Path(path_type=Path))
@_profile_option
@_parameter_options
@click.option("--jobs", type=click.IntRange(min=1), help="Chapters to execute at a time.")
def run(
    chapters: tuple[Path, ...],
    profile: str | None,
    pairs: tuple[str, ...],
    execute_params: Path | None,
    jobs: int | None,
) -> None:
    """Execute chapters and keep their runs; without CHAPTERS, all of the edition."""
    from reviewpress.build import execute, one_build
    from reviewpress.display import choose_display

    config = _open_review(chapters[0].parent if chapters else None, profile)
    only = [_chapter_path(config, path) for path in chapters]
    with choose_display() as display, one_build(config, display):
        runs = execute(
            config, parameters=_parameters(pairs, execute_params), jobs=jobs,
            progress=display, only=only,
        )  # fmt: skip
    for path, result in runs.items():
        state = "executed" if result.fresh else "unchanged"
        click.echo(f"{path}: {state}, run {result.identity[:12]}")
        for problem in result.warnings:
            _tell(problem)


@cli.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@_profile_option
@click.option("--all", "show_all", is_flag=True, help="List acknowledged problems too.")
@click.option("--release", is_flag=True, help="Check the rendered files too, as before publishing.")
@click.option("--claims", is_flag=True, help="Print published numbers beside computed ones.")
@click.option("--prisma", is_flag=True, help="List what reporting checklists ask for and lack.")
@click.option("--setup", is_flag=True, help="Say which engines can be used; check nothing else.")
def check(
    folder: Path,
    profile: str | None,
    show_all: bool,
    release: bool,
    claims: bool,
    prisma: bool,
    setup: bool,
) -> None:
    """Look for problems in an edition without rendering it."""
    if setup:
        _tell_setup()
        return
    if claims:
        _tell_claims(folder)
        return
    from reviewpress.build import check as check_edition
    from reviewpress.build import execute, is_main, load_evidence, make_manuscript, one_build
    from reviewpress.display import choose_display

    config = _open_review(folder, profile)
    with choose_display() as display, one_build(config, display):
        evidence = load_evidence(config)
        runs = execute(config, parameters={}, jobs=None, progress=display)
        manuscript = make_manuscript(config, runs)
        report = check_edition(config, manuscript, runs, evidence, main=is_main(config))
    _tell_report(report, show_all=show_all)
    for problem in report.errors:
        _tell(problem)
        if RULES[problem.rule].may_be_acknowledged:
            place = problem.subject or problem.where
            hint = f'    If it is true and stays: rule "{problem.rule}", place "{place}"'
            click.echo(hint, err=True)
    unanswered = prisma and _tell_checklists(config.root)
    status = _check_release(config.output_dir) if release else 0
    if report.errors or unanswered or status:
        sys.exit(1 if report.errors or unanswered else status)
    click.echo("No problems." if not report.acknowledged else "No new problems.")


def _tell_claims(folder: Path) -> None:
    """Print each claim: whether it agrees, its id, the published and the computed value."""
    from reviewpress.config import find_root
    from reviewpress.evidence import load

    review = load(find_root(folder))
    if not review.has("claims"):
        raise ConfigError("the review has no table of claims.", Place("data/schema.yml"))
    frame = review.claims
    width = max((len(str(name)) for name in frame.index), default=0)
    for name, row in frame.iterrows():
        values = f"published {row['published']}"
        if row["status"] != "not checkable":
            values += f", computed {row['computed']}"
        click.echo(f"{row['status']:<13}  {name!s:<{width}}  {values}  ({row['statement']})")
    counts = ", ".join(
        f"{count} {status}" for status, count in frame["status"].value_counts().items()
    )
    click.echo(f"{len(frame)} claims: {counts}")


def _tell_setup() -> None:
    """Print the state of each engine; exit status 2 where none can be used."""
    from reviewpress.engines.setup import look_at_engines

    engines = look_at_engines()
    for engine in engines:
        click.echo(str(engine))
    if not any(engine.usable for engine in engines):
        sys.exit(2)


def _tell_checklists(root: Path) -> bool:
    """List the items of reporting checklists without an answer; say whether any lacks a reason."""
    from reviewpress.checklists import FILE, NOT_ANSWERED, load_checklists

    found = load_checklists(root)
    if not found:
        message = "the review answers no reporting checklist."
        raise ConfigError(message, Place(FILE), "Add the file.")
    for answered in found.values():
        unanswered = answered.with_state(NOT_ANSWERED)
        total = len(answered.answers)
        click.echo(f"{answered.checklist.title}: {len(unanswered)} of {total} not answered")
        for answer in unanswered:
            reason = answer.note or "no answer and no reason"
            click.echo(f"  {answer.item.item}  {answer.item.label}: {reason}")
    return any(answer.is_open for answered in found.values() for answer in answered.answers)


def _check_release(folder: Path) -> int:
    """Check the files of an edition, tell what was found and not checked; return the status."""
    from reviewpress.checks.release import run_release_checks

    report = run_release_checks(folder, say=lambda name: click.echo(f"Checking {name} …", err=True))
    for problem in report.problems:
        _tell(problem)
    for name in report.checked:
        click.echo(f"checked: {name}")
    for name, reason in report.not_checked:
        click.echo(f"not checked: {name}: {reason}")
    if any(problem.severity == "error" for problem in report.problems):
        return 1
    return 2 if report.not_checked else 0


@cli.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option(
    "--replace", is_flag=True, help="Put FILES in the place of the exports of their names."
)
@click.option(
    "--withdraw",
    metavar="NAME",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Take an export back; repeatable, and with FILES in its place.",
)
@click.option("--all", "show_all", is_flag=True, help="List records that are already there, too.")
@click.option(
    "--encoding", default="", metavar="NAME", help="Encoding of files that are not UTF-8."
)
def import_(
    files: tuple[Path, ...], dry_run: bool, replace: bool, withdraw: tuple[Path, ...],
    show_all: bool, encoding: str,
) -> None:  # fmt: skip
    """Add the records of search exports to the bibliography, or take an export back.

    Ends with status 1 where records were rejected.
    """
    from reviewpress.imports import import_records

    if not files and not withdraw:
        raise click.UsageError("Name the files to import, or an export to --withdraw.")
    config = _open_review(None, check_chapters=False)
    report = import_records(config, files, dry_run, encoding, replace=replace, withdraw=withdraw)
    for withdrawal in report.withdrawals:
        _say_withdrawn(withdrawal)
    kinds = ("added", "merged", "already there", "unsure", "rejected")
    for kind in kinds:  # what somebody has to look at stands last, above the sums
        if kind != "already there" or show_all:
            for outcome in report.of_kind(kind):
                click.echo(f"{kind}: {outcome}")
    for remark in report.remarks:
        click.echo(f"note: {remark}.".replace("..", "."))
    told = ", ".join(f"{len(report.of_kind(kind))} {kind}" for kind in kinds)
    click.echo(f"{told}." + (" Nothing was written." if dry_run else ""))
    if report.rejected:
        sys.exit(1)


def _say_withdrawn(withdrawal: "Withdrawal") -> None:
    """Print what became of an export that was taken back."""
    click.echo(f"withdrawn: {withdrawal}")
    for key in withdrawal.removed:
        click.echo(f"removed: @{key}")
    for key, reason in withdrawal.kept:
        click.echo(f"kept: @{key}, for {reason}")
    for decision in withdrawal.decisions:
        click.echo(f"set aside in data/withdrawn.csv: {decision}")


@cli.command()
@click.argument("text", nargs=-1)
def cite(text: tuple[str, ...]) -> None:
    """Find citekeys and codes by author, title, year or code; without TEXT, list all."""
    from reviewpress.cite import find_citable

    config = _open_review(None, check_chapters=False)
    search = find_citable(config, " ".join(text))
    for citable in search.found:
        click.echo(str(citable))
    if not search.found:
        nearest = "".join(f"\n  {citable}" for citable in search.near)
        click.echo("Nothing found." + (f" Did you mean:{nearest}" if nearest else ""), err=True)
        sys.exit(1)


@cli.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--store", is_flag=True, help="Say what .reviewpress takes and empty it, no more.")
@click.option("--dry-run", is_flag=True, help="With --store: say it, and remove nothing.")
def tidy(files: tuple[Path, ...], store: bool, dry_run: bool) -> None:
    """Take outputs out of notebooks; without FILES, of all chapters, and tidy the tables too."""
    from reviewpress.config import find_root
    from reviewpress.tidy import tidy as tidy_files

    if store and not files:
        _tidy_store(dry_run=dry_run)
        return
    if store or dry_run:
        raise click.UsageError("--store takes no files, and --dry-run is for --store.")
    _finish_import(find_root(files[0].parent if files else Path.cwd()))
    changed = tidy_files(files)
    for name in changed:
        click.echo(f"{name} tidied")
    if not changed:
        click.echo("Nothing to tidy.")


def _tidy_store(*, dry_run: bool) -> None:
    """Print what each part of the review's store takes, and remove what can be made again."""
    from reviewpress.config import find_root
    from reviewpress.storage import empty_store, measure_store

    store = find_root(Path.cwd()) / ".reviewpress"
    sizes = measure_store(store)
    for name, size in sizes.items():
        click.echo(f"{size / 2**20:8.1f} MB  {name}")
    total = f"{sum(sizes.values()) / 2**20:.1f} MB"
    if dry_run:
        click.echo(f"{total} in {_short(store)}")
        return
    empty_store(store)
    click.echo(f"{total} removed from {_short(store)}; the next build makes all anew.")


def _open_review(
    folder: Path | None, profile: str | None = None, *, check_chapters: bool = True
) -> Any:
    """Read the review; finish first what an import that was killed had begun to write."""
    from reviewpress.config import load_config

    config = load_config(folder, profile, check_chapters=check_chapters)
    _finish_import(config.root)
    return config


def _finish_import(root: Path) -> None:
    from reviewpress.journal import finish_import

    finished = finish_import(root)
    if finished:
        names = " and ".join(finished)
        click.echo(f"An import that was interrupted is now complete: {names}.", err=True)
        take_notes()


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
            _tell(problem)
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
        _tell(_disk_problem(error))
        sys.exit(2)


def _disk_problem(error: OSError) -> Problem:
    from reviewpress.files import cannot_write

    if not isinstance(error.filename, str | bytes) or error.errno is None:
        raise error
    translated: SetupError = cannot_write(Path(str(error.filename)), error)
    return translated.problems[0]


def _tell(problem: Problem) -> None:
    from reviewpress.display import describe

    click.echo(describe(problem), err=True)


def _tell_report(report: Any, *, show_all: bool = False) -> None:
    for problem in report.warnings:
        _tell(problem)
    if report.acknowledged and show_all:
        for problem, reason in report.acknowledged:
            where = f"{problem.where}: " if problem.where else ""
            click.echo(f"acknowledged: {where}{problem.message}\n    {reason.strip()}", err=True)
    elif report.acknowledged:
        count = len(report.acknowledged)
        noun = "problem" if count == 1 else "problems"
        click.echo(f"{count} acknowledged {noun} (`reviewpress check --all` lists them)", err=True)


def _parameters(pairs: Sequence[str], file: Path | None) -> dict[str, Any]:
    """Read parameters as Quarto does: a YAML file first, then each KEY:VALUE over it."""
    from reviewpress.keys import NAMES
    from reviewpress.yaml import load_yaml, read_yaml

    found: dict[str, Any] = {}
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


def _chapter_path(config: Any, path: Path) -> str:
    if not path.exists():
        raise ConfigError("the chapter does not exist.", Place(str(path)))
    resolved = path.resolve()
    if not resolved.is_relative_to(config.root):
        raise ConfigError("the chapter lies outside the review.", Place(str(path)))
    return str(config.chapter(resolved.relative_to(config.root).as_posix()).path)


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


if __name__ == "__main__":
    main()
