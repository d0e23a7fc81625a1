"""Make pairs of records of made-up works, on which duplicate detection is measured.

    python tests/generators/made_up_pairs.py looked-at > tests/data/duplicates_looked_at.csv
    python tests/generators/made_up_pairs.py held-out > tests/data/duplicates_held_out.csv

None of the works is in this repository's bibliography. The pairs that were looked at showed what
the first thresholds got wrong, and two rules were added for it; the held-out ones are of yet other
kinds, and nothing was set by them. Two records are labelled `same` where they record one
publication. A preprint and its article, an abstract and its paper, a thesis and what came of it, or
a text and its translation are two publications of one study, and `different`. Each kind is made of
every third work; the cases of `made_up_cases.csv`, all looked at, were written by hand.
"""

import csv
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

FIELDS = ("title", "author", "year", "journal", "volume", "pages", "doi")
HERE = Path(__file__).parent
Work = dict[str, str]
Change = Callable[[Work], Work]
SHORT_WORDS = {
    "Journal": "J", "International": "Int", "European": "Eur", "British": "Br", "Health": "Hlth",
    "Medicine": "Med", "Research": "Res", "Community": "Commun", "Psychology": "Psychol",
    "Environmental": "Environ", "Education": "Educ", "Social": "Soc", "Preventive": "Prev",
}  # fmt: skip


def people(one: Work) -> list[tuple[str, str]]:
    """Return family and given names."""
    parts = [name.partition(", ") for name in one["author"].split(" and ")]
    return [(family, given) for family, _, given in parts]


def written(names: list[tuple[str, str]]) -> str:
    """Return names as a BibTeX field has them."""
    return " and ".join(f"{family}, {given}" if given else family for family, given in names)


def initials(one: Work) -> Work:
    """No DOI; initials without stops; journal abbreviated without stops."""
    names = [(family, "".join(part[0] for part in given.split())) for family, given in people(one)]
    journal = " ".join(SHORT_WORDS.get(w, w) for w in one["journal"].split() if w not in ("of",))
    return one | {"doi": "", "author": written(names), "journal": journal}


def transposed_pages(one: Work) -> Work:
    """No DOI; two figures of the first page transposed."""
    first, mark, last = one["pages"].partition("--")
    return one | {"doi": "", "pages": first[:-2] + first[-1] + first[-2] + mark + last}


def authors_by_alphabet(one: Work) -> Work:
    """No DOI; authors in the order of the alphabet backwards, as a register lists them."""
    return one | {"doi": "", "author": written(sorted(people(one), reverse=True))}


def bracketed_translation(one: Work) -> Work:
    """No DOI; the record adds "[Article in German]" to the title."""
    return one | {"doi": "", "title": f"[{one['title']}] [Article in German]"}


def article_number(one: Work) -> Work:
    """No DOI; an article number in place of pages."""
    return one | {"doi": "", "pages": f"e{one['year']}{one['volume']}"}


def issue_in_volume(one: Work) -> Work:
    """No DOI; the issue stands with the volume, and pages are abbreviated."""
    first, _, last = one["pages"].partition("--")
    return one | {"doi": "", "volume": f"{one['volume']}(3)", "pages": f"{first}-{last[-2:]}"}


def two_years_early(one: Work) -> Work:
    """No DOI; accepted two years before the issue, without volume and pages."""
    year = str(int(one["year"]) - 2)
    return one | {"doi": "", "year": year, "volume": "", "pages": ""}


def no_year(one: Work) -> Work:
    """No DOI, no year, no volume."""
    return one | {"doi": "", "year": "", "volume": ""}


def scanned_name(one: Work) -> Work:
    """No DOI; one letter of the first author misread by a scanner."""
    (family, given), *others = people(one)
    return one | {"doi": "", "author": written([(family[:2] + "c" + family[3:], given), *others])}


def lost_words(one: Work) -> Work:
    """No DOI; small words lost from the title, which is in title case."""
    words = [w for w in one["title"].split() if w not in ("a", "and", "in", "of", "the", "for")]
    return one | {"doi": "", "title": " ".join(word[:1].upper() + word[1:] for word in words)}


