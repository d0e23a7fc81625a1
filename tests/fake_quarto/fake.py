"""Stand in for the Quarto command line tool, as far as the facts about it are known.

It calls hooks and notebook filters as Quarto calls them (environment, working directory, standard
input), caches a filter's answer by whole seconds of the times of change, runs the extension's Lua
filters on Quarto's own kinds of node (main.lua), and writes pages in the markup of Quarto's
templates, the PDF through the extension's Typst partials, and Word with Quarto's layout tables and
captions. It is built from the project's record of how Quarto behaves and from what its source
says; it cannot prove what the real one does.

    FAKE_QUARTO_LOG      file that gets one JSON line for each call
    FAKE_QUARTO_VERSION  what `--version` answers, 1.10.18 unless given
    FAKE_QUARTO_FAIL     text to fail with after the first chapter
    FAKE_QUARTO_PANDOC   path of pandoc
"""

import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import typst
import yaml

HERE = Path(__file__).resolve().parent
ENDINGS = {"html": "html", "typst": "pdf", "docx": "docx"}


def main() -> int:
    """Answer one call."""
    _log(
        {
            "argv": sys.argv[1:],
            "cwd": os.getcwd(),
            "handed": os.environ.get("REVIEWPRESS_HANDED_OVER"),
        }
    )
    if sys.argv[1:] == ["--version"]:
        print(os.environ.get("FAKE_QUARTO_VERSION", "1.10.18"))
        return 0
    parser = argparse.ArgumentParser()
    parser.add_argument("verb", choices=["render", "inspect"])
    parser.add_argument("file", nargs="?")
    parser.add_argument("--profile")
    parser.add_argument("--output-dir")
    parser.add_argument("--metadata", "-M", action="append", default=[])
    parser.add_argument("--execute-param", "-P", action="append", default=[])
    parser.add_argument("--to")
    parser.add_argument("--no-clean", action="store_true")
    arguments = parser.parse_args()
    render = Render(arguments)
    return render.inspect() if arguments.verb == "inspect" else render.run()


