"""What each key of a review's YAML files takes: one table a file.

    _quarto.yml, _quarto-NAME.yml   QUARTO      chapters' front matter   FRONT_MATTER
    _variables.yml, labels          NAMES       cells' `#|` lines        CELL_OPTIONS
    _brand.yml                      BRAND       data/schema.yml          SCHEMA
    data/acknowledged.yml           ACKNOWLEDGED
    data/searches.yml               SEARCHES    data/forms/*.yml         FORM
    data/checklists.yml             CHECKLISTS
    _extension.yml of filters       EXTENSION

A key that is not listed may hold anything here: whether it is known is for its reader to say.
"""

import re
from typing import NamedTuple

from reviewpress import quarto_keys
from reviewpress.cell_keys import CELL_KEYS
from reviewpress.shapes import (
    ANYTHING,
    FILE,
    PATH,
    TEXT,
    TEXTS,
    TRUTH,
    WORD,
    WORDS,
    Shape,
    either,
    keys,
    listed,
    map_of,
    matching_text,
    number,
    one_or_more,
    whole,
    with_text_keys,
)

SAID = either(TEXT, map_of(TEXT), expected="a text, or one for each language")
_KEYS = keys({})
_YEAR = whole(1, 9999)
_PARAMETER = either(
    WORD, listed(WORD), keys({}), expected="a number, a text, true or false, or a list"
)
_APPRAISAL = either(TEXT, keys({"form": TEXT}), expected="the name of a form, as in `form: mmat`")
_SECTIONS = map_of(
    either(
        TEXT,
        keys({"chapter": TEXT, "recorded": TRUTH, "name": SAID}),
        expected="the chapter of the section, as in `Outcomes: outcomes`",
    ),
    "the name of each section with its chapter, as in `Outcomes: outcomes`",
)

_YEARS = Shape(
    "two years, as in [2012, 2022]",
    lambda value: isinstance(value, list) and len(value) == 2 and all(map(_YEAR.fits, value)),
)


LIMITS = {
    "cell-seconds": whole(1, 10_000_000),
    "cell-gigabytes": number(0.5, 100_000),
    "cell-megabytes": number(0.001, 100_000),
    "program-seconds": whole(1, 1_000_000),
}


# YAML reads a date as one, and in quotation marks as a text.
_DATE = Shape(
    "a date, as in 2026-11-22", lambda value: bool(re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)))
)
_STATUS = either(
    matching_text("draft", "draft"),
    keys({"draft": TRUTH, "embargoed-until": _DATE, "superseded-by": TEXT}).with_one_of(
        "draft", "embargoed-until", "superseded-by"
    ),
    expected="`draft`, `{embargoed-until: 2026-11-22}` or `{superseded-by: …}` with an address",
)
_ERRATA = listed(keys({"date": _DATE, "text": TEXT}).with_one_of("text"))
_VERSIONS = listed(keys({"version": TEXT, "date": _DATE, "url": TEXT}).with_one_of("version"))
MATRIX_KEY = "matrix"
SCHEDULER_KEY = "scheduler"
_WORDS_OF_EDITIONS = ("folder", "title", "subtitle", "description", "date", "url", "doi", "version")
_MATRIX = either(
    PATH,
    keys({"rows": PATH, **dict.fromkeys(_WORDS_OF_EDITIONS, TEXT)}, needs=("rows",)),
    expected="a table, as in `data/areas.csv`, or `rows: data/areas.csv` and patterns",
)


_TOOL = keys(
    {
        "tool": TEXT,
        "version": TEXT,
        "step": SAID,
        "checked-by": SAID,
        "stopping-rule": SAID,
        "note": SAID,
    },
    needs=("tool", "step"),
)
_ROR = matching_text("an address as https://ror.org/02mhbdp94", r"https://ror\.org/0[a-z0-9]{8}")
_FUNDERS = one_or_more(keys({"name": TEXT, "ror": _ROR, "award": TEXT}).with_one_of("name"))


_ACCESSIBILITY = keys(
    {
        "body": TEXT,
        "status": matching_text(
            "full, partial, none or not-tested", "full|partial|none|not-tested"
        ),
        "failures": listed(
            keys({"what": TEXT, "criterion": TEXT, "reason": TEXT}).with_one_of("what")
        ),
        "contact": TEXT,
        "answer-within": whole(1, 365),
        "enforcement": TEXT,
        "prepared": _DATE,
        "reviewed": _DATE,
        "tested": _DATE,
        "tested-by": TEXT,
    }
)


