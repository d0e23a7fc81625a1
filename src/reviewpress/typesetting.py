"""Typst: the only importer of the typst wheel. A compiler is kept alive for each document."""

import gc
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from reviewpress.errors import EngineError

PDF_STANDARDS = ("a-2a", "ua-1")

_compilers: dict[tuple[Path, Path, tuple[Path, ...]], Any] = {}


def typeset(file: Path, *, root: Path, fonts: Sequence[Path], timestamp: datetime) -> bytes:
    """Compile a Typst file to a PDF that meets PDF/A-2a and PDF/UA-1.

    Only the fonts in `fonts` are used, never the machine's. Raises EngineError with Typst's
    message and hints.
    """
    import typst

    key = (file, root, tuple(fonts))
    if key not in _compilers:
        _compilers[key] = typst.Compiler(
            str(file), root=str(root), font_paths=[str(f) for f in fonts], ignore_system_fonts=True
        )
    try:
        pdf = _compilers[key].compile(
            str(file), format="pdf", pdf_standards=list(PDF_STANDARDS), timestamp=timestamp
        )
    except typst.TypstError as error:
        raise EngineError(_words_of(error), hint=" ".join(error.hints)) from None
    assert isinstance(pdf, bytes)
    return pdf


def is_ready(file: Path, *, root: Path, fonts: Sequence[Path]) -> bool:
    """Say whether a compiler for this document is alive, so that a change costs little."""
    return (file, root, tuple(fonts)) in _compilers


def forget_compilers() -> None:
    """Let go of the compilers that were kept alive."""
    _compilers.clear()
    gc.collect()


def _words_of(error: Any) -> str:
    where = next((line.strip() for line in error.trace if line.strip()), "")
    lines = [line for line in error.diagnostic.splitlines() if line.strip()]
    detail = "\n".join(lines[:8]) or where
    return f"Typst: {error.message}" + (f"\n{detail}" if detail else "")