class Render:
    """One `quarto render` of a book."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.root = Path.cwd()
        self.arguments = arguments
        base = yaml.safe_load((self.root / "_quarto.yml").read_text())
        profile = (
            arguments.profile or os.environ.get("QUARTO_PROFILE") or base["profile"]["default"]
        )
        self.profile = profile
        self.config = base
        for name in profile.split(","):
            file = self.root / f"_quarto-{name}.yml"
            if file.is_file():
                self.config = _merge(self.config, yaml.safe_load(file.read_text()))
        book = self.config["book"]
        book["chapters"] = [_path_of(item) for item in book.get("chapters", [])]
        self.output = self.root / (arguments.output_dir or self.config["project"]["output-dir"])
        self.environment = {
            **os.environ,
            "QUARTO_PROFILE": profile,
            "QUARTO_PROJECT_DIR": str(self.root),
        }

    def run(self) -> int:
        """Call the hooks around the rendering of each chapter."""
        chapters, appendices = self._chapters()
        for chapter in [*chapters, *appendices]:
            if not (self.root / chapter).is_file():
                return _fail(f"Book chapter '{chapter}' not found")
        whole = self.arguments.file is None
        wanted = [*chapters, *appendices] if whole else [self.arguments.file]
        self.environment |= {
            "QUARTO_PROJECT_OUTPUT_DIR": str(self.output),
            "QUARTO_PROJECT_INPUT_FILES": "\n".join(wanted),
        }
        if whole:
            self.environment["QUARTO_PROJECT_RENDER_ALL"] = "1"
        if not self._hook("pre-render"):
            return 1
        names = [self.arguments.to] if self.arguments.to else list(self.config["format"])
        bases = [name.rsplit("-", 1)[-1] for name in names]
        if whole and not self.arguments.no_clean and self.output.is_dir():
            shutil.rmtree(self.output)
        self.output.mkdir(parents=True, exist_ok=True)
        order = [*chapters, *appendices]
        texts: dict[str, str] = {}
        for number, chapter in enumerate(wanted, 1):
            print(f"[{number}/{len(wanted)}] {chapter}", file=sys.stderr, flush=True)
            text = re.sub(r"\{\{< meta ([\w.-]+) >\}\}", self._meta, self._source(chapter))
            texts[chapter] = text
            if os.environ.get("FAKE_QUARTO_FAIL"):
                return _fail(os.environ["FAKE_QUARTO_FAIL"])
            if "html" in bases:
                self._page(chapter, text, order, len(chapters))
        made = [Path(c).with_suffix(".html") for c in wanted] if "html" in bases else []
        for base in bases:
            if base != "html":
                name = self.config["book"].get("output-file", "Book")
                made.append(Path(f"{name}.{ENDINGS[base]}"))
                self._one_file(base, self.output / made[-1], texts)
        self._copy_figures()
        del self.environment["QUARTO_PROJECT_INPUT_FILES"]
        self.environment["QUARTO_PROJECT_OUTPUT_FILES"] = "\n".join(
            (self.output / name).relative_to(self.root).as_posix() for name in made
        )
        return 0 if self._hook("post-render") else 1

    def inspect(self) -> int:
        """Print the merged configuration, in the shape of src/inspect/inspect-types.ts."""
        chapters, appendices = self._chapters()
        answer = {
            "quarto": {"version": os.environ.get("FAKE_QUARTO_VERSION", "1.10.18")},
            "dir": str(self.root),
            "engines": ["jupyter", "markdown"],
            "config": self.config,
            "files": {
                "input": [str(self.root / name) for name in [*chapters, *appendices]],
                "resources": [], "config": ["_quarto.yml"], "configResources": [],
            },
            "fileInformation": {},
            "extensions": [{"id": {"name": "reviewpress"}}],
        }  # fmt: skip
        print(json.dumps(answer, default=str))
        return 0

    def _chapters(self) -> tuple[list[str], list[str]]:
        found: list[str] = []
        for item in self.config["book"].get("chapters", []):
            found += item["chapters"] if isinstance(item, dict) else [item]
        return found, list(self.config["book"].get("appendices", []))

    def _hook(self, name: str) -> bool:
        for script in _as_list(self.config["project"].get(name)):
            python = os.environ.get("QUARTO_PYTHON", sys.executable)
            done = subprocess.run(
                [python, script], cwd=self.root, env=self.environment, check=False
            )
            if done.returncode:
                return False
        return True

    def _source(self, chapter: str) -> str:
        path = self.root / chapter
        if path.suffix == ".qmd":
            return path.read_text()
        text = path.read_text()
        for name in _as_list(self.config.get("execute", {}).get("ipynb-filters")):
            text = self._filtered(path, (path.parent / name).resolve(), text)
        parts = []
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "markdown":
                assert isinstance(cell["source"], list)
                parts.append("".join(cell["source"]))
            for output in cell.get("outputs", ()):
                shown = "".join(output["data"]["text/markdown"])
                parts.append(
                    ":::: {.cell}\n::: {.cell-output .cell-output-display .cell-output-markdown}\n"
                    f"{shown}\n:::\n::::"
                )
        return "\n\n".join(parts)

    def _filtered(self, path: Path, script: Path, text: str) -> str:
        """Return a filter's answer, from the cache where the two times of change are the same.

        src/core/jupyter/filtered-notebook-cache.ts, jupyter-filters.ts. Quarto's cache is the
        user's, by the notebooks' paths: whatever the profile, and whatever else is in the project.
        """
        name = path.relative_to(self.root).as_posix().replace("/", "-")
        cache = self.root / ".quarto" / "_fake" / f"{name}.json"
        times = [int(path.stat().st_mtime), int(script.stat().st_mtime)]
        if cache.is_file():
            kept = json.loads(cache.read_text())
            if kept["times"] == times:
                return kept["answer"]
        python = os.environ.get("QUARTO_PYTHON", sys.executable)
        done = subprocess.run(
            [python, str(script)],
            input=text,
            capture_output=True,
            text=True,
            cwd=path.parent,
            env=self.environment | {"PYTHONUNBUFFERED": "1"},
            check=False,
        )
        sys.stderr.write(done.stderr)
        if done.returncode:
            raise SystemExit(_fail("the notebook filter failed"))
        cache.parent.mkdir(parents=True, exist_ok=True)
        answer = done.stdout or text
        cache.write_text(json.dumps({"times": times, "answer": answer}))
        return answer

    def _page(self, chapter: str, text: str, order: list[str], count: int) -> None:
        """Write a page: a chapter's first heading is taken out of it and becomes its title.

        src/project/types/book/book-render.ts, book-chapters.ts (formatChapterTitle)
        """
        page = self.output / Path(chapter).with_suffix(".html")
        page.parent.mkdir(parents=True, exist_ok=True)
        number = self._number(chapter, text, order, count)
        title = self.config["book"]["title"]
        heading = re.search(r"^# +(.*?)(?:\s*\{(.*)\})?\s*$", text, re.M)
        if chapter != "index.qmd" and heading:
            text = text[: heading.start()] + text[heading.end() :]
            title = self._chapter_title(heading, number, chapter in order[count:])
        described = {**self.config, "title": title, "fake-number": number}
        options = ["--to", "html5", "--section-divs", "--template", str(HERE / "page.html")]
        page.write_bytes(self._pandoc(chapter, text, "templates.lua", described, options))

    def _chapter_title(self, heading: "re.Match[str]", number: str, appendix: bool) -> str:
        title = heading[1]
        if number and appendix:
            title = f"Appendix {number} — {title}"
        elif number and self.config.get("number-sections", True):
            title = f"[{number}]{{.chapter-number}}\u00a0 [{title}]{{.chapter-title}}"
        name = re.search(r"#([\w-]+)", heading[2] or "")
        return f"[{title}]{{#{name[1]} .quarto-section-identifier}}" if name else title

    def _one_file(self, base: str, goal: Path, texts: dict[str, str]) -> None:
        """Set the whole book in one run of pandoc, as Quarto does for Typst and Word."""
        book = self.config["book"]
        authors = [{"name": {"literal": name}} for name in _as_list(book.get("author"))]
        named = {key: book[key] for key in ("title", "subtitle", "date", "author") if key in book}
        described = {**self.config, **named, "by-author": authors}
        text = "\n\n".join(self._merged(texts))
        if base == "docx":
            reference = self.root / "_extensions" / "reviewpress" / "docx" / "reference.docx"
            options = ["--to", "docx", f"--reference-doc={reference}", f"--output={goal}",
                       "--resource-path", str(self.root), "--toc", "--toc-depth=2"]  # fmt: skip
            self._pandoc("index.qmd", text, "onefile.lua", described, options)
            return
        if self.config.get("number-sections", True):
            described["section-numbering"] = "1.1.1"
        work = self.root / ".quarto" / "_fake"
        partials = self.root / "_extensions" / "reviewpress" / "typst"
        for partial in partials.glob("*.typ"):
            shutil.copyfile(partial, work / partial.name)
        order = ("numbering", "typst-template", "page", "typst-show")
        template = work / "book.template"
        definitions = (HERE / "definitions.typ").read_text()
        calls = "\n\n".join(f"${name}.typ()$" for name in order)
        template.write_text(f"{definitions}\n{calls}\n\n$body$\n")
        options = ["--to", "typst", "--syntax-highlighting=none", f"--template={template}"]
        source = self.root / "book.typ"
        source.write_bytes(self._pandoc("index.qmd", text, "onefile.lua", described, options))
        standards = self._standards(partials.parent)
        if len(standards) > 1 and os.environ.get("FAKE_QUARTO_VERSION", "").startswith("1.9"):
            words = "Typst currently only supports one PDF substandard at a time"
            raise SystemExit(_fail(words))
        try:
            typst.compile(
                str(source), output=str(goal), root=str(self.root), ignore_system_fonts=True,
                font_paths=[str(partials.parent / "fonts")],
                pdf_standards=standards,
            )  # fmt: skip
        except typst.TypstError as error:
            raise SystemExit(_fail(f"Typst: {error.message} {error.diagnostic}")) from None
        source.unlink()

    def _standards(self, extension: Path) -> list[str]:
        """Return the PDF standards of the extension's format with those of the project."""
        contributed = yaml.safe_load((extension / "_extension.yml").read_text())
        given = self.config["format"].get("reviewpress-typst")
        options = given if isinstance(given, dict) else {}
        merged = _merge(contributed["contributes"]["formats"]["typst"], options)
        return _as_list(merged["pdf-standard"])

    def _merged(self, texts: dict[str, str]):
        """Yield the chapters, their parts and appendices before them, images from the root.

        src/project/types/book/book-render.ts (mergeExecutedFiles): a comment says where each begins
        """
        begin = _item({"bookItemType": "chapter"})
        for item in self.config["book"].get("chapters", []):
            if isinstance(item, dict):
                mark = _item({"bookItemType": "part"})
                yield f"::: {{.quarto-book-part}}\n{mark}# {item['part']} {{.unnumbered}}\n:::"
            for chapter in item["chapters"] if isinstance(item, dict) else [item]:
                yield begin + texts.get(chapter, "").replace("](../", "](")
        appendices = self.config["book"].get("appendices", [])
        if appendices:
            mark = _item({"resourceDir": ".", "bookItemType": "appendix"})
            yield f"::: {{.quarto-book-part}}\n{mark}# Appendices {{.unnumbered}}\n:::"
        for chapter in appendices:
            yield begin + texts.get(chapter, "").replace("](../", "](")

    def _pandoc(self, chapter, text, templates, described, options) -> bytes:
        """Run pandoc with the extension's filters, then what stands for Quarto's own."""
        extension = self.root / "_extensions" / "reviewpress"
        contributed = yaml.safe_load((extension / "_extension.yml").read_text())
        filters = contributed["contributes"]["formats"]["common"]["filters"]
        work = self.root / ".quarto" / "_fake"
        work.mkdir(parents=True, exist_ok=True)
        metadata = work / "metadata.json"
        metadata.write_text(json.dumps(described, default=str))
        environment = {
            **self.environment,
            "FAKE_OFFSET": ".." if "/" in chapter else ".",
            "FAKE_INPUT": str(self.root / chapter),
            "FAKE_FILTERS": "\n".join(str(extension / name) for name in filters),
            "FAKE_RENDERER": str(HERE / templates),
            "FAKE_APPENDICES": _item({"resourceDir": ".", "bookItemType": "appendix"}),
        }
        done = subprocess.run(
            [
                os.environ.get("FAKE_QUARTO_PANDOC", "pandoc"), "--from", "markdown",
                "--standalone", f"--metadata-file={metadata}", "--wrap=preserve", *options,
                f"--lua-filter={HERE / 'main.lua'}",
            ],
            input=text.encode(),
            capture_output=True,
            env=environment,
            cwd=self.root / Path(chapter).parent,
            check=False,
        )  # fmt: skip
        sys.stderr.write(done.stderr.decode())
        if done.returncode:
            raise SystemExit(_fail(f"pandoc: {done.stderr.decode()}"))
        return done.stdout

    def _meta(self, shortcode: "re.Match[str]") -> str:
        value = self.config
        for part in shortcode[1].split("."):
            value = value[part]
        return str(value)

    def _number(self, chapter: str, text: str, order: list[str], count: int) -> str:
        numbered = [
            c
            for c in order
            if "{.unnumbered" not in (self.root / c).read_text().split("\\n")[0][:400]
            or c.endswith(".ipynb")
        ]
        if chapter not in numbered:
            return ""
        at = numbered.index(chapter)
        first = sum(1 for c in numbered if c in order[:count])
        return chr(65 + at - first) if at >= first else str(at + 1)

    def _copy_figures(self) -> None:
        for pattern in _as_list(self.config["project"].get("resources")):
            for file in self.root.glob(pattern):
                goal = self.output / file.relative_to(self.root)
                goal.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, goal)


