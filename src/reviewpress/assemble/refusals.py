"""What chapters cannot hold: each kind with its name, an example, what is said, and what to do.

There is no other place from which a construct is refused. The page of Markdown in the
documentation lists all that is defined here.
"""

from dataclasses import dataclass

HINT = "The documentation lists what is supported, in docs/reference/quarto-markdown.md."
_MEASURES = (
    "Write a number with px, %, in, cm, mm, pt, pc, em or rem, as in `width=50%`, or nothing."
)
_LIVE = "Write `{python} expression`."


@dataclass(frozen=True, slots=True)
class Refusal:
    """A kind of construct that is refused.

    `said` is what the text holds, in a message: `{0}` is a detail of it, `{shown}` where examples
    of the chapter are, if not at its end. `sentence` is the message with it. `why` is
    the reason that the documentation gives.
    """

    name: str
    example: str
    said: str
    why: str
    hint: str = HINT
    note: str = ""
    sentence: str = "the text holds {0}, which reviewpress does not support."

    def message(self, detail: str, shown: str) -> str:
        """Return what is wrong with a chapter that holds it; `shown` is from the chapter.

        >>> SLIDES.message("", "`.notes`")
        'the text holds slides (`.notes`), which reviewpress does not support.'
        """
        examples = f" ({shown})" if shown else ""
        said = self.said if "{shown}" in self.said else f"{self.said}{{shown}}"
        return self.sentence.format(said.format(detail, shown=examples))


CODE_CELL = Refusal(
    "Cell of another language",
    "```{r}\n1 + 1\n```\n\n```{mermaid}\nflowchart LR\n```\n\n```{ojs}\na = 1\n```",
    "a code cell",
    "One kernel executes a chapter, and what a script would draw in a browser is not in the PDF.",
    "",
    "a notebook may be in R or Julia; a diagram is a picture that was made of it",
)
PYTHON_VALUE = Refusal(
    "Live value between more than one backtick",
    "There are ``{python} len(counts)`` years.",
    "a live value{shown} {0}",
    "It is code that is shown, to Quarto and here: readers would see the expression.",
    "Write `{python} expression` between single backticks, in a chapter that is a notebook or ends "
    "in .qmd.",
)
FOREIGN_VALUE = Refusal(
    "Live value of another language",
    "There are `{r} n` studies.",
    "a live value{shown} in another language than Python",
    "One kernel executes a chapter: readers would see the expression.",
    note="in a notebook, it is Python too",
)
CLOSE_VALUE = Refusal(
    "Live value without a space",
    "There are `{python}n` studies.",
    "a live value without a space after its braces",
    "Without the space it is code that is shown: readers would see the expression.",
    _LIVE,
)
MIXED_CITATION = Refusal(
    "Reference inside a citation",
    "[@known2020, see @known2020]",
    "a cross-reference or citation among the words of another citation",
    "Words of a citation are not looked through: the reference would lead nowhere.",
    "Separate citations by `;`, as in `[@one; @two]`, and write cross-references outside their "
    "brackets.",
)
EMPTY_FLOAT = Refusal(
    "Empty figure, table or listing",
    "::: {#fig-empty}\n:::",
    "an empty figure, table or listing",
    "It would have a number and a caption, and show nothing.",
)
CALLOUT = Refusal(
    "Unknown callout",
    "::: {.callout-danger}\ntext\n:::",
    "the callout {0}",
    "Its kind is said in words in every format and language, and only five have words.",
)
SLIDES = Refusal(
    "Slides", "::: {.notes}\nWords of the speaker.\n:::", "slides",
    "A report is read as a whole: it has no steps and no speaker.",
    note="`fragment`, `incremental`, `notes`",
)  # fmt: skip
RAW_HTML = Refusal(
    "Raw HTML",
    '<iframe src="https://example.org"></iframe>\n\n<p onclick="show()">Words.</p>',
    "raw html",
    "The PDF and Word cannot hold it, or it would fetch or run something on pages.",
    f"{HINT} A sign < that is to be read is written `\\<`. A page or "
    "film of another site is a link, a film also `{{< video address >}}`; keep scripts and styles "
    "in files of their own.",
    "elements and attributes that are not listed above",
)
UNPAIRED_TAG = Refusal(
    "HTML that is not closed",
    "Some <b>bold words.",
    "the tag {0} of raw html without its other half",
    "It cannot be known where the element ends, and each format would end it elsewhere.",
    "Close it in the paragraph, list item or block that it begins in, the last one opened first, "
    "or delete it.",
    "a tag that would only say how something looks, and one that closes nothing, have no effect, "
    "with a warning",
)
RAW_TEX = Refusal(
    "Raw TeX",
    "\\newpage",
    "raw tex",
    "The PDF is made by Typst, which like pages and Word would leave it out.",
    f"{HINT} A backslash that is to be read is written as two: `C:\\\\folder`. A "
    "citation is `[@key]`, a reference `@fig-name`.",
)
RAW_ELSEWHERE = Refusal(
    "Raw content outside a block of its format",
    "Words `#h(1em)`{=typst}.\n\n```{=openxml}\n<w:p/>\n```",
    "raw {0}",
    "All other formats would leave it out without a word.",
    'Put it into a block for the format that reads it: `::: {.content-visible when-format="typst"}`'
    ' for the PDF, "docx" for Word, "html" for pages.',
    "Typst, OpenXML, or HTML",
)
RAW_UNREAD = Refusal(
    "Raw content of a format that is not made",
    "Words `\\hspace{1cm}`{=latex}.",
    "raw {0}",
    "Every edition would leave it out without a word.",
    f"{HINT} No format that is made reads it: write in Markdown what it shows, or delete it.",
)
TYPST_PACKAGE = Refusal(
    "Package of Typst",
    '[`#import "@preview/cetz:0.4.2"`{=typst}]{.content-visible when-format="typst"}',
    "a package of Typst",
    "It would be fetched from the network.",
    "Nothing is fetched while an edition is made: define what you use of it with `#let`, or show "
    "what it makes as an image.",
)
IMAGE_SIZE = Refusal(
    "Size of an image that is none",
    "![Words](figure.svg){width=auto}",
    "the {0} of an image",
    "It is not a measure that every format can set.",
    _MEASURES,
)
CONDITION = Refusal(
    "Unknown condition",
    '::: {.content-visible when-fromat="html"}\ntext\n:::',
    "the condition {0}=",
    "Nothing obeys it: what is for one format or edition would be in all.",
)
CONDITION_FORMAT = Refusal(
    "Condition of an unknown format",
    '::: {.content-visible when-format="htlm"}\ntext\n:::',
    "the format {0} in a condition",
    "No format has that name: the words would be in all, or in none.",
)
SHORTCODE = Refusal(
    "Unknown shortcode",
    "{{< gallery photos >}}",
    'the shortcode "{0}"',
    "An extension of Quarto's makes it, by a program that is not run here.",
    "",
    sentence="{0} is not supported.",
)

REFUSALS = tuple(value for value in [*globals().values()] if isinstance(value, Refusal))
"""All of them, in this order."""
