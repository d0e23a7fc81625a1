"""The words that the framework writes: complete in two languages, and all of them in the review's.

A French review is rendered in every format; no English word of the framework may stand in it.
"""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
import yaml
from lxml import etree
from matplotlib.text import Text
from reading import NAMES, Page

from reviewpress.checks.labels import untranslated
from reviewpress.config import Config, load_config
from reviewpress.context import review_labels
from reviewpress.errors import DataError, Problems
from reviewpress.evidence.plurals import CATEGORIES
from reviewpress.evidence.words import Words, words
from reviewpress.extension import find_extension
from reviewpress.figures import charts
from reviewpress.labels import NUMBER_WORDS, Labels, load_labels, load_language, wrong_labels
from reviewpress.languages import settle_joins
from reviewpress.programs.tools import run_pandoc
from reviewpress.review import Review

REPOSITORY = Path(__file__).parents[1]
WORDS_IN_ORDER = ("months", "number-words", "number-words-feminine")
FRENCH = REPOSITORY / "tests" / "projects" / "french-review"
LANGUAGES = find_extension(REPOSITORY).folder / "language"
FILTERS = LANGUAGES.parent / "filters"
NARROW = "\u202f"
PLACE = re.compile(r"\{\w+\}")
SHOWN = ("aria-label", "alt", "title", "placeholder", "content")
ENGLISH = re.compile(
    r"\b(the|of|and|this|that|with|from|are|is|was|were|has|have|not|to|by|an|paper|papers)\b"
)
"""Words that no French text of this review holds."""


def read_language(name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((LANGUAGES / f"{name}.json").read_text("utf-8"))
    return found


def english_furniture() -> list[str]:
    """Return what the English labels say and the French do not: phrases, without their places."""
    english, french = read_language("en"), read_language("fr")
    same = " ".join(french.values())
    lists = ("number-words", "months", "sort-last")
    phrases = set()
    for name, text in english.items():
        parts = text.split() if name in lists else PLACE.split(text)
        phrases |= {part.strip(" .,:;()“”") for part in parts}
    return sorted(p for p in phrases if len(p) > 3 and not re.search(rf"\b{re.escape(p)}\b", same))


def english_in(text: str) -> list[str]:
    """Return the English words of the framework that a text holds."""
    furniture = [p for p in english_furniture() if re.search(rf"\b{re.escape(p)}\b", text)]
    return furniture + sorted(set(ENGLISH.findall(text)))


def visible(page: Page) -> str:
    """Return what a page says: its text, attributes that are read out, texts of its script."""
    shown = " or ".join(f"local-name()='{name}'" for name in SHOWN)
    attributes = page.values(
        f"//*[not(@http-equiv) and not(@name='viewport')]/@*[{shown}]"
        " | //dialog/@*[contains(local-name(), 'data-')]"
        " | //*[contains(@class, 'cite-this')]/@*[contains(local-name(), 'data-')]"
    )
    texts = page.values("//text()[not(parent::script or parent::style or ancestor::code)]")
    return " ".join(" ".join([*texts, *(PLACE.sub("", v) for v in attributes)]).split())


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The French review with codes for papers and a list of tables, rendered in every format."""
    root = tmp_path_factory.mktemp("french") / "revue"
    shutil.copytree(FRENCH, root)
    settings = root / "_quarto.yml"
    changed = settings.read_text("utf-8").replace("author-date", "codes")
    settings.write_text(f"{changed}lot: true\n", "utf-8")
    lists = root / "chapters" / "bibliographie.qmd"
    lists.write_text(lists.read_text("utf-8") + "\n::: {#refs-included}\n:::\n", "utf-8")
    command = [str(Path(sys.executable).with_name("reviewpress")), "render", "--engine", "pandoc"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return root / "_output" / "rapport"


def french_config(**changes: Any) -> Config:
    config = load_config(FRENCH)
    changed = {**config.metadata, **changes}
    return type(config)(**{f: getattr(config, f) for f in config.__slots__} | {"metadata": changed})


@pytest.mark.parametrize("lang", ["cy", "de", "es", "fr", "pt"])
def test_languages_are_complete(lang: str) -> None:
    """Each has every label, and no place that English lacks but numbers."""
    english, other = read_language("en"), read_language(lang)
    forms = {f"{noun}-{category}" for noun in ("papers", "studies") for category in CATEGORIES}
    assert [name for name in other if name in english] == list(english)
    assert other.keys() - english.keys() <= forms
    assert all(len(other[name].split()) == len(english[name].split()) for name in WORDS_IN_ORDER)
    for name, text in other.items():
        strange = set(PLACE.findall(text)) - set(PLACE.findall(english.get(name, "")))
        assert strange <= {"{count}", "{total}", "{number}"}, name


def test_french_marks_have_their_spaces() -> None:
    """Before ; : ! ? and within guillemets stands a narrow no-break space."""
    for name, text in read_language("fr").items():
        assert not re.search(rf"[^{NARROW}][;:!?»]|«[^{NARROW}]", text), name


def test_regions_lie_over_their_language(tmp_path: Path) -> None:
    """American dates are in English words, and a language we have not is English."""
    assert load_language("en-US")["date"] == "{month} {day}, {year}"
    assert load_language("en-US")["close"] == "Close"
    assert load_language("fr-CA")["close"] == "Fermer"
    assert load_language("mt")["close"] == "Close"
    assert load_language("zh-Hant-HK")["close"] == load_language("zh-TW")["close"] == "關閉"


def test_the_review_has_the_last_word() -> None:
    """`language:` lies over the extension's labels, what is for one language over all."""
    config = french_config(language={"close": "Clore", "fr": {"next-page": "La suite"}, "de": {}})
    labels = load_labels(config)
    assert (labels["close"], labels["next-page"]) == ("Clore", "La suite")
    assert load_labels(french_config(crossref={"fig-title": "Dessin"})).of_kind("fig") == "Dessin"


def test_labels_from_a_file(tmp_path: Path) -> None:
    """`language:` may name a YAML file, as for Quarto."""
    root = tmp_path / "revue"
    shutil.copytree(FRENCH, root)
    (root / "_mots.yml").write_text("close: Clore\n", "utf-8")
    with (root / "_quarto.yml").open("a", encoding="utf-8") as file:
        file.write("language: _mots.yml\n")
    assert load_labels(load_config(root))["close"] == "Clore"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("language: {clos: Clore}", 'there is no label "clos".', 'Did you mean "close"?'),
        (
            "language: {crossref-fig-titel: Dessin}",
            'there is no label "crossref-fig-titel".',
            'Did you mean "crossref-fig-title"?',
        ),
        (
            'language: {version: "Éd. {versoin}"}',
            'the label "version" has no place {versoin}.',
            'Did you mean "version"?',
        ),
        ("language: {close: [a]}", 'the label "close" takes words.', 'In English: "Close".'),
        (
            "language: _mots.yml",
            "the labels cannot be read: there is no file _mots.yml.",
            "It takes the name of a YAML file, or labels: `close: Fermer`.",
        ),
    ],
)
def test_labels_that_do_not_exist_are_told(
    text: str, message: str, hint: str, tmp_path: Path
) -> None:
    """An unknown label, an unknown place and a missing file name what is meant."""
    root = tmp_path / "revue"
    shutil.copytree(FRENCH, root)
    with (root / "_quarto.yml").open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")
    with pytest.raises(Problems) as caught:
        load_config(root)
    problem = caught.value.problems[0]
    assert (problem.message, problem.hint) == (message, hint)
    assert str(problem.where).startswith("_quarto.yml, line ")


