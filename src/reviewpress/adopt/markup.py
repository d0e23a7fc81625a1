"""HTML that a review refuses: what it means takes its place, else its words do."""

import re

from reviewpress.adopt.texts import FRAME
from reviewpress.assemble.raw_html import ELEMENTS, plain_tag
from reviewpress.notebooks.html_tables import html_table_markdown

_TAG = re.compile(r"<!?/?([A-Za-z][\w:-]*)(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*>")
_ANCHOR = re.compile(r"<a\b[^<>]*\bhref=[\"']([^\"'\s]+)[\"'][^<>]*>([^<>\[\]]+)</a>", re.I)
_APART = re.compile(
    r"<(script|style|svg|form|button|object|embed|canvas|select)\b.*?(?:</\1\s*>|/>)", re.S | re.I
)
_FILM = re.compile(r"<(video|audio)\b[^<>]*>(?:.*?</\1\s*>)?", re.S | re.I)
_SOURCE = re.compile(r"\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.I)
_TABLE = re.compile(r"<table\b.*?</table\s*>", re.S | re.I)


def without_html(text: str, message: str) -> tuple[str, str] | None:
    """Return a text without the HTML of its first line that is refused, and what was done.

    A page within the page and a film are links; None where there is nothing to take out.

    >>> without_html("One <blink>two</blink>.", "raw html (`<blink>`)")
    ('One two.', 'The tags are left out, the words stay.')
    """
    first = text.partition("\n")[0]
    for pattern, made, said in (
        (FRAME, lambda match: f"<{match[1]}>", "It is a link now."),
        (_FILM, _film, "It is a link now."),
        (_APART, lambda match: comment(match[0]), "It is a comment now."),
    ):
        match = pattern.search(text)
        if match and match.start() <= len(first):
            return f"{text[: match.start()]}{made(match)}{text[match.end() :]}", said
    anchor = _ANCHOR.search(first)
    if anchor and "<a " in message:
        new = f"{first[: anchor.start()]}[{anchor[2].strip()}]({anchor[1]}){first[anchor.end() :]}"
        return new + text[len(first) :], "It is a link of Markdown now."
    plain = _TAG.sub(lambda m: plain_tag(m[0]) if m.start() <= len(first) else m[0], text)
    if plain != text:
        return plain, "Attributes are left out, the element stays."
    unknown = [
        each for each in _TAG.finditer(text)
        if each.start() <= len(first) and each[1].lower() not in ELEMENTS
    ]  # fmt: skip
    if unknown:
        return _without(unknown, text), "The tags are left out, the words stay."
    table = _TABLE.search(text)
    if table and table.start() <= len(first):
        written = html_table_markdown(table[0], captioned=True)
        if isinstance(written, str):
            new = f"{text[: table.start()]}\n\n{written}\n{text[table.end() :]}"
            return new, "It is a table of Markdown now."
    tags = [each for each in _TAG.finditer(text) if each.start() <= len(first)]
    return (_without(tags, text), "The tags are left out, the words stay.") if tags else None


def _without(tags: list[re.Match[str]], text: str) -> str:
    for tag in reversed(tags):
        text = text[: tag.start()] + text[tag.end() :]
    return text


def _film(match: re.Match[str]) -> str:
    source = _SOURCE.search(match[0])
    if source is None:
        return comment(match[0])
    is_film = match[1].lower() == "video"
    return f"{{{{< video {source[1]} >}}}}" if is_film else f"[{source[1]}]({source[1]})"


def comment(text: str) -> str:
    """Return a comment of what would be read in a comment, too: a shortcode is."""
    text = text.replace("{{", "{ {").replace("}}", "} }")
    return f"<!-- {text.replace('-->', '-- >')} -->"