def cut_title(one: Work) -> Work:
    """No DOI, no authors; the title cut after 45 letters, with three points."""
    return one | {"doi": "", "author": "", "title": one["title"][:45].rstrip() + "..."}


def second_doi(one: Work) -> Work:
    """The DOI of a repository's copy in place of the publisher's; all else as it is."""
    return one | {"doi": one["doi"].replace("10.5555/w", "10.5555/repository.")}


def preprint(one: Work) -> Work:
    """A preprint under the same title, with a DOI of its own."""
    return _other_publication(one, "medRxiv", doi=one["doi"].replace("/w", "/preprint."))


def preprint_without_doi(one: Work) -> Work:
    """A preprint under the same title, recorded without DOI."""
    return _other_publication(one, "SSRN working papers")


def conference_abstract(one: Work) -> Work:
    """An abstract of the year before under the same title, in a supplement, without DOI."""
    abstract = {"journal": f"Abstracts of the {one['year']} congress on public health",
                "volume": "Suppl 1", "pages": "S44"}  # fmt: skip
    return _other_publication(one, "") | abstract


def thesis(one: Work) -> Work:
    """The thesis of the first author, two years before, under the same title."""
    author = written(people(one)[:1])
    year = str(int(one["year"]) - 2)
    return _other_publication(one, "Made-up University") | {"author": author, "year": year}


def later_update(one: Work) -> Work:
    """The same review again, five years later, in the same journal."""
    volume, year = str(int(one["volume"]) + 5), str(int(one["year"]) + 5)
    return one | {"doi": "", "volume": volume, "year": year, "pages": "1--30"}


def given_names_first(one: Work) -> Work:
    """No DOI; given names before family names, as a web page has them."""
    return one | {"doi": "", "author": " and ".join(f"{g} {f}" for f, g in people(one))}


def american_capitals(one: Work) -> Work:
    """No DOI; American spelling in capitals."""
    title = one["title"].replace("our", "or").replace("isation", "ization")
    return one | {"doi": "", "title": title.replace("ised", "ized").upper()}


def entities(one: Work) -> Work:
    """No DOI; ampersands and marks of HTML left in the title."""
    title = one["title"].replace(" and ", " &amp; ").replace(": ", ": <i>") + "</i>"
    return one | {"doi": "", "title": title}


def first_page_next_year(one: Work) -> Work:
    """No DOI; only the first page, and the year after."""
    first = one["pages"].partition("--")[0]
    return one | {"doi": "", "pages": first, "year": str(int(one["year"]) + 1)}


def journal_in_letters(one: Work) -> Work:
    """No DOI; the journal as the first letters of its words, one author and others."""
    letters = "".join(word[0] for word in one["journal"].split() if word[0].isupper())
    return one | {"doi": "", "journal": letters, "author": written(people(one)[:1]) + " and others"}


def dashed_subtitle(one: Work) -> Work:
    """No DOI; a dash before the subtitle, no pages."""
    return one | {"doi": "", "title": one["title"].replace(": ", " - "), "pages": ""}


def wrong_doi(one: Work) -> Work:
    """One figure of the DOI typed wrong; all else as it is."""
    return one | {"doi": one["doi"] + "0"}


def two_typing_errors(one: Work) -> Work:
    """No DOI; two letters doubled in the title, the volume missing."""
    title = one["title"]
    doubled = title[:8] + title[7] + title[8:20] + title[19] + title[20:]
    return one | {"doi": "", "title": doubled, "volume": ""}


def surname_cut(one: Work) -> Work:
    """No DOI; family names cut after six letters, without given names."""
    return one | {"doi": "", "author": written([(f[:6], "") for f, _ in people(one)])}


def subtitle_alone_missing(one: Work) -> Work:
    """No DOI, no volume; the subtitle is missing, and the second author."""
    title = one["title"].partition(": ")[0]
    return one | {"doi": "", "volume": "", "title": title, "author": written(people(one)[:1])}


def data_of(one: Work) -> Work:
    """The data set behind the article."""
    return _other_publication(one, "Dryad") | {"title": f"Data from: {one['title']}"}