def test_labels_that_only_quarto_writes_are_left_to_it(tmp_path: Path) -> None:
    """Quarto's other names are no mistake."""
    root = tmp_path / "revue"
    shutil.copytree(FRENCH, root)
    with (root / "_quarto.yml").open("a", encoding="utf-8") as file:
        file.write("language: {search-no-results-text: Rien, title-block-published: Paru}\n")
    load_config(root)


@pytest.fixture
def in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chapter of the French review."""
    monkeypatch.setenv("REVIEWPRESS_ROOT", str(FRENCH))


@pytest.mark.parametrize(
    ("arguments", "options", "text"),
    [
        ((3,), {}, "trois"),
        ((0,), {}, "zéro"),
        ((1, "article"), {}, "un article"),
        ((1, "étude incluse"), {"feminine": True}, "une étude incluse"),
        ((0, "étude"), {"feminine": True}, "aucune étude"),
        ((0, "article"), {}, "aucun article"),
        ((1.5, "heure"), {}, "1,5 heure"),
        ((2, "étude de cas"), {}, "deux études de cas"),
        ((12, "essai régional"), {}, "12 essais régionaux"),
        ((1224, "avis"), {}, f"1{NARROW}224 avis"),
        ((4, "œil"), {"plural": "yeux"}, "quatre yeux"),
    ],
)
def test_numbers_in_french(
    arguments: tuple[Any, ...], options: dict[str, Any], text: str, in_french: None
) -> None:
    """Words below ten, the language's marks in digits, and the noun in its number."""
    assert words(*arguments, **options) == text


