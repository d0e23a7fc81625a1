"""Recognising records: measured on labelled pairs, blocked, and linear."""

import random
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from reviewpress.bibliography import Entry, split_names
from reviewpress.imports.index import Index
from reviewpress.imports.matching import compare
from reviewpress.imports.merging import Keys, base_key
from reviewpress.imports.records import make_entry
from reviewpress.imports.traits import clean_doi, traits_of

REPOSITORY = Path(__file__).resolve().parents[1]
MEASURE = runpy.run_path(str(REPOSITORY / "scripts" / "measure_duplicates.py"))
SETS = tuple(MEASURE["SETS"])
verdict = MEASURE["verdict"]


def entry(key: str = "", **texts: str) -> Entry:
    people = split_names(texts.pop("author", ""))
    return replace(make_entry("article", texts, people), key=key)


def test_precision_and_recall_on_the_pairs_that_thresholds_were_set_by() -> None:
    """No two works are merged into one, and at most one duplicate in 25 is not recognised.

    What is unsure is neither merged nor lost: both records stay, and someone looks. So it is with
    reports of one title in two years that have neither volume nor pages.
    """
    found, _ = MEASURE["measure"]("Set by")
    assert found.total() > 350
    assert MEASURE["precision"](found) == 1.0
    assert MEASURE["recall"](found) > 0.96
    assert MEASURE["recall"](found, unsure=True) == 1.0
    assert found["different", "unsure"] < 10


def test_precision_and_recall_on_held_out_pairs() -> None:
    """On kinds of pairs that nothing was set by, merging stays safe, and nothing is passed over."""
    found, _ = MEASURE["measure"]("Held out")
    assert found.total() > 200
    assert MEASURE["precision"](found) >= 0.99
    assert MEASURE["recall"](found) > 0.9
    assert MEASURE["recall"](found, unsure=True) > 0.98


def test_the_documentation_states_what_is_measured() -> None:
    """The tables in the explanation are those that the script prints now."""
    page = REPOSITORY / "docs" / "explanation" / "recognising-duplicates.md"
    text = page.read_text(encoding="utf-8")
    tables = [MEASURE["summary_table"](), *map(MEASURE["kinds_table"], SETS[1:])]
    missing = [table for table in tables if table not in text]
    assert missing == [], "copy what `python scripts/measure_duplicates.py` prints"


