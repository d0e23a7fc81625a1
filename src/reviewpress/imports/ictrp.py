"""XML of the WHO's register of trials (ICTRP): a `<Trial>` each, read like a row of its table."""

from reviewpress.imports.records import Reading
from reviewpress.imports.tables import read_rows
from reviewpress.imports.xmlfiles import flat_text, iterate_elements

ROOT = "Trials_downloaded_from_ICTRP"


def read_ictrp(content: bytes, file: str) -> Reading:
    """Read the trials of a file; each is either in the records or among the rejected."""
    trials = [
        {child.tag.replace("_", " "): flat_text(child) for child in trial}
        for trial in iterate_elements(content, file, ("Trial",), "XML of ICTRP")
    ]
    header = list(dict.fromkeys(name for trial in trials for name in trial))
    rows = [[trial.get(name, "") for name in header] for trial in trials]
    return read_rows([header, *rows], file, "ICTRP XML")
