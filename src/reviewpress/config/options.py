"""What documents are asked to be like: by project, format and chapter."""

import re

FORMATS = {"html": "html", "typst": "typst", "docx": "docx", "pdf": "typst"}


def base_format(name: str) -> str:
    """Return the format that a name of `format:` stands for: `typst` for `reviewpress-typst`."""
    base = re.sub(r"^.*-(?=[^-]+$)", "", name).split("+")[0]
    return FORMATS.get(base, base)