class Setting(NamedTuple):
    """A key under `reviewpress:`: what it says, and what it takes."""

    says: str
    takes: Shape


SETTINGS = {
    "sections": Setting(
        "the sections that the data records, and the chapter each belongs to", _SECTIONS
    ),
    "citations": Setting("how included papers are cited: codes or author-date", TEXT),
    "included-years": Setting("first and last year of publication of an included paper", _YEARS),
    "ai": Setting("what part of wording and judgement was made by AI", TEXT),
    "automation": Setting(
        "AI and automation that made or suggested judgements: of each the `tool`, its `version`,"
        " the `step`, who it was `checked-by`, and the `stopping-rule` of screening; an empty list"
        " says that there was none",
        listed(_TOOL),
    ),
    "unit": Setting(
        "what is counted: papers, or studies where several papers report one",
        matching_text("papers or studies", "papers|studies"),
    ),
    "version": Setting("version of the review", TEXT),
    "status": Setting(
        "what an edition is not: draft, `embargoed-until` a date, `superseded-by` an address or"
        " DOI; every page says so",
        _STATUS,
    ),
    "errata": Setting("corrections since it was published, each with `date` and `text`", _ERRATA),
    "versions": Setting(
        "earlier versions, each with `version`, `date` and `url`, where it is kept", _VERSIONS
    ),
    "licence": Setting("licence of the review's text and charts", TEXT),
    "licence-url": Setting("address of the licence", TEXT),
    "publisher": Setting("who publishes the review", TEXT),
    "publisher-ror": Setting("the publisher's address in the ROR", _ROR),
    "doi": Setting("the review's DOI", TEXT),
    "isbn": Setting("the ISBN of the edition", TEXT),
    "issn": Setting("the ISSN of the series that it is in", TEXT),
    "copyright": Setting("the statement of copyright, as in © 2026 Elm Press", TEXT),
    "accessibility": Setting("what the accessibility statement says", _ACCESSIBILITY),
    "funders": Setting("who paid, each with `name`, `ror` and `award`", _FUNDERS),
    "translation-of": Setting("the profile of which this edition is the translation", TEXT),
    "url": Setting("where the review is published", TEXT),
    "source": Setting("the published review this one reconstructs", either(TEXT, keys({}))),
    "appraisal": Setting(
        "the appraisal tool: its file in data/forms, and whether ratings are used", _APPRAISAL
    ),
    "typed-numbers": Setting(
        "warn of numbers typed by hand in findings chapters: true or false", TRUTH
    ),
    "typed-claims": Setting(
        "warn of superlatives and counts typed in titles: true or false", TRUTH
    ),
    "spelling": Setting(
        "warn, in `reviewpress check`, of words that no dictionary has: true or false; without it,"
        " where there is a dictionary of the language",
        TRUTH,
    ),
    "hyphenation": Setting(
        "hyphenate words of running text, as those of narrow columns are: true or false", TRUTH
    ),
    "word-page-numbers": Setting(
        "let LibreOffice count the pages of the Word file for its contents and lists, which Word"
        " does when it opens the file: true or false",
        TRUTH,
    ),
    "show-values": Setting(
        "show readers of the pages where numbers, figures and findings come from: true or false;"
        " without it, yes",
        TRUTH,
    ),
    "data-package": Setting(
        "publish the data beside the pages: true, false, or the tables that may be",
        either(TRUTH, TEXTS, expected="true, false, or tables, as in `[papers, findings]`"),
    ),
    "import-without": Setting(
        "fields that imports leave out of the bibliography, as in [abstract]", TEXTS
    ),
    "limits": Setting(
        "how long a cell and a program may take, how much memory a kernel, and how much a cell may "
        "show",
        keys(LIMITS),
    ),
    "parameters": Setting(
        "parameters for every chapter that declares them",
        map_of(_PARAMETER, "names and values, as in `region: Scotland`"),
    ),
    MATRIX_KEY: Setting(
        "a table with an edition in each row, or `rows` with patterns of its words", _MATRIX
    ),
    "records": Setting(
        "the BibTeX file of records that imports add, until one is cited or included;"
        " without it they are in the bibliography",
        PATH,
    ),
    "retractions": Setting(
        "the CSV file of Retraction Watch, where included and cited papers are looked up", PATH
    ),
    SCHEDULER_KEY: Setting(
        "the Dask scheduler whose workers do the tasks: an address, or a scheduler file",
        matching_text(
            "an address such as `tcp://10.0.0.1:8786`, or a scheduler file (.json)",
            r"(?:(?:tcp|tls|wss?)://)?(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}|[^\n]+\.json",
        ),
    ),
    "schema": Setting("the file that describes the tables, data/schema.yml unless said", PATH),
}