def test_numbers_at_the_start_of_a_french_sentence(in_french: None) -> None:
    """An accent goes with its capital letter."""
    assert Words(1, "étude", feminine=True) == "Une étude"
    assert review_labels()["close"] == "Fermer"


def test_a_plural_that_is_not_known_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In other languages a noun needs its plural; number words may be the review's."""
    root = tmp_path / "revue"
    shutil.copytree(FRENCH, root)
    path = root / "_quarto.yml"
    own = 'language: {number-words: "null eins zwei drei", number-decimal: ","}\n'
    path.write_text(path.read_text("utf-8").replace("lang: fr\n", f"lang: de\n{own}"), "utf-8")
    monkeypatch.setenv("REVIEWPRESS_ROOT", str(root))
    with pytest.raises(DataError) as caught:
        words(2, "Studie")
    assert caught.value.message == 'the plural of "Studie" is not known in the language "de".'
    assert words(2, "Studie", plural="Studien") == "zwei Studien"
    assert words(7, "Studie", plural="Studien") == "7 Studien"


def test_an_evidence_box_in_french() -> None:
    """Heading, sentences, labels and notes."""
    text = str(Review(FRENCH).evidence_box("Effets"))
    assert "**Les études de cette partie**" in text
    assert f"Deux publications{NARROW}: revue (1) et rapport (1)." in text
    assert f"- **Qualité**{NARROW}: évaluation disponible pour 2 sur 2" in text
    assert english_in(text.replace(".evidence-box", "")) == []


def drawn_texts(figure: Any) -> str:
    """Return what is written in a chart."""
    return "\n".join(text.get_text() for text in figure.findobj(Text))


def test_charts_in_french(in_french: None) -> None:
    """Answers in English or in French have their signs, and are shown in French; so is the flow."""
    review = Review(FRENCH)
    english = charts.summary_bars(
        review.appraisal.criteria().rename(columns={"Faible": "Yes", "Élevé": "No"})
    )
    assert {"Oui", "Non", "Incertain"} <= set(drawn_texts(english).split("\n"))
    shown = [
        charts.traffic_light(review.appraisal),
        charts.summary_bars(review.appraisal.criteria()),
    ]
    shown += [charts.flow(review.flow, layout=layout, other=True) for layout in ("wide", "narrow")]
    for figure in shown:
        assert english_in(drawn_texts(figure)) == []
    flow = drawn_texts(shown[-1]).replace("\n", " ")
    assert f"Références examinées (n\xa0=\xa01{NARROW}024)" in flow


def test_a_variant_is_named_in_french() -> None:
    """The title says which parameters were given."""
    from reviewpress.build import variant

    title = variant(load_config(FRENCH), {"pays": "France"}).title
    assert title == f"Jardins partagés : que sait-on ? (variante{NARROW}: pays = France)"


def test_english_is_noticed() -> None:
    """What the tests below look for is found where it stands."""
    said = "Rechercher Show the data (Figure 1) Cited in 3 places"
    assert english_in(said) == ["Cited in", "Show", "Show the data", "data", "the"]
    assert english_in("Voir les données (Figure 1), 3 pages") == []


def test_pages_hold_no_english(french: Path) -> None:
    """Texts, names of regions and buttons, and what the script says."""
    pages = sorted(french.rglob("*.html"))
    assert len(pages) == 5
    for page in pages:
        assert Page(page).root.get("lang") == "fr"
        said = visible(Page(page))
        assert english_in(said) == [], page.name
        assert not re.search(r"[\w»)][;!?](?=\s|$)", said.replace("et al.", "")), page.name
    findings = (french / "chapters" / "constats.html").read_text("utf-8")
    assert "référence 1, Durand et Petit" in findings
    [file] = (french / "assets").glob("site.*.js")
    script = file.read_text("utf-8")
    assert not re.search(r"(?:textContent|label)\w* = [\"`][^$\"`]*\w", script)


