"""The verb that looks for problems: check."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewpress.build import check_apart, one_build, wrong_places
from reviewpress.checklists import FILE, NOT_ANSWERED, load_checklists
from reviewpress.cli.engines import embedded_engine, is_quarto
from reviewpress.cli.output import print_problem, print_problems, print_report
from reviewpress.cli.project import open_review, profile_option
from reviewpress.config import Config
from reviewpress.display import choose_display, limited
from reviewpress.errors import ConfigError, Place
from reviewpress.keys import MATRIX_KEY
from reviewpress.labels import load_labels
from reviewpress.programs.availability import look_at_engines
from reviewpress.rules import RULES

if TYPE_CHECKING:
    # For its type alone, as in `cli.output`.
    from reviewpress.assemble import Book
    from reviewpress.checks import Report

_QUOTED = 300
"""What is longer is acknowledged by its place."""


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@profile_option
@click.option(
    "--matrix", metavar="[FILE]", is_flag=False, flag_value="", default=None,
    help="Check the edition of each row of a table, as `render --matrix` makes them.",
)  # fmt: skip
@click.option("--all", "show_all", is_flag=True, help="List every problem, acknowledged ones too.")
@click.option("--release", is_flag=True, help="Check the rendered files too, as before publishing.")
@click.option("--claims", is_flag=True, help="Print published numbers beside computed ones.")
@click.option("--prisma", is_flag=True, help="List what reporting checklists ask for and lack.")
@click.option("--searches", is_flag=True, help="Read the search strategies line by line.")
@click.option("--words", is_flag=True, help="Print the length and reading ease of each chapter.")
@click.option("--labels", is_flag=True, help="Print the words that the language lacks, as YAML.")
@click.option("--setup", is_flag=True, help="Say which engines can be used; check nothing else.")
def check(
    folder: Path,
    profile: str | None,
    matrix: str | None,
    show_all: bool,
    release: bool,
    claims: bool,
    prisma: bool,
    searches: bool,
    words: bool,
    labels: bool,
    setup: bool,
) -> None:
    """Look for problems in an edition without rendering it.

    Several are named as in `--profile report,summary`.
    """
    if setup:
        _tell_setup()
        return
    names = profile.split(",") if profile else [None]
    config = open_review(folder, names[0])
    if claims:
        _tell_claims(config)
        return
    if searches:
        sys.exit(_tell_strategies(config.root))
    if words:
        _tell_words(config)
        return
    if labels:
        _tell_labels(config)
        return
    configs = [config, *(open_review(folder, name) for name in names[1:])]
    if matrix is not None:
        # Not with the module: few reviews have a matrix.
        from reviewpress.cli.matrix import check_matrix

        sys.exit(check_matrix(configs, matrix))
    status, book = _check_editions(configs, show_all=show_all, release=release)
    if prisma and _tell_checklists(book):
        status = 1
    if status:
        sys.exit(status)


def _check_editions(
    configs: Sequence[Config], *, show_all: bool, release: bool
) -> tuple[int, "Book"]:
    """Print what is wrong with each edition, and which were not looked at.

    Return the status, and the first edition's book.
    """
    checked = []
    for config in configs:
        if len(configs) > 1:
            click.echo(f"{config.profile}:", err=True)
        checked.append(_check_edition(config, show_all=show_all, release=release))
    _tell_others(configs)
    if any(MATRIX_KEY in config.settings.other for config in configs):
        # Not with the module: few reviews have a matrix.
        from reviewpress.cli.matrix import tell_rows

        tell_rows(configs)
    statuses = [status for status, _ in checked]
    return 1 if 1 in statuses else max(statuses), checked[0][1]


def _tell_others(configs: Sequence[Config]) -> None:
    """Say which editions of a review nobody looked at."""
    seen = {config.profile for config in configs}
    others = [name for name in configs[0].profiles if name not in seen]
    if others:
        listed = ",".join([*(config.profile for config in configs), *others])
        click.echo(f"Not checked: {', '.join(others)} (`--profile {listed}` checks all).", err=True)


def _check_edition(config: Config, *, show_all: bool, release: bool) -> tuple[int, "Book"]:
    """Print what is wrong with an edition; return the status that it deserves, and its book."""
    # Not with the module: `--setup` answers without the pipeline.
    from reviewpress.checks.spelling import check_spelling
    from reviewpress.pipeline import prepare

    check_apart(config)
    with choose_display() as display, one_build(config, display):
        checked = prepare(config, progress=display, embedded=not is_quarto("auto"))
        book = checked.manuscript.book
        spelling = tuple(check_spelling(config, book))
        report = replace(checked.report, warnings=checked.report.warnings + spelling)
        errors = (*wrong_places(config, checked.manuscript.figures), *report.errors)
        if not errors and not is_quarto("auto"):
            errors = embedded_engine(config.root).refused(checked.manuscript)
    print_report(report, show_all=show_all)
    shown, more = (errors, []) if show_all else limited(errors)
    for problem in shown:
        print_problem(problem)
        if RULES[problem.rule].may_be_acknowledged:
            is_short = 0 < len(problem.subject) < _QUOTED
            place = problem.subject if is_short else problem.where or problem.subject
            hint = f'    If it is true and stays: rule "{problem.rule}", place "{place}"'
            click.echo(hint, err=True)
    for line in more:
        click.echo(f"{line} `reviewpress check --all` lists all.", err=True)
    unfinished = release and _tell_unfinished(report)
    status = _check_release(config.output_dir) if release else 0
    if not (errors or unfinished or status):
        click.echo(_summary(report))
    return 1 if errors or unfinished else status, book


def _tell_unfinished(report: "Report") -> bool:
    """Say that what has open notes, comments or drafts cannot be released, if so."""
    count = sum(problem.rule == "unfinished" for problem in report.warnings)
    if count:
        noun = "place is" if count == 1 else "places are"
        click.echo(
            f"error: {count} {noun} unfinished (see the warnings above): no release.", err=True
        )
    return bool(count)


def _summary(report: "Report") -> str:
    """Say in a line that no errors were found, and how many warnings were."""
    if report.warnings:
        count = len(report.warnings)
        return f"No errors, {count} {'warning' if count == 1 else 'warnings'}."
    return "No new problems." if report.acknowledged else "No problems."


def _tell_claims(config: Config) -> None:
    """Print each claim: whether it agrees, its id, the published and the computed value."""
    # Not with the module: `--setup` answers without the pipeline.
    from reviewpress.pipeline import compute_claims

    with choose_display() as display, one_build(config, display):
        claims = compute_claims(config, progress=display)
    width = max((len(claim.id) for claim in claims), default=0)
    for claim in claims:
        values = f"published {claim.published}"
        if claim.status != "not checkable":
            values += f", computed {claim.computed}"
        click.echo(f"{claim.status:<13}  {claim.id:<{width}}  {values}  ({claim.statement})")
    found = Counter(claim.status for claim in claims).most_common()
    counts = ", ".join(f"{count} {status}" for status, count in found)
    click.echo(f"{len(claims)} claims: {counts}")


def _tell_strategies(root: Path) -> int:
    """Print which strategies could be read, and what is wrong in which line; return the status."""
    # Not with the module: `--setup` answers without the data.
    from reviewpress.evidence.strategies import read_strategies
    from reviewpress.review import load

    found = tuple(read_strategies(load(root)))
    for strategy in found:
        noun = "line" if strategy.lines == 1 else "lines"
        read = f"{strategy.lines} {noun} read" if strategy.platform else _NOT_READ
        click.echo(f"{strategy.title}: {read}.")
    print_problems([problem for strategy in found for problem in strategy.problems])
    if not found:
        click.echo("No strategy is given as it was run (`published` in data/searches.yml).")
    return 1 if any(strategy.problems for strategy in found) else 0


_NOT_READ = "not read: of the platforms, PubMed, EBSCOhost and Web of Science are known"


def _tell_words(config: Config) -> None:
    """Print how long each chapter is and how easy to read, then the same of the edition."""
    # Not with the module: `--setup` answers without the pipeline.
    from reviewpress.pipeline import assemble_edition, execute_runs, plan_runs
    from reviewpress.readability import measure_blocks

    with choose_display() as display, one_build(config, display):
        runs = execute_runs(plan_runs(config, parameters={}), config, progress=display)
        pages = assemble_edition(config, runs).book.pages
    measures = {page.chapter.path: measure_blocks(page.blocks, config.lang) for page in pages}
    whole = measure_blocks([block for page in pages for block in page.blocks], config.lang)
    for name, found in {**measures, config.profile or "all": whole}.items():
        ease = "" if found.ease is None else f", reading ease {found.ease:.0f}"
        click.echo(f"{found.words:>7,} words, {found.length:4.1f} a sentence{ease}  {name}")


def _tell_labels(config: Config) -> None:
    """Print the labels that stay English, to be translated below `language:`."""
    # Not with the module: `--setup` answers without the checks.
    from reviewpress.checks.labels import untranslated

    labels = load_labels(config)
    missing = untranslated(labels)
    if not missing:
        click.echo(f"# All words are known in {labels.lang}.")
        return
    click.echo("language:")
    for name in missing:
        click.echo(f"  {name}: {json.dumps(labels[name], ensure_ascii=False)}")


def _tell_setup() -> None:
    """Print the state of each engine; exit status 2 where none can be used."""
    engines = look_at_engines()
    for engine in engines:
        click.echo(str(engine))
    if not any(engine.usable for engine in engines):
        sys.exit(2)


def _tell_checklists(book: "Book") -> bool:
    """List the items of reporting checklists without an answer; say whether any lacks a reason."""
    # Not with the module: `--setup` answers without the pipeline.
    from reviewpress.checks.checklists import unwritten_parts

    unwritten = unwritten_parts(book)
    loaded = load_checklists(book.config.root)
    found = {name: answered.without(unwritten) for name, answered in loaded.items()}
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
        if answered.checklist.compared:
            click.echo(f"  These labels are ours. Compared: {answered.checklist.compared}.")
    return any(answer.is_open for answered in found.values() for answer in answered.answers)


def _check_release(folder: Path) -> int:
    """Check the files of an edition, tell what was found and not checked; return the status."""
    # Not with the module: no other check needs a browser.
    from reviewpress.checks.release import run_release_checks

    report = run_release_checks(folder, say=lambda name: click.echo(f"Checking {name} …", err=True))
    print_problems(report.problems)
    for name in report.checked:
        click.echo(f"checked: {name}")
    for name, reason in report.not_checked:
        click.echo(f"not checked: {name}: {reason}")
    if any(problem.severity == "error" for problem in report.problems):
        return 1
    return 2 if report.not_checked else 0