QUARTO = with_text_keys(
    quarto_keys.shape_of(
        quarto_keys.DOCUMENT_KEYS,
        project=quarto_keys.shape_of(quarto_keys.PROJECT_KEYS),
        book=quarto_keys.shape_of(quarto_keys.BOOK_KEYS),
        execute=either(
            TRUTH,
            quarto_keys.shape_of(quarto_keys.EXECUTE_KEYS),
            expected="options, as in `echo: false`",
        ),
        crossref=either(TRUTH, quarto_keys.shape_of(quarto_keys.CROSSREF_KEYS), expected="options"),
        format=quarto_keys.FORMATS,
        reviewpress=keys(
            {name: setting.takes for name, setting in SETTINGS.items()},
            expected="the settings of the review, as in `version: 1.0`",
        ),
    )
)
FRONT_MATTER = with_text_keys(
    # Begins at the folder of the chapter, so that it may lead out of that.
    quarto_keys.shape_of(quarto_keys.DOCUMENT_KEYS, bibliography=one_or_more(FILE))
)
NAMES = with_text_keys(_KEYS)
CELL_OPTIONS = with_text_keys(quarto_keys.shape_of(CELL_KEYS))

_WEIGHT = either(
    whole(1, 1000),
    matching_text(
        "",
        "thin|(extra|ultra)-(light|bold)|light|normal|regular|medium|(semi|demi)-bold|bold|black",
    ),
    expected="a weight, as 400 or bold",
)
_FONT_FILE = either(
    FILE,
    keys(
        {"path": FILE, "weight": _WEIGHT, "style": TEXT},
        needs=("path",),
    ),
    expected="the file of a font",
)
_FONT = keys({"family": TEXT, "source": TEXT, "files": listed(_FONT_FILE)})
_TYPE = either(
    TEXTS,
    keys({"family": TEXTS, "weight": ANYTHING, "line-height": number(0.5, 10)}),
    expected="the name of a font, a list of names, or options as in `family: …`",
)
_PICTURE = either(
    FILE, keys({"path": FILE, "light": FILE, "dark": FILE, "alt": TEXT}), expected=FILE.expected
)
_COLOURS = map_of(TEXT, 'a colour for each name, as in `ink: "#1b2430"`')
BRAND = with_text_keys(
    keys(
        {
            "color": keys({"palette": _COLOURS}, others=TEXT, expected=_COLOURS.expected),
            "typography": keys(
                {
                    "fonts": listed(_FONT),
                    "base": _TYPE,
                    "headings": _TYPE,
                    "monospace": _TYPE,
                }
            ),
            "logo": either(
                FILE,
                keys({"small": _PICTURE, "medium": _PICTURE, "large": _PICTURE}),
                expected="the file of a picture, or one for each size",
            ),
            "defaults": keys(
                {"reviewpress": keys({"charts": listed(TEXT), "dark": _COLOURS})},
                others=ANYTHING,
            ),
        }
    )
)

_FILTER = either(PATH, keys({"path": PATH, "at": TEXT}, needs=("path",)), expected=PATH.expected)
EXTENSION = keys({"contributes": keys({"filters": one_or_more(_FILTER)})})