def test_the_pdf_holds_no_english(french: Path, tool: Callable[[str], str]) -> None:
    """Cover, contents, running heads, text, bookmarks and alternative texts; and its language."""
    file = french / "rapport.pdf"
    command = [tool("pdftotext"), str(file), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Sommaire" in text
    assert "1er février 2026" in text
    assert "Tableaux" in text
    with pikepdf.open(file) as document:
        assert document.Root.Lang == "fr"
        with document.open_outline() as outline:
            text += "\n".join(str(item.title) for item in outline.root)
        text += "\n".join(_alternatives(document.Root.StructTreeRoot))
    assert english_in(text) == []


def test_the_word_file_holds_no_english(french: Path) -> None:
    """Text, alternative texts, and the words of headers and footers."""
    with zipfile.ZipFile(french / "rapport.docx") as archive:
        parts = [etree.fromstring(archive.read(name)) for name in archive.namelist()
                 if re.match(r"word/(document|footnotes|header|footer)", name)]  # fmt: skip
    texts = [text for part in parts for text in part.xpath("//w:t/text()", namespaces=NAMES)]
    texts += [text for part in parts for text in part.xpath("//@descr")]
    assert "Message clé" in texts
    assert english_in("\n".join(texts)) == []


@pytest.mark.parametrize("lang", ["en-GB", "fr-CA", "fr"])
def test_documents_have_their_language_with_its_region(
    lang: str, tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """The catalogue and the metadata of the PDF, and each page."""
    root = tmp_path / "review"
    root.mkdir()
    settings = [
        "project: {type: book, output-dir: _output/report}",
        f"lang: {lang}",
        "book: {title: Region, chapters: [index.qmd]}",
        "format: {html: default, typst: default}",
    ]
    (root / "_quarto.yml").write_text("\n".join(settings), "utf-8")
    (root / "index.qmd").write_text("# One {#sec-one}\n\nText.\n", "utf-8")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    folder = root / "_output" / "report"
    assert f'<html lang="{lang}">' in (folder / "index.html").read_text("utf-8")
    with pikepdf.open(folder / "report.pdf") as document:
        assert document.Root.Lang == lang
        with document.open_metadata() as metadata:
            assert metadata["dc:language"] == {lang}


def _alternatives(element: Any) -> Iterator[str]:
    if isinstance(element, pikepdf.Dictionary):
        if "/Alt" in element:
            yield str(element.Alt)
        kids = element.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            yield from _alternatives(kid)


def test_what_is_not_translated_is_listed(tmp_path: Path, reviewpress: Callable[..., Any]) -> None:
    """One warning names the labels that stay English; a language that has all gets none."""
    settings = "project: {type: book}\nbook: {title: T, chapters: [index.qmd]}\n"
    (tmp_path / "index.qmd").write_text("# A\n\nText.\n", "utf-8")
    for lang in ("nl", "de-AT", "en-NZ", "cy"):
        (tmp_path / "_quarto.yml").write_text(f"{settings}lang: {lang}\n", "utf-8")
        outcome = reviewpress("check", cwd=tmp_path)
        assert outcome.status == 0, outcome.stderr
        said = outcome.stdout + outcome.stderr
        assert ("stay English" in said) == (lang == "nl"), lang
    (tmp_path / "_quarto.yml").write_text(
        f"{settings}lang: nl\nlanguage: {{close: Sluiten}}\n", "utf-8"
    )
    said = reviewpress("check", cwd=tmp_path).stderr
    labels = load_labels(load_config(tmp_path))
    listed = yaml.safe_load(reviewpress("check --labels", cwd=tmp_path).stdout)["language"]
    missing = [name for name in labels if not labels.has(name) and name not in NUMBER_WORDS]
    assert listed == {name: labels[name] for name in missing}
    assert f"{len(listed)} of the {len(labels)} words" in said
    assert f'{missing[0]} ("{labels[missing[0]]}")' in said
    assert len(said) < 2000
    (tmp_path / "_quarto.yml").write_text(f"{settings}lang: cy\n", "utf-8")
    assert reviewpress("check --labels", cwd=tmp_path).stdout.startswith("# All")


@pytest.mark.parametrize(
    ("number", "said"), [(1, "un papur"), (2, "dau bapur"), (3, "tri phapur"), (6, "chwe phapur")]
)
def test_a_label_has_the_form_of_its_number(number: int, said: str) -> None:
    """A language with several plurals has a label for each; others have two."""
    assert load_language("cy").count("papers", number) == said
    assert load_language("cy").count("papers", 7, number="saith") == "saith papur"


def test_a_review_gives_forms_of_its_own(tmp_path: Path) -> None:
    """`papers-few` is a label where `papers-other` is one; `close-few` is not."""
    own = {"papers-few": "{number} badania", "papers-other": "{number} badań"}
    labels = load_labels(french_config(language=own))
    assert labels["papers-few"] == "{number} badania"
    wrong = [*wrong_labels(FRENCH, {"language": {**own, "close-few": "x", "papers-two": "{a}"}})]
    assert [path[-1] for path, _, _ in wrong] == ["close-few", "papers-two"]


FILTER = """package.path = "FOLDER/?.lua;" .. package.path
local say = require("labels")
return {{ Meta = say.read }, { Para = function(para)
  local number = tonumber(pandoc.utils.stringify(para))
  return pandoc.Para({ pandoc.Str(say.count("cited-in-places", number)) })
end }}
"""


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("pl", ["1 miejscu", "2 miejsca", "5 miejsc", "12 miejsc", "22 miejsca", "222 miejsca"]),
        ("ar", ["1 one", "2 two", "5 few", "12 many", "22 many", "222 many"]),
        ("fr", ["1 one", "2 other", "5 other", "12 other", "22 other", "222 other"]),
    ],
)
def test_filters_have_the_form_of_a_number_too(lang: str, said: list[str], tmp_path: Path) -> None:
    """Lua has no CLDR: the rule comes with the labels."""
    forms = {form: f"{{count}} {form}" for form in ("one", "two", "few", "many", "other")}
    if lang == "pl":
        forms = {"one": "{count} miejscu", "few": "{count} miejsca", "many": "{count} miejsc",
                 "other": "{count} miejsca"}  # fmt: skip
    own = {f"cited-in-places-{form}": words for form, words in forms.items()}
    given = {name: own[name] for name in own if lang != "fr" or name.endswith(("one", "other"))}
    (tmp_path / "_quarto.yml").write_text("project: {type: default}\n", "utf-8")
    worded = SimpleNamespace(root=tmp_path, lang=lang, metadata={"language": given})
    labels = load_labels(worded)
    (tmp_path / "count.lua").write_text(FILTER.replace("FOLDER", str(FILTERS)), "utf-8")
    (tmp_path / "labels.json").write_text(json.dumps({"reviewpress-labels": dict(labels)}), "utf-8")
    filters = ["--to=plain", f"--metadata-file={tmp_path / 'labels.json'}",
               f"--lua-filter={tmp_path / 'count.lua'}"]  # fmt: skip
    text = "\n\n".join(("1", "2", "5", "12", "22", "222"))
    made = run_pandoc(filters, text, folder=tmp_path)
    assert made.split("\n\n") == [*said[:-1], f"{said[-1]}\n"]


