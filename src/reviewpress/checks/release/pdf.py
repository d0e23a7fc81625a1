"""PDF/UA-1 of each PDF, by outloud: the only importer of it."""

from collections.abc import Iterator
from pathlib import Path

from reviewpress.errors import Place, Problem, missing_extra

# A line of this many words is prose to outloud; running heads are shorter.
_PROSE = 8


def check_pdfs(folder: Path) -> Iterator[Problem]:
    """Yield each finding of outloud on the PDFs of an edition; its warnings stay warnings.

    Machines find about two thirds of PDF/UA's failure conditions: the rest need eyes. Raises
    SetupError where outloud is not installed.
    """
    try:
        import outloud
    except ImportError:
        raise missing_extra("outloud", "release") from None
    for path in sorted(folder.glob("*.pdf")):
        result = outloud.check(str(path))
        for finding in result.findings:
            severity = _value(finding, "severity")
            if severity not in ("error", "warning"):
                continue
            page = _value(finding, "page")
            if _value(finding, "rule") == "TAG-002" and _repeats_header(path, int(str(page))):
                continue
            where = Place(f"{path.name}, page {page}" if page else path.name)
            message = f"{_value(finding, 'rule')}: {_value(finding, 'message')}."
            rule = "pdf-ua" if severity == "error" else "pdf-ua-warning"
            yield Problem(rule, message, where, subject=str(_value(finding, "rule")))


def _repeats_header(path: Path, page: int) -> bool:
    """Say whether the prose outside the tags of a page is the header of a table that goes on.

    A header row that is printed again on each page is an artifact, as PDF/UA-1 wants it (ISO
    14289-1, 7.1): it is tagged where the table begins. outloud takes it for lost text where the
    table ends on its second page.
    """
    from outloud.model import Document

    document = Document(str(path))
    try:
        lines = [document.content(at).lines for at in range(max(page - 3, 0), page)]
    finally:
        document.close()
    tagged = {line.text for earlier in lines[:-1] for line in earlier if line.tagged_share > 0.8}
    outside = {line.text for line in lines[-1] if line.artifact_share >= 0.8}
    prose = {text for text in outside if len(text.split()) >= _PROSE}
    return prose <= tagged


def _value(finding: object, name: str) -> object:
    return finding.get(name) if isinstance(finding, dict) else getattr(finding, name, None)