def _path_of(item):
    """Return an entry of `chapters:`: a path also where it is written with a text of its own."""
    return item["href"] if isinstance(item, dict) and "href" in item else item


def _item(said: dict[str, str]) -> str:
    """Return the comment that says of what kind the next chapter or part is."""
    data = base64.b64encode(json.dumps(said).encode()).decode()
    return f"`<!-- quarto-file-metadata: {data} -->`{{=html}}\n\n"


def _merge(base, override):
    """Merge as src/core/config.ts does: a single value beside a list counts as a list of it."""
    if isinstance(base, dict) and isinstance(override, dict):
        return {**base, **{k: _merge(base[k], v) if k in base else v for k, v in override.items()}}
    if isinstance(base, list) or isinstance(override, list):
        return [*_as_list(base), *(item for item in _as_list(override) if item not in base)]
    return override


def _as_list(value):
    return [] if value is None else value if isinstance(value, list) else [value]


def _fail(words: str) -> int:
    print(f"\x1b[31mERROR: {words}\x1b[39m", file=sys.stderr)
    return 1


def _log(entry) -> None:
    if os.environ.get("FAKE_QUARTO_LOG"):
        with open(os.environ["FAKE_QUARTO_LOG"], "a") as file:
            file.write(json.dumps(entry) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
