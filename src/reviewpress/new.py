"""A new review: a small, complete one, copied into a new folder and filled in.

template/        a review of six made-up papers, with <<places>> that are filled in
template/language/   what it says, by those places, in each language that it speaks
scripts, extension   what Quarto needs, as it is installed with reviewpress
"""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from reviewpress.cldr import english_name
from reviewpress.errors import ConfigError, Place
from reviewpress.evidence.screening import empty_flow
from reviewpress.extension import EXTENSION_FOLDER, check_path, find_extension
from reviewpress.identifiers import address_name
from reviewpress.imports.own_table import OwnPapers, no_papers, read_papers
from reviewpress.keys import NAMES
from reviewpress.labels import load_language
from reviewpress.languages import TAG, base_of
from reviewpress.store.files import cannot_write, flush_folder, flush_tree, write_atomically
from reviewpress.store.interrupts import note_done, uninterrupted
from reviewpress.store.temporary_files import (
    MARK,
    clear_folders,
    release_folder,
    remove_if_left,
    reserve_folder,
)
from reviewpress.store.versions import installed
from reviewpress.tables.dictionary import dictionary
from reviewpress.tables.schema import read_schema
from reviewpress.tables.writer import write_csv
from reviewpress.tidy import to_bytes
from reviewpress.yaml import read_yaml

TEMPLATE = Path(__file__).resolve().parent / "template"
SCRIPTS = ("executed.py", "pre_render.py", "post_render.py")
LANGUAGES = TEMPLATE / "language"
DEFAULT_LANGUAGE = "en-GB"
_DOTTED = {
    "gitattributes": ".gitattributes",
    "gitignore": ".gitignore",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
}
_EXAMPLE, _SHORT, _EMPTY = "section-example.ipynb", "section-short.ipynb", "section-empty.ipynb"
_STAGING = ".new-"
_UNFINISHED = ".reviewpress-new"
_INCLUDED_EMPTY = "included-empty.ipynb"
_PARTS = (_EXAMPLE, _SHORT, _EMPTY, _INCLUDED_EMPTY, "methods-short.ipynb")
_NOT_COPIED = ("scripts", LANGUAGES.name)
_ONLY_EXAMPLE = ("appraisal.csv", "screening.csv", "searches.yml", "appraisal.yml")
_LATIN = "Give it a word or a number: the address of its page is made of that."
_PLACE = re.compile(r"<<([a-z-]+)>>")
_LISTED = re.compile(r"[^.`]*@tbl-included-papers[^.]*\.")
"""The sentence that speaks of the table of papers."""
_HEADING = re.compile(r"\A# [^\n]*\n?")
_PLURALS = {"paper": "papers", "report": "reports", "item": "items", "source": "sources"}
_ANSWERS = ("answer-yes", "answer-no", "answer-cannot-tell")
_TAKEN = ("index", "methods", "included", "references", "summary", "appendix-checklist",
          "accessibility")  # fmt: skip
