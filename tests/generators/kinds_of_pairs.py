"""Make pairs of records of the kinds that imports of real exports got wrong.

    python tests/generators/kinds_of_pairs.py > tests/data/duplicates_kinds.csv

The works are those of `made_up_works.csv`; each kind is made of every third. `same` is one
publication; `study` is two reports of one study, to be offered as such and never merged;
`different` is neither.
"""

import csv
import sys
from collections.abc import Callable
from pathlib import Path

FIELDS = ("type", "title", "author", "year", "journal", "volume", "number", "pages", "doi",
          "abstract", "note")  # fmt: skip
HERE = Path(__file__).parent
Work = dict[str, str]
Pair = tuple[Work, Work]
Kind = Callable[[Work], Pair]
ABSTRACT = (
    "Background: little is known of {topic}. Methods: we asked {n} people in four places, and"
    " followed them for {m} months with the help of those who look after them. Results: more than"
    " half of those asked gave an answer that can be used, and {n} reasons were named. Conclusions:"
    " {topic} deserves to be looked at again, by others, elsewhere, and for longer than here."
)


def refs_note(one: Work) -> Pair:
    """same: Ovid adds [Review] [87 refs] to the title; no DOI; pages abbreviated"""
    first, _, last = one["pages"].partition("--")
    title = f"{one['title']}. [Review] [87 refs]"
    return one, one | {"doi": "", "title": title, "pages": f"{first}-{last[-2:]}"}


def erratum_note(one: Work) -> Pair:
    """same: PubMed notes in the title where an erratum appeared; no DOI"""
    title = f"{one['title']}.[Erratum appears in {one['journal']}. 2020 Mar;4(1):99]"
    return one, one | {"doi": "", "title": title}


def run_together(one: Work) -> Pair:
    """same: all authors run together in one; DOI with its address and a stop"""
    names = one["author"].replace(" and ", ".").replace(", ", " ")
    return one | {"doi": ""}, one | {"author": names, "doi": f"https://doi.org/{one['doi']}."}


def escaped_doi(one: Work) -> Pair:
    """same: the DOI in capitals, with a %-escape; the title cut, no pages"""
    doi = one["doi"].upper().replace("/", "%2F")
    return one, one | {"doi": doi, "title": one["title"][:40], "pages": "", "volume": ""}


def translated(one: Work) -> Pair:
    """same: one DOI, the title in another language, authors and pages as they are"""
    return one, one | {"title": f"Eine Untersuchung ({one['year']}): {one['title'][::-1]}"}


def spreadsheet_pages(one: Work) -> Pair:
    """same: pages that a spreadsheet made a date, volume in brackets, no DOI"""
    return one, one | {"doi": "", "pages": "01-Oct", "volume": f"{one['volume']} (Suppl 1)"}


def identical(one: Work) -> Pair:
    """same: the record once more, letter by letter, without authors and DOI"""
    bare = one | {"doi": "", "author": "", "pages": ""}
    return bare, dict(bare)


def supplement_doi(one: Work) -> Pair:
    """different: two abstracts of other people under the DOI of their supplement"""
    words = one["title"].split()
    other = {"title": " ".join(["Effects", "in", "winter", *words[3:]]), "author": "Holm, Kai"}
    return one | {"pages": "S12"}, one | other | {"pages": "S240"}


def supplement_same_people(one: Work) -> Pair:
    """different: two abstracts of the same people under the DOI of their supplement"""
    return (
        one | {"title": f"{one['title']} in men", "pages": "S12"},
        one | {"title": f"{one['title']} in women", "pages": "S13"},
    )


def yearly_series(one: Work) -> Pair:
    """different: a series under one title, "and" and "&" in the journal"""
    journal = f"Methods and {one['journal']}"
    return (
        one | {"doi": "", "journal": journal},
        one | {"doi": "", "journal": journal.replace(" and ", " & "), "pages": "700--712",
               "volume": str(int(one["volume"]) + 1), "year": str(int(one["year"]) + 1)},
    )  # fmt: skip


