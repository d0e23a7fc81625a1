"""What a report says of its searches: strategies as run, sources, PRISMA-S in sentences."""

from pathlib import Path

import pytest

from reviewpress.config import load_config
from reviewpress.errors import ConfigError, Problems
from reviewpress.evidence.searches import check_searches, read_searches
from reviewpress.figures.cells import cell_markdown, file_words
from reviewpress.imports import import_records
from reviewpress.labels import load_language
from reviewpress.markdown import Verbatim
from reviewpress.new import make_review
from reviewpress.review import Review, load

SEARCHES = """title: Searches
strings:
  - id: medline
    title: Medline (Ovid)
    published: |
      1. exp Gardening/
      2. (garden* or allotment*).ti,ab.  1,234
      3. 1 or 2 (2020)
    hits: {1: 87, 3: 0}
sources:
  - {id: medline, name: Medline, kind: database, platform: Ovid, coverage: 1946 to 2025}
  - {id: index, name: Made-up Index, kind: register}
  - {id: trust, name: Trust, kind: website}
searches:
  - {id: m1, source: medline, string: medline, date: 2025-01-15, file: a.ris, limits: English}
  - {id: m2, source: medline, string: medline, date: 2025-06-01, records: 3}
  - {id: i1, source: index, string: medline, date: 2025-02-01, file: b.ris}
  - {id: t1, source: trust, terms: [garden]}
"""


TREES = "Trees in another town and what an online sample of its people says"


def record(title: str, year: int) -> str:
    """Return a record of RIS."""
    return f"TY  - JOUR\nAU  - Ash, Ann\nTI  - {title}\nJO  - Parks\nPY  - {year}\nER  - \n\n"


@pytest.fixture
def review(tmp_path: Path) -> Review:
    """A review of two papers, each found by one source alone or by both."""
    table = tmp_path / "papers.csv"
    titles = ("Gardens of the north and their people", "Allotments and what they are for")
    rows = "".join(f'"Ash, Ann",{2019 + n},{title}\n' for n, title in enumerate(titles))
    table.write_text(f"author,year,title\n{rows}", encoding="utf-8")
    root = make_review(tmp_path / "review", papers=table)
    (root / "data/searches.yml").write_text(SEARCHES, encoding="utf-8")
    both, other = (
        record(titles[0], 2019),
        record("Trees in another town and what an online sample of its people says", 2001),
    )
    (root / "a.ris").write_text(both + other, encoding="utf-8")
    (root / "b.ris").write_text(both + record(titles[1], 2020), encoding="utf-8")
    import_records(load_config(root, check_chapters=False), [root / "a.ris", root / "b.ris"])
    return load(root)


def test_a_strategy_is_shown_as_it_was_run(review: Review) -> None:
    """Line by line, with its own numbers; nothing but hits after two spaces is taken away."""
    frame = review.search_strategy("medline")
    assert cell_markdown(Verbatim("TI=('a' \"b\" | c*)")) == r"TI=(\'a\' \"b\" \| c\*)"
    assert file_words(frame["Search"][1]) == "(garden* or allotment*).ti,ab."
    assert list(frame.columns) == ["No.", "Search", "Hits"]
    assert frame["Search"].tolist() == [
        "exp Gardening/",
        "(garden* or allotment*).ti,ab.",
        "1 or 2 (2020)",
    ]
    assert frame["Hits"].tolist() == [87, 1234, 0]
    assert list(check_searches(review.searches, "data/searches.yml")) == []


