"""Each rule that a problem can break: its name, how grave it is, whether it can be acknowledged.

A rule with a `place` can be acknowledged: some of what it finds is true and stays, and the entry in
`data/acknowledged.yml` names it by such a place. All others have to be mended: without that there
is no report, or readers would meet what is broken. The guide's table is made from this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what breaks it, in a line for the guide, and an example of an acknowledged place."""

    name: str
    finds: str
    severity: Severity = "error"
    place: str = ""

    @property
    def may_be_acknowledged(self) -> bool:
        """Whether an entry of `data/acknowledged.yml` may set aside what breaks it."""
        return bool(self.place)


_RULES = (
    # Nothing can be made.
    Rule("config", "a setting that cannot be"),
    Rule("unknown-key", "a key of `_quarto.yml` or of a chapter that is not known", "warning"),
    Rule("refused-key", "a key that the embedded engine cannot obey"),
    Rule("filter", "a Lua filter that cannot be run"),
    Rule("draft-chapter", "a chapter that is left out, because it is a draft", "warning"),
    Rule("ended-embargo", "an embargo that is over, which the edition still says", "warning"),
    Rule("page-file", "a style sheet, or lines of the head, that pages cannot have"),
    Rule("key-without-effect", "keys that the embedded engine does not obey", "warning"),
    Rule("brand", "a brand that cannot be read, or whose colours are too close"),
    Rule("setup", "a tool, disk or kernel that is missing"),
    Rule("error", "something that an author can mend"),
    Rule("problems", "several problems at once"),
    Rule("unexpected", "a fault of Reviewpress"),
    Rule("engine", "what pandoc, Typst or Quarto refused"),
    # Tables and what they say.
    Rule("data", "a file under `data/` that cannot be read"),
    Rule("schema", "a schema that cannot be"),
    Rule("table", "a cell, column or row that its schema does not allow"),
    Rule("table-cell", "a cell that looks damaged, or like a formula", "warning"),
    Rule("dictionary", "a data dictionary that is not the schema’s", "warning"),
    Rule("reference-unknown", "a value that names a row of another table which is not there"),
    Rule("section-unknown", "a section that the data or the chapters do not have"),
    Rule("retracted", "a retracted paper that is included or cited", place="`smith2020`"),
    Rule(
        "expression-of-concern",
        "a paper under an expression of concern that is included or cited",
        "warning",
        place="`smith2020`",
    ),
    Rule("paper-code", "a code of an included paper that bibliography and table do not share"),
    Rule("paper-missing", "an included reference that the table of papers lacks"),
    Rule("form", "an appraisal form that cannot be filled in"),
    Rule("appraisal-unanswered", "a criterion that applies and has no answer", place="`paper 3`"),
    Rule(
        "appraisal-route",
        "answers that no route of the form asks together",
        place="`paper 3`",
    ),
    Rule("flow", "a flow of records whose boxes do not add up"),
    Rule("search", "searches and imports that do not name the same exports, or several alike"),
    Rule("search-file", "an export that no search names", "warning"),
    Rule("duplicates", "decisions on pairs of records that contradict, or name none"),
    Rule("study", "studies that are named twice, or of papers that are not there"),
    Rule("screening", "decisions that do not fit the records and papers"),
    Rule("screening-open", "records without a decision that the flow does not count", "warning"),
    Rule("screening-unknown", "decisions on records that the bibliography lacks", "warning"),
    Rule("extraction", "values on which extractors differ, and that are not settled"),
    Rule("automation", "records that no reviewer saw without a rule, or a tool as reviewer"),
    Rule(
        "checklist",
        "an answer of a checklist that leads nowhere, or to what is still to be written",
    ),
    Rule("claim", "a claim that no cell gives a value, or two do, or an old table of claims"),
    Rule(
        "claim-differs",
        "a published number that the data does not give",
        place="the claim’s `id`",
    ),
    # The bibliography.
    Rule("bibliography", "an entry that cannot be read or published"),
    Rule("bibliography-type", "an entry of an unknown type", place="`oak2017`"),
    Rule("bibliography-field", "an entry that lacks what its type needs", place="`oak2017`"),
    Rule("bibliography-doi", "a DOI that is not one", place="`oak2017`"),
    Rule("bibliography-url", "an address that does not lead to the web", place="`oak2017`"),
    Rule("bibliography-year", "an included paper of another year", place="`oak2017`"),
    Rule(
        "bibliography-unshown",
        "a volume or a title of an issue that the reference does not show",
        "warning",
        "`oak2017`",
    ),
    Rule("bibliography-duplicate", "two entries of one work", place="`oak2017`"),
    Rule(
        "title-capitals",
        "a title in which names would lose their capitals",
        "warning",
        "`oak2017`",
    ),
    Rule("bibliography-code", "a code that two entries have"),
    Rule("uncited-reference", "a work that is not cited", place="`oak2017`"),
    Rule(
        "unused-entry",
        "a work that is not cited, where no papers are recorded",
        "warning",
        "`oak2017`",
    ),
    # Chapters.
    Rule("chapter", "a chapter that cannot be read"),
    Rule("title", "a chapter without one title"),
    Rule("construct", "Markdown that the embedded engine does not know"),
    Rule("unpaired-tag", "a tag of HTML without its other half, which has no effect", "warning"),
    Rule("glyph", "a character that no font of the PDF has"),
    Rule("class-misspelt", "a class or tag that does nothing, and looks as if it did", "warning"),
    Rule("page-break", "a page break within a block, where the PDF has none", "warning"),
    Rule("unused-note", "a note to which nothing refers", "warning"),
    Rule("shortcode", "a shortcode that cannot be replaced"),
    Rule("duplicate-id", "two headings, figures or tables with one id"),
    Rule("slip", "a slip of the hand that would be published as it is", place="the words"),
    Rule(
        "unclosed-quotation",
        "a typographic quotation mark without its other half",
        "warning",
        "the sentence",
    ),
    Rule("spelling", "a word that no dictionary has", "warning"),
    Rule("unfinished", "a note to oneself, an open comment or a draft", "warning", "the sentence"),
    Rule("not-listed", "a chapter that no edition lists", "warning", "`chapters/rest.ipynb`"),
    Rule("execution", "a cell or live value that fails"),
    Rule("cell-output", "what a cell prints or warns of", "warning"),
    Rule("stored-output", "a notebook that is kept with outputs", "warning"),
    Rule("figure", "a figure or table that lacks what it needs"),
    Rule("image", "an image that is not there"),
    Rule("picture", "an SVG picture that would run or fetch something"),
    Rule("alt-text", "an image without an alternative text"),
    Rule(
        "not-described",
        "a figure whose alternative text only says that it was moved in without one",
        "warning",
    ),
    Rule("equation", "an equation that cannot be read"),
    Rule(
        "equation-text",
        "an equation that is read out as it is written, in TeX",
        "warning",
        "`chapters/methods.ipynb`",
    ),
    Rule("accessibility-statement", "a statement that lacks what it needs", "warning"),
    Rule("table-header", "a table without a header cell", "warning"),
    Rule("heading-order", "a heading that skips a level", place="the heading’s words"),
    Rule("link-text", "a link without words"),
    Rule("dead-link", "a link that leads nowhere"),
    Rule("unresolved-reference", "a cross-reference that points to nothing"),
    Rule("unknown-citation", "a citation that is not in the bibliography"),
    Rule("key-messages", "key messages of a chapter that has none"),
    Rule("key-message-reference", "a key message that refers to what the summary lacks"),
    Rule("typed-number", "a number typed by hand in a findings chapter", "warning", "the number"),
    Rule(
        "by-hand",
        "a citation, a raised number, the number of a figure or heading, a heading in bold, or a "
        "key message that is only said to be one, typed by hand",
        "warning",
        "what is typed",
    ),
    Rule(
        "typed-claim",
        "a title of a figure or table with a superlative, comparison or count that is typed",
        "warning",
        "the figure’s `id`",
    ),
    # Chapters against the data.
    Rule(
        "restricted",
        "a chapter that shows a part of the evidence, or whose parameters have lost their tag",
        place="`chapters/outcomes.ipynb`",
    ),
    Rule("section", "a section whose chapter has no part for it"),
    Rule("unknown-finding", "a finding that the data does not have"),
    Rule(
        "paper-not-in-section",
        "a paper cited in a section that the data does not record it for",
        place="`Outcomes 3`",
    ),
    Rule(
        "section-paper-not-cited",
        "a paper recorded for a section that does not cite it",
        place="`Outcomes 3`",
    ),
    Rule("finding-not-told", "a finding that its chapter does not have", place="`outcomes-02`"),
    Rule(
        "finding-not-cited",
        "a paper of a finding that its text does not cite",
        place="`outcomes-01 3`",
    ),
    Rule(
        "citation-not-in-finding",
        "a paper that the text cites for a finding that lacks it",
        place="`outcomes-01 3`",
    ),
    Rule(
        "citation-without-finding",
        "a citation in a findings chapter outside any finding",
        place="`outcomes ash2019`",
    ),
    Rule("acknowledged", "an acknowledged problem that is gone, or cannot be acknowledged"),
    # What was made.
    Rule("extension", "a copy of the extension of another version", "warning"),
    Rule(
        "translation-missing",
        "a chapter without its counterpart in another language of the review",
        "warning",
        "`chapters/rest.qmd`",
    ),
    Rule("untranslated-term", "terms of the data that a language has no name for", "warning"),
    Rule("untranslated-label", "words of Reviewpress that the language lacks", "warning"),
    Rule("font", "a font that nothing brings", "warning", "the font’s name"),
    Rule("page", "a page that was not made"),
    Rule("without-run", "a page of a notebook that was not executed"),
    Rule("network", "a page that would fetch something"),
    Rule("navigation-label", "a shortcode in a title that Quarto’s navigation would show"),
    Rule("published-store", "the run store published by a pattern of resources:", "warning"),
    Rule("html", "HTML that is not valid"),
    Rule("wcag", "a page that does not meet WCAG 2.2 AA"),
    Rule("pdf-ua", "a PDF that does not meet PDF/UA-1"),
    Rule("pdf-ua-warning", "a PDF that readers may find hard to use", "warning"),
    Rule("epub", "an EPUB that is not valid"),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _RULES})
"""Each rule by its name."""
