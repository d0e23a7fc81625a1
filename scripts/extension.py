"""Make what the extension ships ready-made: the brand for Typst, Word's reference document, and the
styles of Quarto's pages.

python scripts/extension.py          write them
python scripts/extension.py --check  say what is out of date; exit status 1 if anything is
"""

import sys
import tempfile
from pathlib import Path

from reviewpress.brand import Brand, css, load_brand, typst
from reviewpress.formats.word_styles import brand_reference
from reviewpress.programs.tools import run_pandoc

EXTENSION = Path(__file__).resolve().parents[1] / "_extensions" / "reviewpress"


def main(arguments: list[str]) -> int:
    """Write the files that differ from what the brand makes, or name them."""
    check = "--check" in arguments
    stale = {path: content for path, content in made().items() if _differs(path, content)}
    for path, content in stale.items():
        print(f"{'out of date' if check else 'wrote'}: {path.relative_to(EXTENSION.parent)}")
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    return 1 if check and stale else 0


def made() -> dict[Path, bytes]:
    """Return the content of each file that is made from the extension's brand."""
    brand = load_brand(EXTENSION / "_brand.yml")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "reference.docx"
        arguments = [f"--output={file}", "--print-default-data-file", "reference.docx"]
        run_pandoc(arguments, "", folder=Path(folder))
        base = file.read_bytes()
    return {
        EXTENSION / "typst" / "brand.typ": f"// Made from _brand.yml.\n{typst(brand)}".encode(),
        EXTENSION / "docx" / "reference.docx": brand_reference(base, brand),
        EXTENSION / "quarto" / "quarto.css": quarto_css(brand).encode(),
    }


def quarto_css(brand: Brand) -> str:
    """Return the styles of Quarto's pages: the brand, then what our own pages have in their text.

    Quarto's theme has one look, for light pages; the brand's dark colours stay out of it.
    """
    own = (EXTENSION / "html" / "reviewpress.css").read_text(encoding="utf-8")
    text = own[own.index("/* Blocks */") : own.index("/* Search */")]
    light = css(brand, fonts="../fonts/").partition("@media screen")[0]
    theme = (EXTENSION / "quarto" / "theme.css").read_text(encoding="utf-8")
    return f"/* Made from _brand.yml, theme.css and html/reviewpress.css. */\n{light}{theme}{text}"


def _differs(path: Path, content: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != content


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
