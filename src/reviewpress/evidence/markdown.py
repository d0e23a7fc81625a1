"""Text from data made safe to stand in Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~^$@:\"'&=])")
_KEY = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_]|[:.#$%&\-+?<>~/](?=[A-Za-z0-9_]))*")
_PLAIN = re.compile(r"[\w ,;?–—’‘“”/%£€]*")


def escape(text: str) -> str:
    """Return a text that Markdown renders as it stands, on one line.

    >>> print(escape("a *b* [c](d)"))
    a \\*b\\* \\[c\\]\\(d\\)
    """
    line = " ".join(text.split())
    return line if _PLAIN.fullmatch(line) else _SPECIAL.sub(r"\\\1", line)


def cite_keys(keys: list[str]) -> str:
    """Return a pandoc citation of several keys; empty for none.

    >>> cite_keys(["wang2020", "li2021"])
    '[@wang2020; @li2021]'
    """
    if not keys:
        return ""
    return f"[{'; '.join(_cite(key) for key in keys)}]"


def _cite(key: str) -> str:
    return f"@{key}" if _KEY.fullmatch(key) else f"@{{{key}}}"
