"""Retractions, expressions of concern and errata: read, shown, and no error by mistake."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.bibliography import Entry, find_notices, read_retraction_watch
from reviewpress.bibliography.retractions import notice_of
from reviewpress.errors import BibliographyError
from reviewpress.imports.readers import parse_records

NBIB = """PMID- 11
TI  - Gardens and health.
FAU - Ash, Ann
PT  - Journal Article
{tag}

"""
HEADER = (
    "Record ID,Title,RetractionDate,RetractionDOI,OriginalPaperDate,OriginalPaperDOI,"
    "OriginalPaperPubMedID,RetractionNature,Reason\n"
)


def kind(entry: Entry) -> str:
    """Return the kind of the notice on an entry."""
    found = notice_of(entry)
    return found.kind if found else ""


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("RIN - Park J. 2021 Mar;3(1):9. PMID: 22", "retracted"),
        ("RRI - Park J. 2021 Mar;3(1):9. PMID: 22", "retracted"),
        ("CRI - Park J. 2021 Mar;3(1):9. PMID: 22", "erratum"),
        ("RRF - Park J. 2020;2(1):1. PMID: 10", ""),
        ("PT  - Retracted Publication", "retracted"),
        ("ECI - Park J. 2021;3(1):9. PMID: 22", "expression-of-concern"),
        ("EIN - Park J. 2021;3(1):9. PMID: 22", "erratum"),
        ("EFR - Park J. 2020;2(1):1. PMID: 10", ""),
        ("ROF - Park J. 2020;2(1):1. PMID: 10", ""),
        ("PT  - Retraction of Publication", ""),
        ("CIN - Park J. 2021;3(1):9. PMID: 22", ""),
    ],
)
def test_what_pubmed_says(tag: str, expected: str) -> None:
    """A paper is told from the notice on it, and an erratum from a retraction."""
    (record,) = parse_records(NBIB.format(tag=tag).encode(), "a.nbib").records
    assert kind(record.entry) == expected


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("RetractionIn", "retracted"), ("RetractedandRepublishedIn", "retracted"),
        ("ExpressionOfConcernIn", "expression-of-concern"), ("ErratumIn", "erratum"),
        ("RetractionOf", ""), ("CommentIn", ""),
    ],
)  # fmt: skip
def test_what_pubmed_says_in_xml(type_: str, expected: str) -> None:
    """The type of the reference tells a notice on a paper from a comment and from its converse."""
    text = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>12</PMID><Article><ArticleTitle>"
        f'Gardens</ArticleTitle></Article><CommentsCorrectionsList><CommentsCorrections RefType="'
        f'{type_}"><RefSource>Park J. 2021;3:9</RefSource></CommentsCorrections>'
        "</CommentsCorrectionsList></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    (record,) = parse_records(text.encode(), "a.xml").records
    found = notice_of(record.entry)
    told = (found.kind, found.source) if found else ("", "Park J. 2021;3:9")
    assert told == (expected, "Park J. 2021;3:9")
    assert record.entry.text("pubmed-comments") == "Park J. 2021;3:9"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("RETRACTED: Gardens and health", "retracted"),
        ("Retracted: Gardens and health", "retracted"),
        ("RETRACTED ARTICLE: Gardens", "retracted"),
        ("[RETRACTED] Gardens and health", "retracted"),
        ("Gardens and health [Retracted article. See vol. 3]", "retracted"),
        ("WITHDRAWN: Gardens and health", "retracted"),
        ("RETRACTED Gardens and health", "retracted"),
        ("Gardens and health - RETRACTED", "retracted"),
        ("Gardens (Retracted Article. See vol. 12, pg 3, 2010)", "retracted"),
        ("Gardens and health (Withdrawn)", "retracted"),
        ("Withdrawn Article: Gardens", "retracted"),
        ("Retracted and republished: Gardens", "retracted"),
        ("Article rétracté\N{NO-BREAK SPACE}: les jardins", "retracted"),
        ("Zurückgezogener Artikel: Gärten", "retracted"),
        ("ARTÍCULO RETRACTADO: Jardines", "retracted"),
        ("RETRATADO: Jardins", "retracted"),
        ("Gardens (Expression of Concern. See vol. 3)", "expression-of-concern"),
        ('Retraction notice to "RETRACTED: Gardens"', ""),
        ("Correction to: Retracted: Gardens", ""),
        ("Note de rétractation\N{NO-BREAK SPACE}: les jardins", ""),
        ("Withdrawn-depressed behaviour in children", ""),
        ("Traits of dogs (withdrawn or aggressive)", ""),
        ("Papers (retracted or not)", ""),
        ("RETRACTED PAPERS AND THEIR READERS", ""),
        ("Retraction: Gardens and health", ""),
        ("Retraction notice to: Gardens and health", ""),
        ("Retracted articles in gardening journals: a survey", ""),
        ("Why papers are retracted", ""),
        ("Erratum: Gardens and health", ""),
    ],
)
def test_what_titles_say(title: str, expected: str) -> None:
    """A paper about retractions is not retracted, and neither is the notice."""
    assert kind(Entry("a", "article", {"title": title})) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"wos-dt": "Article; Retracted Publication"}, "retracted"),
        ({"ovid-pt": "Journal Article. Retracted Publication."}, "retracted"),
        ({"scopus-document-type": "Retracted"}, "retracted"),
        ({"document_type": "Retracted"}, "retracted"),
        ({"keywords": "Adult; Retracted Publication"}, "retracted"),
        ({"csv-is-retracted": "TRUE"}, "retracted"),
        ({"csl-updated-by": '[{"DOI": "10.1/r", "type": "retraction"}]'}, "retracted"),
        ({"csl-updated-by": '[{"type": "correction"}]'}, "erratum"),
        ({"note": "Retracted"}, "retracted"),
        ({"note": "This article has been retracted."}, "retracted"),
        ({"note": "Correction to: Parks 2021"}, "erratum"),
        ({"abstract": "This article has been retracted: see the policy"}, "retracted"),
        ({"keywords": "Retracted Publication as Topic"}, ""),
        ({"csv-is-retracted": "false"}, ""),
        ({"note": "Nothing was retracted"}, ""),
        ({"abstract": "We ask why an article has been retracted."}, ""),
        ({"type": "Retraction of Publication"}, ""),
    ],
)  # fmt: skip
def test_what_databases_say(fields: dict[str, str], expected: str) -> None:
    """In the fields that their exports have for the type of a record, its keywords and notes."""
    assert kind(Entry("a", "article", {"title": "Gardens", **fields})) == expected


def test_what_was_reinstated_keeps_no_mark(tmp_path: Path) -> None:
    """Databases have the mark of a retraction for long; the table is the later word."""
    path = tmp_path / "watch.csv"
    path.write_text(
        HEADER.replace(",", ";")
        + "1;B\x0bC;5/2/2020 0:00;;;10.1/b;12.0;Retraction;x\n"
        + "2;B;6/2/2022 0:00;;;10.1/b;12.0;Reinstatement;x\n",
        encoding="utf-8",
    )
    watched = read_retraction_watch(path, "watch.csv")
    entry = Entry("b", "article", {"title": "RETRACTED: B", "pmid": "12"})
    assert find_notices([entry])["b"].kind == "retracted"
    assert find_notices([entry], watched) == {}


def test_the_table_of_retraction_watch(tmp_path: Path) -> None:
    """By DOI or PubMed number; a reinstatement ends a retraction, a correction does not."""
    path = tmp_path / "watch.csv"
    path.write_text(
        HEADER
        + '1,"A, B",3/1/2021 0:00,10.1/r,1/1/2019 0:00,10.1/A,0,Retraction,x\n'
        + "2,B,5/2/2020 0:00,10.1/r2,1/1/2019 0:00,10.1/b,0,Retraction,x\n"
        + "3,B,6/2/2022 0:00,10.1/r3,1/1/2019 0:00,10.1/b,0,Reinstatement,x\n"
        + "4,C,1/1/2020 0:00,,1/1/2019 0:00,unavailable,77,Expression of concern,x\n"
        + "5,D,1/1/2020 0:00,,1/1/2019 0:00,10.1/d,0,Retraction,x\n"
        + "6,D,1/1/2021 0:00,,1/1/2019 0:00,10.1/d,0,Correction,x\n",
        encoding="utf-8",
    )
    watched = read_retraction_watch(path, "watch.csv")
    entries = [
        Entry(name, "article", {"title": name, field: value})
        for name, field, value in (
            ("a", "doi", "10.1/a"), ("b", "doi", "10.1/b"), ("c", "pmid", "77"),
            ("d", "doi", "10.1/d"), ("e", "doi", "10.1/e"), ("f", "pmid", "0"),
        )
    ]  # fmt: skip
    found = {key: one.kind for key, one in find_notices(entries, watched).items()}
    assert found == {"a": "retracted", "c": "expression-of-concern", "d": "retracted"}


def test_another_table_is_refused(tmp_path: Path) -> None:
    """The message names the column that it lacks."""
    (tmp_path / "a.csv").write_text("DOI,Title\n10.1/a,A\n", encoding="utf-8")
    with pytest.raises(BibliographyError, match="no column OriginalPaperDOI"):
        read_retraction_watch(tmp_path / "a.csv", "a.csv")
    with pytest.raises(BibliographyError, match="cannot be read"):
        read_retraction_watch(tmp_path / "b.csv", "b.csv")


def test_an_included_paper_that_was_retracted(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """It is an error until somebody writes down why it stays, and is shown where it is listed."""
    assert reviewpress("new review", cwd=tmp_path).status == 0
    root = tmp_path / "review"
    path = root / "bib/references.bib"
    text = path.read_text(encoding="utf-8")
    at = text.index("title", text.index("ash2019"))
    path.write_text(f"{text[:at]}nbib-rin = {{Parks. 2021;3:9}},\n  {text[at:]}", encoding="utf-8")
    made = reviewpress("check", cwd=root)
    assert made.status == 1
    assert '"ash2019" is included, and was retracted (Parks. 2021;3:9).' in made.stderr
    acknowledged = root / "data/acknowledged.yml"
    before = acknowledged.read_text(encoding="utf-8") if acknowledged.is_file() else ""
    entry = "  - rule: retracted\n    place: ash2019\n    reason: Left out of every synthesis.\n"
    text = before if "acknowledged:" in before else f"{before}acknowledged:\n"
    acknowledged.write_text(text.replace("acknowledged: []", "acknowledged:") + entry, "utf-8")
    assert reviewpress("check", cwd=root).status == 0
    assert reviewpress("render --engine pandoc --to html", cwd=root).status == 0
    pages = [page.read_text("utf-8") for page in (root / "_output").rglob("*.html")]
    assert sum("[Retracted]" in page for page in pages) >= 2