@pytest.mark.parametrize("part", ["looked-at", "held-out"])
def test_made_up_pairs_are_what_their_generator_makes(
    part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The labelled pairs in the repository are made from the works and kinds beside it."""
    generator = runpy.run_path(str(REPOSITORY / "tests" / "generators" / "made_up_pairs.py"))
    generator["main"](part)
    table = REPOSITORY / "tests" / "data" / f"duplicates_{part.replace('-', '_')}.csv"
    assert capsys.readouterr().out == table.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SETS)
def test_verdicts_do_not_depend_on_the_order(name: str) -> None:
    """Whichever of two records came first, they are judged alike."""
    for _, why, one, other in MEASURE["labelled"](name):
        assert verdict(one, other) == verdict(other, one), (why, one.title)


def test_same_title_in_another_journal_is_for_people_to_decide() -> None:
    """A preprint or an abstract is not merged into the article; an abbreviated journal is."""
    base = {"title": "A title of a study of shared gardens", "author": "Berg, Ada", "year": "2020"}
    article = entry("a", **base, journal="Journal of Integrated Care")
    assert verdict(article, entry("b", **base, journal="medRxiv")) == "related"
    assert verdict(article, entry("b", **base, journal="Letters of the Baltic")) == "unsure"
    assert verdict(article, entry("b", **base, journal="J Integr Care")) == "same"


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"doi": "10.1000/a"}, {"doi": "https://doi.org/10.1000/A"}, "same DOI"),
        ({"pmid": "1"}, {"pmid": "1"}, "same PubMed number"),
        ({}, {"author": "Berg, A."}, "same title, same author, same year"),
        (
            {"pages": "3--9", "volume": "4"},
            {"year": "2021", "pages": "3--9", "volume": "4"},
            "same title, same author, one year apart, same pages",
        ),
    ],
)
def test_the_reason_of_a_match_is_told(
    one: dict[str, str], other: dict[str, str], found: str
) -> None:
    """The report says why a record was taken for an entry."""
    base = {"title": "A title of a study of care", "author": "Berg, Ada", "year": "2020"}
    match = compare(traits_of(entry("k", **base | other)), traits_of(entry("k", **base | one)))
    assert match is not None
    assert (match.verdict, match.reason) == ("same", found)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "same"),
        ({"journal": "J Integr Care"}, "same"),
        ({"pages": "21--30"}, "unsure"),
        ({"pages": ""}, "unsure"),
        ({"volume": ""}, "unsure"),
        ({"journal": ""}, "unsure"),
        ({"journal": "Preprints of Social Science"}, "related"),
        ({"journal": "Social Science Letters"}, "unsure"),
        ({"year": "2020"}, "unsure"),
        ({"author": "Else, S."}, "different"),
        ({"title": "Joined-up care for families in towns: a protocol"}, "different"),
    ],
)
def test_the_same_pages_outweigh_another_doi(change: dict[str, str], verdict: str) -> None:
    """A repository's DOI, or one typed wrong; a preprint or an abstract stands elsewhere."""
    record = {
        "title": "Joined-up care for families in towns",
        "author": "Wang, L.",
        "year": "2021",
        "journal": "Journal of Integrated Care",
        "volume": "4",
        "pages": "11--19",
    }
    one = entry("one", **record, doi="10.1000/a.1")
    other = entry("other", **(record | change), doi="10.9999/b.2")
    match = compare(traits_of(one), traits_of(other))
    assert (match.verdict if match else "different") == verdict


def test_two_replies_on_one_page_are_two() -> None:
    """A title that says nothing is no ground to outweigh two DOIs."""
    record = {"title": "Reply", "author": "Wang, L.", "year": "2021", "journal": "Care",
              "volume": "4", "pages": "11"}  # fmt: skip
    one, other = entry("a", **record, doi="10.1000/a"), entry("b", **record, doi="10.1000/b")
    match = compare(traits_of(one), traits_of(other))
    assert match is not None
    assert match.verdict == "unsure"


def test_one_doi_on_two_works_is_for_people_to_decide() -> None:
    """A wrong DOI does not merge two works."""
    one = entry("a", title="Care in the north of the country", doi="10.1000/a", year="2020")
    other = entry("b", title="Quite another subject altogether", doi="10.1000/a", year="2020")
    assert verdict(one, other) == "unsure"


def test_finding_is_linear_also_where_titles_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the records with titles of the same words need few more comparisons for each."""
    rng = random.Random(1)
    words = ["care", "child", "family", "health", "service", "integrated", "children", "team"]
    compared = []
    monkeypatch.setattr(
        "reviewpress.imports.index.compare",
        lambda one, other: compared.append(one) or compare(one, other),
    )

    def count(records: int) -> int:
        compared.clear()
        index = Index()
        for number in range(records):
            title = " ".join(rng.sample(words, 6))
            record = traits_of(entry(f"k{number}", title=f"{title} {number}", year="2020"))
            index.find(record)
            index.add(record)
        return len(compared)

    few, many = count(500), count(2000)
    assert 0 < many < 6 * few


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        ({"author": "Le Helley, A", "year": "2020"}, "lehelley2020"),
        ({"author": "O’Hara-Løwe, J", "year": "2020"}, "oharalowe2020"),
        ({"author": "{Scottish Government}", "year": "2021"}, "scottishgovernment2021"),
        ({"author": "张, 伟", "year": "2021"}, "zhang2021"),
        ({"title": "The care of children"}, "carechildrennd"),
        ({"title": "1 2 3"}, "untitlednd"),
    ],
)
def test_keys_are_family_name_and_year(texts: dict[str, str], key: str) -> None:
    """ASCII, lower case, no spaces; a body's name, or words of the title, where there is none."""
    assert base_key(entry(**texts)) == key


def test_a_second_key_of_a_kind_gets_a_letter() -> None:
    """Keys in use stay as they are, also in another case, and new ones stand beside them."""
    keys = Keys()
    keys.add("Wang2020")
    keys.add("wang2020b")
    made = [keys.make(entry(author="Wang, L", year="2020")) for _ in range(3)]
    assert made == ["wang2020a", "wang2020c", "wang2020d"]
    assert keys.make(replace(entry(author="Wang, L", year="2020"), key="own:key")) == "own:key"
    assert keys.make(replace(entry(author="Wang, L", year="2019"), key="Wang2020")) == "wang2019"


def test_kinds_that_real_exports_have_are_told_apart() -> None:
    """No book with its chapter, abstract with its neighbour, or part I with part II is merged.

    Reports of one study are offered as such, and duplicates in a database's own dress are found.
    """
    found, _ = MEASURE["measure"]("Kinds of real exports")
    assert found.total() > 200
    assert MEASURE["precision"](found) == 1.0
    assert MEASURE["recall"](found) > 0.95
    assert MEASURE["recall"](found, unsure=True) == 1.0
    assert {label for label, verdict in found if verdict == "related"} == {"study"}
    assert found["study", "same"] == found["study", "unsure"] == found["study", "different"] == 0


def test_the_kinds_of_pairs_are_what_their_generator_makes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The labelled pairs in the repository are made from the works beside it."""
    generator = runpy.run_path(str(REPOSITORY / "tests" / "generators" / "kinds_of_pairs.py"))
    generator["main"]()
    table = REPOSITORY / "tests" / "data" / "duplicates_kinds.csv"
    assert capsys.readouterr().out == table.read_text(encoding="utf-8")


WALK = {
    "author": "Alder, K. A. and Oak, B.",
    "title": "Effects of walking on balance in older women fed a plain diet",
    "year": "2013",
    "journal": "Journal of Suppers",
    "volume": "56",
    "pages": "S69",
}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        # two abstracts under the DOI of their supplement
        ({"doi": "10.1000/s.1"}, {"doi": "10.1000/s.1", "author": "Beech, J.", "pages": "S258",
          "title": "Effects of dancing on balance in older men fed a sweet diet"}, "different"),
        ({"doi": "10.1000/s.1"}, {"doi": "10.1000/s.1", "pages": "S70",
          "title": "Effects of walking on balance in older men fed a plain diet"}, "unsure"),
        ({"doi": "10.1000/s.1"}, {"doi": "10.1000/s.1", "author": "Beech, J.", "pages": ""},
         "same"),
        ({}, {"title": "Effects of dancing on balance in older women fed a plain diet"}, "unsure"),
        ({"doi": "10.1000/s.1"}, {"doi": "10.1000/s.2", "title": WALK["title"].replace(
            "women", "men")}, "unsure"),
        # a series under one title
        ({}, {"volume": "55", "pages": "387--408", "year": "2012",
              "journal": "The Journal of Suppers"}, "unsure"),
        # one name of a journal within another
        ({"journal": "Stroke"}, {"journal": "Topics in Stroke Rehabilitation", "pages": "",
                                 "volume": ""}, "unsure"),
        ({"journal": "Lancet (London, England)"}, {"journal": "The Lancet", "pages": ""}, "same"),
        ({"journal": "Walks & Suppers"}, {"journal": "Walks and suppers", "pages": ""}, "same"),
        # two DOIs, written in other ways
        ({"doi": "10.1000/S0016-5085(16)30847-2"},
         {"doi": "https://dx.doi.org/10.1000/s0016-5085%2816%2930847-2."}, "same"),
        ({"doi": "10.1000/a1"}, {"doi": "10.1000/a2"}, "same"),
        ({"doi": "10.1000/a1", "pages": ""}, {"doi": "not available"}, "same"),
        ({"doi": "10.1000/a1"}, {"doi": "10.1000/a2", "pages": "S70"}, "unsure"),
        # reports of one study
        ({}, {"journal": "medRxiv", "volume": "", "pages": "", "doi": "10.1101/2012.1"}, "related"),
        ({"abstract": "Registered as ISRCTN12345678."},
         {"title": "Walking for balance", "author": "ISRCTN", "journal": "ISRCTN registry",
          "volume": "", "pages": "", "note": "ISRCTN 12345678"}, "related"),
        ({"note": "EudraCT 2010-123456-11"},
         {"title": "A trial of walks and plain suppers", "author": "Ash, C.",
          "note": "EUCTR2010-123456-11-DE"}, "related"),
        ({"note": "EudraCT: 2010-123456-11"},
         {"title": "A trial of walks and plain suppers", "author": "Ash, C.",
          "abstract": "EudraCT number 2010-123456-11"}, "related"),
        # a letter, or a character, that tells parts apart
        ({"title": f"{WALK['title']} (Part A)", "pages": ""},
         {"title": f"{WALK['title']} (Part B)", "pages": ""}, "unsure"),
        ({"title": "Vitamin A and balance in older women fed a plain diet", "pages": ""},
         {"title": "Vitamin D and balance in older women fed a plain diet", "pages": ""},
         "unsure"),
        ({"title": "学校花园对老年妇女健康的影响与饮食的关系研究第一部分", "pages": ""},
         {"title": "学校花园对老年妇女健康的影响与饮食的关系研究第二部分", "pages": ""}, "unsure"),
        ({"title": "学校花园对老年妇女健康的影响与饮食的关系研究", "pages": ""},
         {"title": "学校花园对老年妇女健康的影响与饮食的关系研究"}, "same"),
        # what databases write into titles
        ({}, {"title": f"{WALK['title']}. [Review] [87 refs]", "pages": "", "volume": ""}, "same"),
        ({}, {"title": f"{WALK['title']}: an erratum"}, "unsure"),
        ({}, {"title": f"Erratum: {WALK['title']}", "pages": "S99"}, "different"),
    ],
)  # fmt: skip
def test_kinds_by_hand(one: dict[str, str], other: dict[str, str], found: str) -> None:
    """Each kind is judged the same whichever record comes first."""
    first, second = entry("a", **(WALK | one)), entry("b", **(WALK | other))
    assert (verdict(first, second), verdict(second, first)) == (found, found)


def test_a_part_is_not_its_whole() -> None:
    """A chapter under its book's title and DOI stays; so does a paper beside its proceedings."""
    for part, whole in (("incollection", "book"), ("inproceedings", "proceedings")):
        texts = {"title": "Ferns of the northern islands", "year": "2001", "doi": "10.1000/ferns"}
        people = split_names("Fern, Fay")
        one, other = (replace(make_entry(kind, texts, people), key=kind) for kind in (part, whole))
        assert verdict(one, other) == verdict(other, one) == "unsure"


@pytest.mark.parametrize(
    ("kind", "place", "found"),
    [("report", "", "unsure"), ("article", "", "unsure"), ("article", "12", "same")],
)
def test_a_report_of_each_year_is_one_of_its_own(kind: str, place: str, found: str) -> None:
    """An article is online without a place, and a year later in an issue; reports are two."""
    texts = {"title": "Survey of ferns on the northern islands", "institution": "Fern Office"}
    one, other = (
        replace(make_entry(kind, texts | more, split_names("Fern, F.")), key=more["year"])
        for more in ({"year": "2001"}, {"year": "2002", "volume": place, "pages": place})
    )
    assert verdict(one, other) == found


def test_identical_entries_are_one_even_where_they_say_little() -> None:
    """What an export gives letter by letter again is there already."""
    little = {"title": "Editorial", "journal": "Journal of Suppers", "year": "2013"}
    assert verdict(entry("a", **little), entry("b", **little)) == "same"
    assert verdict(entry("a", **little), entry("b", **(little | {"volume": "3"}))) == "different"


@pytest.mark.parametrize(
    "other",
    [
        "https://doi.org/10.1000/A-B(2020)", "doi:10.1000/a-b(2020).", "DOI 10.1000/a-b(2020)",
        "http://dx.doi.org/10.1000//a-b(2020)", "10.1000/a\N{HYPHEN}b(2020)", "10.1000/a-b(2020)*",
        "10.1000/a%2Db%282020%29", "10.1000/a-b&#40;2020&#41;", "https://www.doi.org/10.1000%2Fa-b(2020)",
        "10.1000/a\N{EN DASH}b(2020)", "info:doi/10.1000/a-b(2020);", "10.1000%252Fa-b(2020)",
        "10.1000/ a-b(2020)",
    ],
)  # fmt: skip
def test_dois_are_equal_where_only_their_writing_differs(other: str) -> None:
    """Addresses, labels, escapes, dashes, slashes, stars and what a sentence puts after them."""
    assert clean_doi(other) == clean_doi("10.1000/a-b(2020)")
    assert clean_doi("10.1000/a-c(2020)") != clean_doi(other)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (("NCT03355859", "NCT03344367"), "different"),
        (("ISRCTN12345678", "ISRCTN87654321"), "different"),
        (("NCT03355859", "NCT03355859"), "same"),
        (("NCT03355859", "ISRCTN87654321"), "same"),
    ],
)
def test_two_numbers_of_one_register_are_two_trials(
    numbers: tuple[str, str], expected: str
) -> None:
    """A sponsor tries a drug again under the same title; a trial may be in two registers."""
    base = {
        "title": "Study of a new drug in asthma",
        "year": "2017",
        "journal": "ClinicalTrials.gov",
    }
    one, other = (
        entry(f"k{place}", **base, accession=number) for place, number in enumerate(numbers)
    )
    assert verdict(one, other) == expected