def news_item(one: Work) -> Work:
    """A news item of the same year by a journalist, under the article's title cut short."""
    title = one["title"].partition(":")[0].partition(" and ")[0]
    return one | {"doi": "", "title": title, "author": "Reporter, Rita", "journal": "Nursing Times",
                  "volume": "", "pages": "8"}  # fmt: skip


def reprint(one: Work) -> Work:
    """Reprinted four years later as a chapter of a book."""
    year = str(int(one["year"]) + 4)
    return _other_publication(one, "A made-up reader in public health") | {"year": year}


def policy_brief(one: Work) -> Work:
    """A brief for policy makers by the same authors in the same year."""
    title = one["title"].partition(":")[0] + ": a brief for policy makers"
    brief = {"title": title, "year": one["year"]}
    return _other_publication(one, "Made-up Policy Institute") | brief


def other_country(one: Work) -> Work:
    """The same study in another country, by the same authors, the year after."""
    year, volume = str(int(one["year"]) + 1), str(int(one["volume"]) + 1)
    title = one["title"].partition(":")[0] + " in Portugal"
    return one | {"doi": "", "title": title, "year": year, "volume": volume, "pages": "1--12"}


def poster(one: Work) -> Work:
    """A poster of the same year, among a meeting's abstracts."""
    abstract = {"year": one["year"], "volume": "S2", "pages": "P12"}
    return _other_publication(one, "Proceedings of a made-up meeting") | abstract


def _other_publication(one: Work, journal: str, doi: str = "") -> Work:
    year = str(int(one["year"]) - 1)
    return one | {"journal": journal, "year": year, "volume": "", "pages": "", "doi": doi}


LOOKED_AT: dict[str, tuple[Change, ...]] = {
    "same": (
        initials, transposed_pages, authors_by_alphabet, bracketed_translation, article_number,
        issue_in_volume, two_years_early, no_year, scanned_name, lost_words, cut_title, second_doi,
    ),
    "different": (preprint, preprint_without_doi, conference_abstract, thesis, later_update),
}  # fmt: skip
HELD_OUT: dict[str, tuple[Change, ...]] = {
    "same": (
        given_names_first, american_capitals, entities, first_page_next_year, journal_in_letters,
        dashed_subtitle, wrong_doi, two_typing_errors, surname_cut, subtitle_alone_missing,
    ),
    "different": (data_of, news_item, reprint, policy_brief, other_country, poster),
}  # fmt: skip


def works() -> list[Work]:
    """Return the made-up works, each with a DOI."""
    with (HERE / "made_up_works.csv").open(encoding="utf-8", newline="") as file:
        rows = enumerate(csv.DictReader(file), start=1)
        return [row | {"doi": f"10.5555/w{number}"} for number, row in rows]


def changed_pairs(kinds: Mapping[str, tuple[Change, ...]]) -> Iterator[list[str]]:
    """Yield each kind of pair with every third work."""
    every = works()
    labelled = [(label, change) for label, changes in kinds.items() for change in changes]
    for number, (label, change) in enumerate(labelled):
        why = (change.__doc__ or "").rstrip(".")
        for one in every[number % 3 :: 3]:
            yield row(label, why, one, change(one))


def written_pairs() -> Iterator[list[str]]:
    """Yield the cases written by hand: all different."""
    with (HERE / "made_up_cases.csv").open(encoding="utf-8", newline="") as file:
        for case in csv.DictReader(file):
            one, other = ({n: case[f"{n}{side}"] for n in FIELDS} for side in ("1", "2"))
            yield row("different", case["why"], one, other)


def row(label: str, why: str, one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Return a row of the table."""
    return [label, why, *(one[name] for name in FIELDS), *(other[name] for name in FIELDS)]


def main(part: str) -> None:
    """Print one of the two tables."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["label", "why", *(f"{n}1" for n in FIELDS), *(f"{n}2" for n in FIELDS)])
    writer.writerows(changed_pairs(LOOKED_AT if part == "looked-at" else HELD_OUT))
    if part == "looked-at":
        writer.writerows(written_pairs())


if __name__ == "__main__":
    main(sys.argv[1])
