"""LibreOffice Writer, which knows on what page of a Word file something is."""

import shutil
import tempfile
from pathlib import Path

from reviewpress.errors import SetupError
from reviewpress.programs.tools import Run, run_program

_EXPORT = (
    'pdf:writer_pdf_Export:{"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
)


def find_libreoffice(needed_for: str) -> str:
    """Return the path of LibreOffice; SetupError, with what it is needed for, where there is none.

    It is looked for on the PATH.
    """
    for name in ("soffice", "libreoffice"):
        if path := shutil.which(name):
            return path
    raise SetupError(
        f"LibreOffice was not found, and {needed_for} needs it.",
        hint="Install LibreOffice Writer, put it on the PATH, or leave that setting out.",
    )


def libreoffice_version(program: str, run: Run = run_program) -> str:
    """Return what LibreOffice says its version is."""
    return run([program, "--version"], "", folder=Path.cwd(), name="LibreOffice").strip()


def convert_to_pdf(
    program: str, document: Path, *, seconds: float, run: Run = run_program
) -> Path | None:
    """Set a Word file as a PDF beside it, whose bookmarks are destinations; None where none came.

    Raises OutOfTime after so many seconds. A profile of its own keeps it off other windows and
    the settings of the user's.
    """
    with tempfile.TemporaryDirectory(dir=document.parent) as folder:
        home = f"-env:UserInstallation={Path(folder).as_uri()}"
        command = [program, home, "--headless", "--norestore", "--convert-to", _EXPORT,
                   "--outdir", str(document.parent), str(document)]  # fmt: skip
        run(command, "", folder=document.parent, name="LibreOffice", seconds=seconds)
    made = document.with_suffix(".pdf")
    return made if made.is_file() else None
