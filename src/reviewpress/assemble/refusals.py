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
    of the chapter are, if not at its end. `sentence` is the message with it.
    """

    name: str
    example: str
    said: str
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
    "",
    "a notebook may be in R or Julia; a diagram is a picture that was made of it",
)
PYTHON_VALUE = Refusal(
    "Live value between more than one backtick",
    "There are ``{python} len(counts)`` years.",
    "a live value{shown} {0}",
    "Write `{python} expression` between single backticks, in a chapter that is a notebook or ends "
    "in .qmd.",
)
FOREIGN_VALUE = Refusal(
    "Live value of another language",
    "There are `{r} n` studies.",
    "a live value{shown} in another language than Python",
    note="in a notebook, it is Python too",
)
CLOSE_VALUE = Refusal(
    "Live value without a space",
    "There are `{python}n` studies.",
    "a live value without a space after its braces",
    _LIVE,
)
MIXED_CITATION = Refusal(
    "Reference inside a citation",
    "[@known2020, see @known2020]",
    "a cross-reference or citation among the words of another citation",
    "Separate citations by `;`, as in `[@one; @two]`, and write cross-references outside their "
    "brackets.",
)
EMPTY_FLOAT = Refusal(
    "Empty figure, table or listing",
    "::: {#fig-empty}\n:::",
    "an empty figure, table or listing",
)
CALLOUT = Refusal("Unknown callout", "::: {.callout-danger}\ntext\n:::", "the callout {0}")
SLIDES = Refusal(
    "Slides", "::: {.notes}\nWords of the speaker.\n:::", "slides",
    note="`fragment`, `incremental`, `notes`",
)  # fmt: skip
RAW_HTML = Refusal(
    "Raw HTML",
    '<iframe src="https://example.org"></iframe>\n\n<p onclick="show()">Words.</p>',
    "raw html",
    f"{HINT} A sign < that is to be read is written `\\<`. A page or "
    "film of another site is a link, a film also `{{< video address >}}`; keep scripts and styles "
    "in files of their own.",
    "elements and attributes that are not listed above",
)
UNPAIRED_TAG = Refusal(
    "HTML that is not closed",
    "Some <b>bold words.",
    "the tag {0} of raw html without its other half",
    "Close it in the paragraph, list item or block that it begins in, the last one opened first, "
    "or delete it.",
    "a tag that would only say how something looks, and one that closes nothing, have no effect, "
    "with a warning",
)
RAW_TEX = Refusal(
    "Raw TeX",
    "\\newpage",
    "raw tex",
    f"{HINT} A backslash that is to be read is written as two: `C:\\\\folder`. A "
    "citation is `[@key]`, a reference `@fig-name`.",
)
RAW_ELSEWHERE = Refusal(
    "Raw content outside a block of its format",
    "Words `#h(1em)`{=typst}.\n\n```{=openxml}\n<w:p/>\n```",
    "raw {0}",
    'Put it into a block for the format that reads it: `::: {.content-visible when-format="typst"}`'
    ' for the PDF, "docx" for Word, "html" for pages.',
    "Typst, OpenXML, or HTML",
)
RAW_UNREAD = Refusal(
    "Raw content of a format that is not made",
    "Words `\\hspace{1cm}`{=latex}.",
    "raw {0}",
    f"{HINT} No format that is made reads it: write in Markdown what it shows, or delete it.",
)
TYPST_PACKAGE = Refusal(
    "Package of Typst",
    '[`#import "@preview/cetz:0.4.2"`{=typst}]{.content-visible when-format="typst"}',
    "a package of Typst",
    "Nothing is fetched while an edition is made: define what you use of it with `#let`, or show "
    "what it makes as an image.",
)
IMAGE_SIZE = Refusal(
    "Size of an image that is none",
    "![Words](figure.svg){width=auto}",
    "the {0} of an image",
    _MEASURES,
)
CONDITION = Refusal(
    "Unknown condition",
    '::: {.content-visible when-fromat="html"}\ntext\n:::',
    "the condition {0}=",
)
CONDITION_FORMAT = Refusal(
    "Condition of an unknown format",
    '::: {.content-visible when-format="htlm"}\ntext\n:::',
    "the format {0} in a condition",
)
SHORTCODE = Refusal(
    "Unknown shortcode",
    "{{< gallery photos >}}",
    'the shortcode "{0}"',
    "",
    sentence="{0} is not supported.",
)

REFUSALS = tuple(value for value in [*globals().values()] if isinstance(value, Refusal))
"""All of them, in this order."""