def test_each_source_with_what_it_alone_found(review: Review) -> None:
    """What is not known, because nothing was imported, is not 0."""
    frame = review.search_sources.set_index("Source")
    assert frame["Records"].astype(object).where(frame["Records"].notna(), None).tolist() == [
        5, 2, None,
    ]  # fmt: skip
    assert frame.loc[["Medline", "Made-up Index"], "Unique"].tolist() == [1, 1]
    assert frame.loc[["Medline", "Made-up Index"], "Included alone"].tolist() == [0, 1]
    assert frame["Included alone"].isna().tolist() == [False, False, True]
    assert frame.loc["Medline", "Last searched"] == "2025-06-01"


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("1", "One database was searched: Medline (on Ovid, covering 1946 to 2025). One study"
              " register was searched: Made-up Index."),
        ("8", "1 of 1 search strategies are given exactly as they were run."),
        ("9", "Limits were applied in Medline (English). No limits are recorded for the other 3"
              " searches."),
        ("13", "Sources were last searched on these dates: Medline on 1 June 2025; Made-up Index on"
               " 1 February 2025. The date is not recorded for Trust."),
        ("15", "The searches gave 7 records: Medline 5; Made-up Index 2. How many is not recorded"
               " for Trust."),
        ("16", "Duplicates were recognised by Reviewpress while 4 records were imported, by"
               " identifiers, titles, authors, years and places; 3 entries were kept."),
    ],
)  # fmt: skip
def test_sentences_of_prisma_s(review: Review, item: str, sentence: str) -> None:
    """They say what is recorded, and what is not."""
    assert str(review.search_text(item)).replace("\\", "") == sentence


@pytest.mark.parametrize(
    ("old", "new", "item", "sentence"),
    [
        ("limits: English", "limits: none", "9",
         "No limits were applied in Medline. No limits are recorded for the other 3 searches."),
        ("limits: English", "limits: [English, 2000 to 2025]", "9",
         "Limits were applied in Medline (English, 2000 to 2025). No limits are recorded for the"
         " other 3 searches."),
        ("limits: English", "filters: none", "10", "No published search filters were used."),
        ("limits: English", "limits: no", "10", "No published search filters are recorded."),
        ("limits: English", "filters: 'Trials_1 [@ash2019, p. 2]'", "10",
         "Published search filters were used in Medline (Trials_1 [@ash2019, p. 2])."),
        ("title: Searches", "peer-review: PRESS, by a librarian.", "14",
         "The search strategies were peer reviewed (PRESS, by a librarian)."),
        ("source: trust, terms: [garden]", "source: trust", "8",
         "1 of 1 search strategies are given exactly as they were run. No strategy is recorded for"
         " Trust."),
        ("title: Searches", "peer-review: none", "14",
         "The search strategies were not peer reviewed."),
        ("platform: Ovid", "platform: medline", "1",
         "One database was searched: Medline (covering 1946 to 2025). One study register was"
         " searched: Made-up Index."),
    ],
)  # fmt: skip
def test_what_there_was_none_of_is_said(
    review: Review, old: str, new: str, item: str, sentence: str
) -> None:
    """None is not the same as not recorded; citations cite, and a platform may be the database."""
    path = review.root / "data/searches.yml"
    path.write_text(SEARCHES.replace(old, new), "utf-8")
    assert str(load(review.root).search_text(item)).replace("\\", "") == sentence


@pytest.mark.parametrize(
    ("lang", "item", "sentence"),
    [
        ("fr", "1", "Une base de données a été interrogée\u202f: Medline (sur Ovid, couvrant"
                    " 1946 to 2025). Un registre d’études a été interrogé\u202f: Made-up Index."),
        ("de", "13", "Zuletzt durchsucht: Medline (1. Juni 2025); Made-up Index (1. Februar"
                     " 2025). Das Datum ist nicht angegeben für: Trust."),
        ("es", "15", "Las búsquedas dieron 7 registros: Medline 5; Made-up Index 2. No consta el"
                     " número de: Trust."),
        ("pt", "9", "Foram aplicados limites em: Medline (English). Não constam limites nas"
                    " outras 3 pesquisas."),
        ("cy", "8", "Strategaethau chwilio a roddir yn union fel y’u rhedwyd: 1 o 1."),
    ],
)  # fmt: skip
def test_sentences_are_in_the_language_of_the_review(
    review: Review, lang: str, item: str, sentence: str
) -> None:
    """In all six that new reviews begin in, with their dates, marks and forms of nouns."""
    path = review.root / "_quarto.yml"
    path.write_text(path.read_text("utf-8").replace("lang: en-GB", f"lang: {lang}"), "utf-8")
    told = load(review.root).search_text(item)
    assert str(told).replace("\\", "") == sentence


