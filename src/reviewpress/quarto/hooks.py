"""What Quarto calls: before a render, for each notebook, and after a render.

Quarto tells a hook of the render in its environment (`QUARTO_PROJECT_…`, `QUARTO_PROFILE`); a hook
that ends with another status than 0 ends the render. Like the command line, these print.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from reviewpress.assemble.source import gathered_chapters
from reviewpress.build import one_build, take_place, variant
from reviewpress.checks import Report
from reviewpress.config import Config, list_profiles, load_config
from reviewpress.display import PlainDisplay, problem_texts
from reviewpress.editions import left_from_before
from reviewpress.errors import ChapterError, ConfigError, Problem, ReportError, nearest, raise_all
from reviewpress.figures.folder import lend_figures, publish_figures, restore_figures
from reviewpress.formats.objects import HTML
from reviewpress.keys import NAMES
from reviewpress.notebooks.document import cells_of, load_document, text_of
from reviewpress.notebooks.runs import CellText, Run, notebook_text, standing_run
from reviewpress.notebooks.values import fill_values, find_values
from reviewpress.pipeline import Checked, Part, figures_of, plan_notebooks, prepare
from reviewpress.programs.environment import check_environment, ensure_utf8
from reviewpress.programs.tools import quarto_command_line
from reviewpress.quarto.cleanup import (
    check_drafts,
    claim_unfinished,
    clear_typst,
    note_begun,
    note_finished,
    remove_store,
)
from reviewpress.quarto.frozen import check_freezable, check_whole
from reviewpress.quarto.html_pages import check_pages
from reviewpress.quarto.inputs import (
    HANDED_OVER,
    format_names,
    inputs_folder,
    key_of_notebook,
    run_key,
    write_inputs,
    write_run,
)
from reviewpress.quarto.postprocessing import finish_files, state_formats
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.store.files import write_cached
from reviewpress.store.interrupts import Ended, signals_as_interrupts
from reviewpress.store.journal import finish_import
from reviewpress.store.output_folder import write_list
from reviewpress.yaml import load_yaml, read_yaml

PARAMETERS = "REVIEWPRESS_PARAMETERS"
REPORT = "report.json"

Environment = Mapping[str, str]


def pre_render(
    environment: Environment = os.environ,
    command_line: Callable[[], Sequence[str]] = quarto_command_line,
) -> int:
    """Execute what changed, hand it to Quarto, and return the exit status.

    Where `reviewpress render` called Quarto, that is done already.
    """
    if environment.get(HANDED_OVER):
        return 0
    ensure_utf8()
    with _told() as status:
        config = _config(environment)
        check_drafts(config)
        check_freezable(config)
        placed = _placed(environment, config)
        claim_unfinished(placed)
        take_place(placed)
        note_begun(placed)
        words = command_line()
        parameters = _parameters(environment, words)
        only = _input_files(environment, config)
        if parameters:
            _check_place(environment, config)
        clear_typst(config.root)
        with one_build(config, PlainDisplay()):
            _say_what_else(config, words)
            if only:
                check_whole(tuple(c for c in config.chapters if c.path in only))
                _prepare_part(config, parameters, only)
            else:
                _prepare(config, parameters, goes_on="preview" in words)
    return status[0]


def post_render(environment: Environment = os.environ) -> int:
    """Look at what Quarto made, print what is wrong, and return the exit status."""
    if environment.get(HANDED_OVER):
        return 0
    ensure_utf8()
    with _told() as status:
        config = _config(environment)
        restore_figures(config)
        placed = _placed(environment, config)
        output = placed.output_dir
        made = _listed(environment, "OUTPUT")
        only = _input_files(environment, config, made)
        known, acknowledged = ([], 0) if only else _kept_report(config)
        found = remove_store(config, output)
        finish_files(config, output)
        if not only:
            state_formats(output, _as_made(placed, made).formats)
        if not made or any(name.endswith(".html") for name in made):
            found += check_pages(config, output, only)
        write_list(output, config.profile)
        note_finished(placed)
        # What the checks found was said before the render.
        said = {(problem.rule, problem.message) for problem in known}
        new = [each for each in dict.fromkeys(found) if (each.rule, each.message) not in said]
        _print_problems(new)
        for line in left_from_before(_as_made(placed, made)):
            print(line, file=sys.stderr)
        if acknowledged:
            print(f"{acknowledged} acknowledged (`reviewpress check --all` lists them)")
        if any(problem.severity == "error" for problem in [*known, *found]):
            status[0] = 1
    return status[0]


def execute_notebook(root: Path, notebook: Mapping[str, Plain]) -> int:
    """Execute the chapter in the current folder whose notebook this is, and print its run.

    This is for a notebook that changed after the pre-render script ran.
    """
    with _told() as status:
        config = _config({"QUARTO_PROJECT_DIR": str(root), **os.environ})
        path = _find_notebook(root, notebook)
        planned = plan_notebooks(config, [path], _parameters(os.environ, ()))
        run = planned.execute(progress=PlainDisplay().chapter)[Path(path)]
        write_run(config, path, run.notebook)
        if not (root / "figures").is_dir() or run.fresh:
            lend_figures(config, figures_of({path: run}))
        sys.stdout.write(notebook_text(run.notebook))
    return status[0]


def _prepare(config: Config, parameters: Mapping[str, Plain], *, goes_on: bool) -> None:
    """Hand the whole edition over, and say what its checks found.

    Errors end the render before it begins, but a preview goes on and shows the pages as they are.
    """
    checked = prepare(config, parameters=parameters, progress=PlainDisplay(), embedded=False)
    manuscript, report = checked.manuscript, checked.report
    write_inputs(manuscript, variant=variant(config, parameters).title if parameters else "")
    if parameters:
        lend_figures(config, manuscript.figures)
    else:
        publish_figures(config, manuscript.figures)
    _keep_report(config, report)
    _say_what_ran(config, checked)
    _print_problems(report.warnings)
    if goes_on:
        _print_problems(report.errors)
    else:
        raise_all(report.errors)


def _prepare_part(config: Config, parameters: Mapping[str, Plain], only: Sequence[str]) -> None:
    """Execute some chapters only; the others stand as they were handed over before."""
    wanted = (*only, *(chapter.path for chapter in gathered_chapters(config)))
    part = Part(wanted, lambda path: _as_handed(config, path))
    checked = prepare(config, parameters=parameters, part=part, progress=PlainDisplay())
    manuscript = checked.manuscript
    title = variant(config, parameters).title if parameters else ""
    write_inputs(manuscript, variant=title, whole=False)
    lend_figures(config, manuscript.figures)
    _say_what_ran(config, checked)


def _as_handed(config: Config, path: str) -> Run:
    """Return a chapter as its last run has it, without values where there is none."""
    file = inputs_folder(config) / "runs" / f"{run_key(config, path)}.ipynb"
    handed = json.loads(file.read_bytes()) if file.is_file() else None
    notebook = handed or load_document(config.root / path, path)
    cells = []
    for number, cell in enumerate(cells_of(notebook), start=1):
        kind, text = as_text(cell["cell_type"]), text_of(cell)
        if kind == "markdown":
            cells.append(CellText(number, kind, fill_values(text, ["…"] * len(find_values(text)))))
        elif handed is not None:
            data = [as_mapping(as_mapping(out)["data"]) for out in as_list(cell.get("outputs"))]
            shown = ["".join(map(as_text, as_list(each["text/markdown"]))) for each in data]
            cells.append(CellText(number, kind, "\n\n".join(shown)))
    return standing_run(path, cells, handed or {})


def _find_notebook(root: Path, notebook: Mapping[str, Plain]) -> str:
    here = Path.cwd()
    folder = here.relative_to(root).as_posix()
    key = key_of_notebook(notebook, folder)
    for file in sorted(here.glob("*.ipynb")):
        try:
            source = json.loads(file.read_bytes())
        except ValueError:
            continue
        if key_of_notebook(source, folder) == key:
            return file.relative_to(root).as_posix()
    raise ChapterError(
        f"the notebook that Quarto gave is none of those in {folder}/.",
        hint="It may have been saved meanwhile: render again.",
    )


def _config(environment: Environment) -> Config:
    """Read the review as Quarto's profile sees it; an unknown profile is an error here."""
    root = Path(environment.get("QUARTO_PROJECT_DIR") or Path.cwd()).resolve()
    names = [name for name in environment.get("QUARTO_PROFILE", "").split(",") if name]
    known = list_profiles(root)
    for name in names:
        if name not in known:
            raise ConfigError(f'there is no profile "{name}".', hint=nearest(name, known))
    finish_import(root)
    return load_config(root, names[0] if names else None)