ACKNOWLEDGED = keys({"acknowledged": listed(keys({"rule": TEXT, "place": TEXT, "reason": TEXT}))})
SOURCE_KINDS = {
    "database": "database_results",
    "register": "register_results",
    "website": "website_results",
    "grey literature": "website_results",
    "organisation": "organisation_results",
    "experts": "organisation_results",
    "citation": "citations_results",
}
"""The kinds of sources that are searched, and the box of the flow that counts their records."""
_SOURCE_KIND = Shape(
    "one of " + ", ".join(SOURCE_KINDS),
    lambda value: isinstance(value, str) and value in SOURCE_KINDS,
)
_DAY_OR_YEAR = Shape(
    "a date, as in 2026-11-22, 2026-11 or 2026",
    lambda value: bool(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", str(value))),
)
SEARCHES = keys(
    {
        "title": SAID,
        "earlier-version": keys(
            {"until": _DATE}, expected="the last day of it, as in `until: 2025-01-31`"
        ).with_one_of("until"),
        "operators": keys({"within": TEXT, "between": TEXT}),
        "concepts": map_of(
            keys({"title": SAID, "terms": listed(TEXT), "common": TRUTH}, needs=("terms",)),
            "an id for each concept, with its terms",
        ),
        "strings": listed(
            keys(
                {
                    "id": TEXT,
                    "title": SAID,
                    "concepts": listed(TEXT),
                    "published": TEXT,
                    "slips": listed(TEXT),
                    "hits": with_text_keys(map_of(whole(0, 1_000_000_000))),
                }
            )
        ),
        "peer-review": SAID,
        "sources": listed(
            keys(
                {
                    "id": WORD,
                    "name": SAID,
                    "kind": _SOURCE_KIND,
                    "platform": SAID,
                    "coverage": SAID,
                },
                needs=("id",),
            )
        ),
        "searches": listed(
            keys(
                {
                    "id": WORD,
                    "source": WORD,
                    "string": WORD,
                    "date": _DAY_OR_YEAR,
                    "file": TEXT,
                    "records": whole(0, 1_000_000_000),
                },
                needs=("source",),
            )
        ),
    }
)
_BY_TERM = "for each language, the terms with their names, as in `cy: {Wales: Cymru}`"
_MISSING = one_or_more(either(WORD, keys({"value": WORD, "label": SAID})))
_NUMBER = either(number(float("-inf"), float("inf")), expected="a number")
_COUNT = whole(0, 1_000_000_000)
_CONSTRAINTS = keys(
    {
        "required": TRUTH,
        "unique": TRUTH,
        "enum": WORDS,
        "minimum": _NUMBER,
        "maximum": _NUMBER,
        "pattern": TEXT,
        "minLength": _COUNT,
        "maxLength": _COUNT,
    }
)
_FIELD = keys(
    {
        "name": TEXT,
        "type": TEXT,
        "itemType": TEXT,
        "title": SAID,
        "description": SAID,
        "constraints": _CONSTRAINTS,
        "delimiter": TEXT,
        "unit": TEXT,
        "missingValues": _MISSING,
        "role": TEXT,
        "evidence": SAID,
        "terms": map_of(map_of(TEXT), _BY_TERM),
    }
)
_REFERENCE = keys({"resource": TEXT, "fields": TEXTS})
_TABLE = keys(
    {
        "path": PATH,
        "title": SAID,
        "description": SAID,
        "source": TEXT,
        "primaryKey": TEXTS,
        "foreignKeys": one_or_more(keys({"fields": TEXTS, "reference": _REFERENCE})),
        "missingValues": _MISSING,
        "fields": one_or_more(_FIELD),
    }
)
SCHEMA = keys(
    {
        "title": SAID,
        "description": SAID,
        "tables": map_of(_TABLE, "the name of each table, with its `fields`"),
    }
)
_ROUTE = keys(
    {"answer": WORDS, "below": _NUMBER, "question": TEXT, "goto": TEXT, "call": TEXTS, "end": TRUTH}
)
_QUESTION = keys(
    {
        "id": TEXT,
        "criterion": TEXT,
        "ask": SAID,
        "answer": TEXT,
        "options": WORDS,
        "routes": one_or_more(_ROUTE),
    },
    needs=("id",),
)
_FORM_SECTION = keys(
    {
        "id": TEXT,
        "title": SAID,
        "design": TEXT,
        "called": TRUTH,
        "note": SAID,
        "questions": one_or_more(_QUESTION),
    }
)
FORM = keys(
    {
        "id": TEXT,
        "title": SAID,
        "source": TEXT,
        "start": TEXT,
        "sections": one_or_more(_FORM_SECTION),
    }
)
_ANSWER = either(
    TEXTS,
    keys({"at": TEXTS, "note": TEXT, "unanswered": TEXT, "not-applicable": TEXT}),
    expected="ids of the places that answer it, or the reason why none does",
)
CHECKLISTS = map_of(map_of(_ANSWER, "each item with its answer"), "a checklist with its items")