@pytest.mark.parametrize("lang", ["fr", "de", "es", "pt", "cy"])
def test_every_sentence_has_its_words(lang: str) -> None:
    """None stays English in a language that is shipped whole."""
    english, own = load_language("en"), load_language(lang)
    names = [name for name in english if name.startswith("search-") and english[name] != ""]
    sentences = [name for name in names if english[name].endswith(".")]
    assert len(sentences) > 15
    assert [name for name in sentences if own[name] == english[name]] == []


def test_an_item_that_nobody_can_compute(review: Review) -> None:
    """The message names one that is near."""
    for item in ("17", 17):
        with pytest.raises(ConfigError, match='item "17" of PRISMA-S'):
            review.search_text(item)
    assert review.search_text(8) == review.search_text("8")


def test_what_was_never_recorded_is_said_to_be_so(review: Review) -> None:
    """No number of none is given for strategies, and a register is no database."""
    path = review.root / "data/searches.yml"
    text = SEARCHES.replace(", string: medline", "").replace("kind: database", "kind: register")
    path.write_text(text, encoding="utf-8")
    told = load(review.root)
    assert str(told.search_text(8)) == "No search strategy is recorded."
    assert "No database was searched. 2 study registers were searched" in str(told.search_text(1))


def test_records_that_are_one_publication_are_one_entry(review: Review, tmp_path: Path) -> None:
    """What an import was not sure of, and somebody decided is the same, is not unique."""
    unsure = record(
        "Trees in another town and what an online sample of its people says", 2001
    ).replace("Ash, Ann", "Elm, Eva")
    unsure = unsure.replace("JO  - Parks\n", "")
    (review.root / "c.ris").write_text(unsure, encoding="utf-8")
    path = review.root / "data/searches.yml"
    searches = SEARCHES.replace("terms: [garden]", "file: c.ris")
    path.write_text(searches, encoding="utf-8")
    report = import_records(load_config(review.root, check_chapters=False), [review.root / "c.ris"])
    (found,) = report.unsure
    before = load(review.root)
    assert before.search_sources["Unique"].tolist() == [1, 1, 1]
    assert "5 records were imported" in str(before.search_text(16))
    assert "4 entries were kept" in str(before.search_text(16))
    (review.root / "data/duplicates.csv").write_text(
        f"record,other,decision\n{found.key},{found.like},same\n", encoding="utf-8"
    )
    after = load(review.root)
    assert after.search_sources["Unique"].tolist() == [0, 1, 0]
    assert "3 entries were kept" in str(after.search_text(16))


def test_a_strategy_without_concepts_is_compared_with_nothing(tmp_path: Path) -> None:
    """One that names concepts still is."""
    path = tmp_path / "searches.yml"
    text = (
        "concepts: {a: {terms: [garden]}}\nstrings:\n  - {id: one, published: 1. exp Gardening/}\n"
        "  - {id: two, concepts: [a], published: something else}\n"
    )
    path.write_text(text, encoding="utf-8")
    found = list(check_searches(read_searches(path, tmp_path), "searches.yml"))
    assert [problem.message for problem in found] == [
        'the published string "two" is not the one its concepts give.'
    ]


def test_hits_are_numbers(tmp_path: Path) -> None:
    """A word in their place is named with its line."""
    path = tmp_path / "searches.yml"
    path.write_text("strings:\n  - {id: one, published: a, hits: {1: many}}\n", encoding="utf-8")
    with pytest.raises((ConfigError, Problems), match="hits"):
        read_searches(path, tmp_path)