def chapter_of_book(one: Work) -> Pair:
    """different: a book, and a chapter of it under the title and DOI of the book"""
    return one | {"type": "book", "pages": ""}, one | {"type": "incollection", "pages": "1--20"}


def parts(one: Work) -> Pair:
    """different: parts I and II, one after the other in one issue"""
    return (
        one | {"doi": "", "title": f"{one['title']}. Part I", "pages": "31--40"},
        one | {"doi": "", "title": f"{one['title']}. Part II", "pages": "41--52"},
    )


def name_in_name(one: Work) -> Pair:
    """different: a journal, and one whose name contains the journal's"""
    journal = f"Topics in {one['journal']} Rehabilitation"
    return one | {"doi": ""}, one | {"doi": "", "journal": journal, "pages": "", "volume": ""}


def two_dois(one: Work) -> Pair:
    """different: the paper again in another journal, with a DOI of its own"""
    return one, one | {"doi": "10.5555/elsewhere.1", "journal": "Digest of Papers", "volume": "2",
                       "pages": "5--9"}  # fmt: skip


def preprint(one: Work) -> Pair:
    """study: a preprint and its article"""
    early = {"journal": "medRxiv", "volume": "", "pages": "", "doi": "10.1101/2020.01.02.20000001"}
    return one, one | early


def register_entry(one: Work) -> Pair:
    """study: a register's entry under another title, and the paper that names its number"""
    entry = {"type": "misc", "title": "A trial of a new way of doing things", "author": "NCT",
             "journal": "https://clinicaltrials.gov/show/NCT01234567", "volume": "", "pages": "",
             "doi": ""}  # fmt: skip
    return entry | {"year": one["year"], "number": "", "abstract": "", "note": ""}, one | {
        "abstract": f"{one['abstract']} ClinicalTrials.gov NCT01234567."
    }


def meeting_abstract(one: Work) -> Pair:
    """study: an abstract of a conference two years before, and the full report"""
    early = {"year": str(int(one["year"]) - 2), "journal": "Archives of Meetings. Conference: 4th"
             " Annual Meeting", "volume": "", "pages": "", "doi": ""}  # fmt: skip
    return one, one | early


def protocol(one: Work) -> Pair:
    """study: a protocol and the results, a year apart in one journal"""
    return one | {"doi": ""}, one | {
        "doi": "", "title": f"{one['title']}: study protocol", "pages": "20--31",
        "volume": str(int(one["volume"]) - 1), "year": str(int(one["year"]) - 1),
    }  # fmt: skip


KINDS: tuple[Kind, ...] = (
    refs_note, erratum_note, run_together, escaped_doi, translated, spreadsheet_pages, identical,
    supplement_doi, supplement_same_people, yearly_series, chapter_of_book, parts, name_in_name,
    two_dois, preprint, register_entry, meeting_abstract, protocol,
)  # fmt: skip


def works() -> list[Work]:
    """Return the made-up works as records with an abstract and a DOI."""
    with (HERE / "made_up_works.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    for number, one in enumerate(found, start=1):
        topic = one["title"].partition(":")[0].lower()
        told = ABSTRACT.format(topic=topic, n=20 + number, m=3 + number % 9)
        one |= {"type": "article", "number": "", "doi": f"10.5555/w{number}", "note": "",
                "abstract": told}  # fmt: skip
    return found


def main() -> None:
    """Print the pairs as CSV."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["label", "why", *(f"{name}{side}" for side in "12" for name in FIELDS)])
    for position, kind in enumerate(KINDS):
        label, _, why = (kind.__doc__ or "").partition(": ")
        for one in works()[position % 3 :: 3]:
            pair = kind(one)
            out.writerow([label, why, *(record[name] for record in pair for name in FIELDS)])


if __name__ == "__main__":
    main()
