"""PDF/UA-1 of each PDF, by outloud: the only importer of it."""

from collections.abc import Iterator
from pathlib import Path

from reviewpress.errors import Place, Problem, SetupError


def check_pdfs(folder: Path) -> Iterator[Problem]:
    """Yield each finding of outloud on the PDFs of an edition; its warnings stay warnings.

    Machines find about two thirds of PDF/UA's failure conditions: the rest need eyes. Raises
    SetupError where outloud is not installed.
    """
    try:
        import outloud
    except ImportError:
        raise SetupError("outloud is not installed.", hint="`pip install outloud`.") from None
    for path in sorted(folder.glob("*.pdf")):
        result = outloud.check(str(path))
        for finding in result.findings:
            severity = _value(finding, "severity")
            if severity not in ("error", "warning"):
                continue
            page = _value(finding, "page")
            where = Place(f"{path.name}, page {page}" if page else path.name)
            message = f"{_value(finding, 'rule')}: {_value(finding, 'message')}."
            yield Problem(
                "pdf-ua", message, where, severity=severity, subject=str(_value(finding, "rule"))
            )


def _value(finding: object, name: str) -> object:
    return finding.get(name) if isinstance(finding, dict) else getattr(finding, name, None)