_EXAMPLE_PAPERS = {1: "ash2019", 2: "birch2020", 3: "cedar2022", 4: "elder2021", 5: "hazel2023",
                   6: "rowan2018"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewSection:
    """A section of the new review: its name, its chapter's file, and the papers of its finding."""

    name: str
    chapter: str
    codes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """Everything that decides what the new review holds."""

    title: str
    authors: tuple[str, ...]
    sections: tuple[NewSection, ...]
    papers: OwnPapers | None
    lang: str
    texts: Mapping[str, str] = field(repr=False)
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether the review begins without papers."""
        return self.papers is not None and not self.papers.keys

    def is_example(self, section: NewSection) -> bool:
        """Whether the section is told in the example chapter, of made-up findings."""
        return self.papers is None and section == self.sections[0]

    def key(self, code: int) -> str:
        """Return the citekey of a paper."""
        return (self.papers.keys if self.papers else _EXAMPLE_PAPERS)[code]


def make_review(
    folder: Path,
    *,
    title: str | None = None,
    authors: Sequence[str] = (),
    sections: Sequence[str] = (),
    papers: Path | None = None,
    lang: str = DEFAULT_LANGUAGE,
    empty: bool = False,
    encoding: str = "",
    tell: Callable[[str], object] = str,
) -> Path:
    """Make a review in a new or empty folder, whole or not at all; return the folder.

    It speaks the language `lang`; where the template does not, it is in English, and each chapter
    notes that its text is to be written. `papers` is a table of one's own (see `ownpapers`);
    without it the papers are made up, or there are none yet where it is to be `empty`. `encoding`
    is that of a table whose own is not certain. Raises
    ConfigError for a folder that is in use, for sections that cannot be and for what is no
    language, DataError or Problems for a table that cannot be used. What somebody should know of
    how the table was read is given to `tell`.
    """
    place = empty_place(folder)
    named = [name for name in sections if name.strip()]
    if sections and not named:
        raise ConfigError("no section is named.", hint='Write them as in "Access, Outcomes".')
    if not TAG.fullmatch(lang):
        message = f'"{lang}" is not the tag of a language.'
        raise ConfigError(message, hint="Give one such as `cy`, `fr` or `pt-BR`.")
    own = read_papers(papers, named, encoding) if papers is not None else None
    for remark in own.remarks if own else ():
        tell(remark)
    if empty:
        own = no_papers(named or (_texts(lang)["section-default"],))
    plan = _plan(place, title, authors, named, own, lang)
    make_folder(place, lambda root: _write(root, plan))
    return place


def empty_place(folder: Path) -> Path:
    """Return where a review is to be made; ConfigError where something is there.

    Raises SetupError where nothing could be rendered in it.
    """
    place = folder.resolve()
    check_path(place)
    _clear_unfinished(place)
    if place.is_file() or (place.is_dir() and any(place.iterdir())):
        message = "the folder is not empty." if place.is_dir() else "there is a file of that name."
        raise ConfigError(message, Place(str(folder)), "Choose another name; nothing was changed.")
    return place


def make_folder(place: Path, write: Callable[[Path], object]) -> None:
    """Make a folder of what `write` writes into it, whole or not at all."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        clear_folders(place.parent, _STAGING)
        handle, staging = reserve_folder(place.parent, _STAGING)
    except OSError as error:
        raise cannot_write(place, error) from None
    try:
        staging.chmod(0o755)
        write(staging)
        flush_tree(staging)
        with uninterrupted():
            if place.is_dir():
                _move_into(place, staging)
            else:
                staging.replace(place)
                flush_folder(place.parent)
            note_done(f"{place.name} made")
    except OSError as error:
        raise cannot_write(place, error) from None
    finally:
        release_folder(handle, staging)


def speaks(lang: str) -> bool:
    """Say whether the template has its texts in a language."""
    return (LANGUAGES / f"{base_of(lang)}.yml").is_file()


def _move_into(place: Path, staging: Path) -> None:
    """Move everything into an empty folder, in which somebody may be; nothing stays on failure.

    A list in the folder says meanwhile what is being moved, for the next run where this is killed.
    """
    paths = sorted(staging.iterdir())
    write_atomically(place / _UNFINISHED, "\n".join(path.name for path in paths).encode())
    try:
        for path in paths:
            path.replace(place / path.name)
        (place / _UNFINISHED).unlink()
    except BaseException:
        _clear_unfinished(place)
        raise


def _clear_unfinished(place: Path) -> None:
    """Remove the part of a review that a killed run had moved into an empty folder."""
    for path in place.glob(f".*{MARK}*"):
        remove_if_left(path)
    listed = place / _UNFINISHED
    if not listed.is_file():
        return
    for name in listed.read_text(encoding="utf-8").splitlines():
        path = place / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    listed.unlink()


def _plan(
    place: Path,
    title: str | None,
    authors: Sequence[str],
    names: Sequence[str],
    own: OwnPapers | None,
    lang: str,
) -> _Plan:
    texts = _texts(lang)
    wanted = own.sections if own else tuple(names or (texts["section-default"],))
    sections: list[NewSection] = []
    for number, name in enumerate(wanted):
        codes = own.of_section(name) if own else _example_codes(number)
        sections.append(NewSection(name, _free_chapter(name, sections), codes))
    words = re.sub(r"[-_]+", " ", place.name).strip()
    return _Plan(
        title=title or (words[:1].upper() + words[1:]) or texts["title"],
        authors=tuple(authors) or (texts["team"],),
        sections=tuple(sections),
        papers=own,
        lang=lang,
        texts=texts,
    )


def _texts(lang: str) -> dict[str, str]:
    """Return what a new review says, by place, and the answers of its form, in a language."""
    name = base_of(lang) if speaks(lang) else base_of(DEFAULT_LANGUAGE)
    found = read_yaml(LANGUAGES / f"{name}.yml", TEMPLATE, NAMES).data
    texts = {place: str(text) for place, text in found.items()}
    labels = load_language(lang)
    texts |= {answer: labels[answer] for answer in _ANSWERS}
    if not speaks(lang):
        # The nouns are English, and the language may have several plurals.
        for noun, plural in _PLURALS.items():
            forms = f'plural={{"other": "{plural}"}}, feminine=False'
            texts[f"noun-{noun}"] = f'"{noun}", {forms}'
    return texts


def _free_chapter(name: str, sections: Sequence[NewSection]) -> str:
    chapter = address_name(name)
    if not chapter:
        raise ConfigError(f'"{name}" cannot name a chapter.', hint=_LATIN)
    if chapter in _TAKEN:
        chapter = f"findings-{chapter}"
    if chapter in [section.chapter for section in sections]:
        raise ConfigError(f'two sections would have the same chapter: "{name}" is the second.')
    return chapter


def _example_codes(number: int) -> tuple[int, ...]:
    """Return made-up papers for a section: all for the first, two for each other one."""
    if number == 0:
        return tuple(_EXAMPLE_PAPERS)
    first = (2 * number - 1) % 6 + 1
    return tuple(sorted({first, first % 6 + 1}))


def _write(root: Path, plan: _Plan) -> None:
    places = _places(plan)
    for source in sorted(path for path in TEMPLATE.rglob("*") if path.is_file()):
        relative = source.relative_to(TEMPLATE)
        if _is_left_out(relative, plan):
            continue
        goal = root / relative.with_name(_DOTTED.get(relative.name, relative.name))
        quoted = {"title": json.dumps(plan.title, ensure_ascii=False)[1:-1]}
        _copy(source, goal, places | quoted if source.suffix == ".yml" else places, plan)
    for section in plan.sections:
        own = {**places, **_section_places(plan, section)}
        part = _EMPTY if plan.is_empty else _EXAMPLE if plan.is_example(section) else _SHORT
        source = TEMPLATE / "chapters" / part
        _copy(source, root / "chapters" / f"{section.chapter}.ipynb", own, plan)
    _write_data(root, plan)
    copy_machinery(root)
    schema = read_schema(root / "data" / "schema.yml", root)
    (root / "data" / "README.md").write_bytes(dictionary(schema).encode())


def copy_machinery(root: Path) -> None:
    """Copy into a review what Quarto calls: the extension and the scripts."""
    shutil.copytree(
        find_extension(TEMPLATE).folder,
        root / EXTENSION_FOLDER,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for name in SCRIPTS:
        (root / "scripts").mkdir(exist_ok=True)
        (root / "scripts" / name).write_bytes(_script(name).read_bytes())


def _is_left_out(relative: Path, plan: _Plan) -> bool:
    if (
        "__pycache__" in relative.parts
        or relative.name in _PARTS
        or relative.parts[0] in _NOT_COPIED
    ):
        return True
    if plan.papers is None:
        return False
    return relative.name in (*_ONLY_EXAMPLE, "methods.ipynb", "references.bib", "papers.csv")


def _copy(source: Path, goal: Path, places: Mapping[str, str], plan: _Plan) -> None:
    """Copy a file, filled in; in a notebook each cell's text is filled, in a table each cell."""
    text = source.read_text(encoding="utf-8")
    if source.suffix == ".ipynb":
        content = _filled_notebook(text, places, plan)
    elif source.suffix == ".csv":
        rows = csv.reader(io.StringIO(text, newline=""))
        content = write_csv([[_fill(cell, places) for cell in row] for row in rows])
    else:
        text = _fill(text, places)
        content = (_marked(text, plan) if source.suffix == ".qmd" else text).encode()
    goal.parent.mkdir(parents=True, exist_ok=True)
    goal.write_bytes(content)


def _filled_notebook(text: str, places: Mapping[str, str], plan: _Plan) -> bytes:
    notebook = json.loads(text)
    # In code, texts stand in strings: what they quote themselves is quoted otherwise.
    nouns = {name: word for name, word in places.items() if name.startswith("noun-")}
    in_code = {**places, **{name: word.replace('"', "'") for name, word in nouns.items()}}
    for cell in notebook["cells"]:
        code = cell["cell_type"] == "code"
        text = _fill("".join(cell["source"]), in_code if code else places)
        cell["source"] = (text if code else _marked(text, plan)).splitlines(keepends=True)
    return to_bytes(notebook)


def _marked(text: str, plan: _Plan) -> str:
    """Note below a chapter's title that its English text is to be written in the language."""
    if speaks(plan.lang):
        return text
    note = f"\n::: {{.todo}}\nWrite this chapter in {english_name(base_of(plan.lang))}.\n:::\n"
    return _HEADING.sub(lambda found: found[0].rstrip("\n") + "\n" + note, text)


def _fill(text: str, places: Mapping[str, str]) -> str:
    """Fill the places of a text, and those of what fills them."""
    filled = _PLACE.sub(lambda match: places.get(match[1], match[0]), text)
    return filled if filled == text else _fill(filled, places)


def _places(plan: _Plan) -> dict[str, str]:
    """Return what fills the places that every file of the template has in common."""
    first = plan.sections[0]
    names = [section.name for section in plan.sections]
    answers = [f'::: {{.key-messages from="{s.chapter}"}}\n:::' for s in plan.sections]
    messages = [
        f'## {s.name} {{#sec-summary-{s.chapter}}}\n\n::: {{.key-messages from="{s.chapter}"}}\n:::'
        for s in plan.sections
    ]
    written = "own" if plan.papers else "example"
    notice = "empty" if plan.is_empty else written
    return {
        **plan.texts,
        **(_empty_places(plan) if plan.is_empty else {}),
        # YAML takes a bare "no", which is Norwegian, for a truth value.
        "lang": _quoted(plan.lang) if plan.lang == "no" else plan.lang,
        "title": plan.title,
        "authors": "\n".join(f"    - {_quoted(name)}" for name in plan.authors),
        "reviewpress-version": installed()["reviewpress"],
        "responsible": _quoted(", ".join(plan.authors)),
        "date": datetime.now(UTC).date().isoformat(),
        "sections": "\n".join(f"    {_quoted(s.name)}: {s.chapter}" for s in plan.sections),
        "chapters": "\n".join(f"        - chapters/{s.chapter}.ipynb" for s in plan.sections),
        "section-list": json.dumps(names, ensure_ascii=False),
        "section": first.name,
        "chapter": first.chapter,
        "answers": "\n\n".join(answers),
        "key-messages": "\n\n".join(messages),
        "first-citation": "" if plan.is_empty else f"@{plan.key((first.codes or (1,))[0])}",
        "notice-title": plan.texts[f"{written}-title"],
        "notice": plan.texts[f"{notice}-notice"],
        "strength-text": plan.texts[f"{written}-strength"],
        "next-text": plan.texts[f"{written}-next"],
    }


def _empty_places(plan: _Plan) -> dict[str, str]:
    """Return what is left out while there is no paper to cite, and none to list."""
    listed = _LISTED.sub("", plan.texts["included-text"])
    return {"index-codes": "", "included-text": listed}


def _section_places(plan: _Plan, section: NewSection) -> dict[str, str]:
    name = section.name
    return {
        "section": name,
        "section-lower": name[:1].lower() + name[1:] if name[1:2].islower() else name,
        "chapter": section.chapter,
        "statement": _statement(plan, section),
        "citations": "; ".join(f"@{plan.key(code)}" for code in section.codes),
    }


def _statement(plan: _Plan, section: NewSection) -> str:
    """Return what the finding of a section says until an author writes it."""
    text = plan.texts["statement-example" if plan.papers is None else "statement-own"]
    return _fill(text, {"section": section.name})


def _write_data(root: Path, plan: _Plan) -> None:
    data = root / "data"
    findings = list(csv.reader(io.StringIO((data / "findings.csv").read_text("utf-8"), newline="")))
    if plan.papers is not None:
        findings = findings[:1]
    for section in plan.sections:
        if not plan.is_example(section) and section.codes:
            codes = "; ".join(str(code) for code in section.codes)
            statement = _statement(plan, section) + "."
            origin = plan.texts["made-up"] if plan.papers is None else ""
            findings.append(
                [
                    f"{section.chapter}-01",
                    section.name,
                    section.name,
                    statement,
                    codes,
                    "",
                    origin,
                    "",
                ]
            )
    (data / "findings.csv").write_bytes(write_csv(findings))
    if plan.papers is not None:
        (data / "papers.csv").write_bytes(write_csv(plan.papers.rows))
        if plan.papers.results:
            (data / "results.csv").write_bytes(write_csv(plan.papers.results))
        (root / "bib").mkdir(exist_ok=True)
        example = (TEMPLATE / "bib" / "references.bib").read_text(encoding="utf-8")
        method = example[example.index("@article{page2021") :]
        bibliography = f"{plan.papers.bibtex}\n{method}"
        (root / "bib" / "references.bib").write_text(bibliography, encoding="utf-8")
        (data / "schema.yml").write_text(plan.papers.schema(data / "schema.yml"), encoding="utf-8")
        short = TEMPLATE / "chapters" / "methods-short.ipynb"
        _copy(short, root / "chapters" / "methods.ipynb", _places(plan), plan)
        if plan.is_empty:
            listed = TEMPLATE / "chapters" / _INCLUDED_EMPTY
            _copy(listed, root / "chapters" / "included.ipynb", _places(plan), plan)
        if not plan.is_empty:  # decisions will give the numbers
            (data / "flow.csv").write_bytes(empty_flow())
        return
    papers = list(csv.DictReader(io.StringIO((data / "papers.csv").read_text("utf-8"), newline="")))
    for row in papers:
        names = [s.name for s in plan.sections if int(row["code"]) in s.codes]
        row["sections"] = "; ".join(names)
    (data / "papers.csv").write_bytes(
        write_csv([list(papers[0]), *(list(p.values()) for p in papers)])
    )


def _script(name: str) -> Path:
    """Return a script that Quarto calls: installed with the package, or the repository's own."""
    installed = TEMPLATE / "scripts" / name
    return installed if installed.is_file() else TEMPLATE.parents[2] / "scripts" / name


def _quoted(text: str) -> str:
    """Return a text as YAML, quoted so that it can hold anything."""
    return json.dumps(text, ensure_ascii=False)
