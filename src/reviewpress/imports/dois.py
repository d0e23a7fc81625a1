"""DOIs as exports escape them."""

import re
from html import unescape
from urllib.parse import unquote

_DASHES = re.compile(r"[‐-―−﹣－]")


def unescape_doi(text: str) -> str:
    """Return a DOI without escapes, and with the hyphens that it has where dashes were put."""
    for _ in range(2):  # an address in an address is escaped twice
        text = unescape(text) if "&" in text else text
        text = unquote(text) if "%" in text else text
    return text if text.isascii() else _DASHES.sub("-", text)