def _input_files(
    environment: Environment, config: Config, made: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the chapters of a render of only some of them; none for a whole render.

    Quarto names its inputs before a render, and its outputs (`made`) after. Neither where
    `quarto preview` begins: all chapters then.
    """
    if environment.get("QUARTO_PROJECT_RENDER_ALL") == "1":
        return ()
    if made:
        chapters = [c.path for c in config.chapters if any(n.endswith(c.page) for n in made)]
    else:
        paths = {(config.root / name).resolve() for name in _listed(environment, "INPUT")}
        chapters = [c.path for c in config.chapters if (config.root / c.path).resolve() in paths]
    return () if len(chapters) == len(config.chapters) else tuple(chapters)


def _listed(environment: Environment, kind: str) -> list[str]:
    """Return the files that Quarto lists: in the environment, or in a file that it names."""
    listed = environment.get(f"QUARTO_PROJECT_{kind}_FILES")
    path = environment.get(f"QUARTO_USE_FILE_FOR_PROJECT_{kind}_FILES")
    if listed is None and path and Path(path).is_file():
        listed = Path(path).read_text(encoding="utf-8")
    return [name.strip() for name in (listed or "").splitlines() if name.strip()]


def _parameters(environment: Environment, command: Sequence[str]) -> dict[str, Plain]:
    """Return the parameters of this render: Quarto's `--execute-params` and `-P`, and ours.

    Quarto tells its hooks nothing of the two, so they are read off its command line.
    """
    found: dict[str, Plain] = json.loads(environment.get(PARAMETERS) or "{}")
    words = list(command)
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if not equals:
            value = words[at + 1] if at + 1 < len(words) else ""
        if name == "--execute-params":
            found |= read_yaml(Path(value).resolve(), Path.cwd(), NAMES).data
        elif name in ("-P", "--execute-param"):
            key, _, text = value.partition(":")
            found[key.strip()] = load_yaml(text)
    return found


def _check_place(environment: Environment, config: Config) -> None:
    """Refuse a variant that would be written over the official edition."""
    given = environment.get("QUARTO_PROJECT_OUTPUT_DIR") or config.output_dir
    if (config.root / given).resolve() == config.output_dir.resolve():
        raise ConfigError(
            "a render with parameters would be written over the official edition.",
            hint="Add `--output-dir _output/…`, or use `reviewpress render --engine quarto -P …`.",
        )


def _placed(environment: Environment, config: Config) -> Config:
    """Return the review as it is written where Quarto writes it: `--output-dir` may say so."""
    given = environment.get("QUARTO_PROJECT_OUTPUT_DIR") or config.output_dir
    return config.with_output(config.root / given)


def _as_made(config: Config, made: Sequence[str]) -> Config:
    """Return the review restricted to the formats of the files that Quarto has just made."""
    endings = {Path(name).suffix for name in made}
    wanted = [each.name for each in config.made if not made or f".{each.ending}" in endings]
    return config.with_formats(wanted)


def _say_what_ran(config: Config, checked: Checked) -> None:
    unchanged = len(checked.runs) - len(checked.executed)
    names = ", ".join(checked.executed) or "nothing"
    print(f"reviewpress: {config.profile}: executed {names}; {unchanged} unchanged", flush=True)


def _say_what_else(config: Config, words: Sequence[str]) -> None:
    """Say how to make one page alone: Quarto makes the PDF and the Word file anew besides.

    It calls the hook as for a whole render then: that a chapter was named shows on its command
    line alone.
    """
    named = [c.path for c in config.chapters if any(word.endswith(c.path) for word in words)]
    besides = [each.words for each in config.made if each.is_one_file]
    chosen = any(word in ("-t", "--to") or word.startswith("--to=") for word in words)
    if not besides or chosen or not named or "render" not in words:
        return
    pages = format_names(config.metadata.get("format"), (HTML.name,))
    how = f"`quarto render {named[0]} --to {pages[0]}` makes the page alone." if pages else ""
    print(f"Quarto makes {' and '.join(besides)} as well. {how}".rstrip(), file=sys.stderr)


def _keep_report(config: Config, report: Report) -> None:
    kept = {
        "problems": [asdict(problem) for problem in [*report.errors, *report.warnings]],
        "acknowledged": len(report.acknowledged),
    }
    write_cached(inputs_folder(config) / REPORT, json.dumps(kept).encode())


def _kept_report(config: Config) -> tuple[list[Problem], int]:
    """Return the problems that checks found, and the number of acknowledged ones."""
    kept = json.loads((inputs_folder(config) / REPORT).read_bytes())
    return [Problem.of(item) for item in kept["problems"]], kept["acknowledged"]


@contextmanager
def _told() -> Iterator[list[int]]:
    """Print what an author can mend, and leave the exit status in the list that is given."""
    status = [0]
    try:
        with signals_as_interrupts():
            check_environment(lambda line: print(line, file=sys.stderr))
            yield status
    except ReportError as error:
        _print_problems(error.problems)
        status[0] = error.exit_status
    except KeyboardInterrupt as error:
        print("Interrupted.", file=sys.stderr)
        status[0] = error.status if isinstance(error, Ended) else 130


def _print_problems(problems: Iterable[Problem]) -> None:
    for text in problem_texts(problems):
        print(text, file=sys.stderr)