@pytest.mark.parametrize(
    ("lang", "number", "share"),
    [("pl", "1\u00a0224,5", "12,5%"), ("es-MX", "1,224.5", "12.5%"), ("tr", "1.224,5", "%12,5"),
     ("en-ZA", "1\u00a0224,5", "12,5%"), ("fr-CA", "1\u00a0224,5", "12,5\u202f%"),
     ("en-GB", "1,224.5", "12.5%")],
)  # fmt: skip
def test_numbers_are_as_their_language_and_region_write_them(
    lang: str, number: str, share: str
) -> None:
    """CLDR says it where the extension's own labels do not, or a region differs."""
    labels = load_language(lang)
    assert labels.digits(1224.5) == number
    assert labels.fill("percent", number=labels.mark("12.5")) == share


CITED = """\
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>t</title><id>t</id><updated>2020-01-01T00:00:00+00:00</updated></info>
<citation et-al-min="3" et-al-use-first="1"><layout><names variable="author">
<name and="text" form="short"/></names></layout></citation></style>
"""


@pytest.mark.parametrize(
    "lang",
    sorted({path.stem for path in LANGUAGES.glob("*.json")} - {"en-US", "quotation-marks"}),
)
def test_authors_are_joined_as_the_reference_list_joins_them(lang: str, tmp_path: Path) -> None:
    """What pandoc writes for two authors and for three is what labels say."""
    (tmp_path / "s.csl").write_text(CITED, "utf-8")
    people = [{"family": name} for name in ("Ash", "Birch", "Cedar")]
    items = [{"id": f"p{n}", "type": "book", "title": "T", "author": people[:n]} for n in (2, 3)]
    (tmp_path / "r.json").write_text(json.dumps(items), "utf-8")
    text = f"---\nlang: {lang}\n---\n\n[@p2] / [@p3]\n"
    arguments = ["--citeproc", "--csl=s.csl", "--bibliography=r.json", "--to=plain", "--wrap=none"]
    said = run_pandoc(arguments, text, folder=tmp_path).splitlines()[0]
    labels = load_language(lang)
    two = labels.fill("two-authors", first="Ash", second="Birch")
    # Of two words for "and", CSL leaves the choice open.
    assert settle_joins(said) == f"{two} / Ash {labels['et-al']}"


@pytest.mark.parametrize(("lang", "count"), [("en-GB", 0), ("en-US", 0), ("cy", 1)])
def test_english_words_are_not_missing_in_english(lang: str, count: int) -> None:
    """An older copy of the extension lacks labels that the package has got since."""
    older = Labels(lang, {"close": "Close", "open": "Open"}, frozenset({"close"}))
    assert len(untranslated(older)) == count
