"""Words that are longer than their columns: broken by the rules of their language, or anywhere."""

import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from chapters_made import write_chapters
from PIL import Image
from reading import Page, words_of

from reviewpress.cli.engines import embedded_engine
from reviewpress.config import load_config
from reviewpress.pipeline import assemble_edition

# ruff: noqa: E501
GERMAN = """\
| Untersuchungsgegenstand | Finanzierungsvoraussetzung | Datenschutzanforderungen | Zugehörigkeit |
|---|---|---|---|
| Kindertageseinrichtungen | Bundeszuschüsse | Einverständniserklärungen | Sozialpädagoginnen |
| Gesundheitszentren | Krankenversicherungsbeiträge | Schweigepflichtsentbindungen | Allgemeinmedizinerinnen |

: Merkmale {#tbl-a row-headers=1}
"""
FINNISH = """\
| Kohde | Rahoitusmahdollisuudet | Tietosuojavaatimusten noudattaminen | Osoite |
|---|---|---|---|
| Varhaiskasvatusyksiköt | Valtionosuusjärjestelmä | Suostumusmenettelykäytännöt | https://example.org/a/very/long/address/10.1000/182 |

: Kohteet {#tbl-a}
"""
WELSH = """\
| Cyfrifoldebaucymdeithasolion | Gwrthgyferbyniadauieithyddol | Anghyfansoddiadoldeb | Cyfathrebiadauproffesiynol |
|---|---|---|---|
| Cyfrinacheddproffesiynolion | Llanfairpwllgwyngyllgogerych | Cydweithredoldebau | Gweithwyrcymdeithasolion |

: Nodweddion {#tbl-a}
"""
CHINESE = """\
| 各级医疗卫生机构的研究对象与范围 | 各级医疗卫生机构的资金条件与来源 | 个人数据保护的要求与实施办法 | 职业责任 |
|---|---|---|---|
| 幼儿园 | 政府补助金 | 监护人的同意书以及学校管理部门的批准文件 | 教育工作者 |

: 特征 {#tbl-a}
"""


HYPHENS = "-\u00ad\u2010"


def make(root: Path, lang: str, text: str, settings: str = "") -> Path:
    """Render a chapter in a language in every format; return where."""
    write_chapters(root / "book", {"one": f"# Start\n\n{text}"})
    config = root / "book" / "_quarto.yml"
    written = config.read_text("utf-8").replace("lang: en-GB", f"lang: {lang}")
    config.write_text(f"{written}{settings}", encoding="utf-8")
    folder = root / "out"
    folder.mkdir()
    manuscript = assemble_edition(load_config(config.parent), {})
    embedded_engine(config.parent).render(manuscript, folder)
    return folder


@pytest.mark.parametrize(
    ("lang", "table"), [("de", GERMAN), ("fi", FINNISH), ("cy", WELSH), ("zh-CN", CHINESE)]
)
def test_no_word_prints_over_the_next_column(lang: str, table: str, tmp_path: Path) -> None:
    """Four columns of ordinary words, an address, and a language that Typst has no rules for."""
    words = sorted(words_of(make(tmp_path, lang, table)))
    for one, other in pairwise(words):
        if (one.page, one.top) == (other.page, other.top):
            assert one.right <= other.left + 0.5, (one, other)
    right = 595 - 28 / 25.4 * 72
    assert max(word.right for word in words if word.page > 1) < right + 1


def test_words_of_a_table_that_fits_are_whole(tmp_path: Path) -> None:
    """No hyphen without need, and none in running text."""
    table = "| Place | Responsibilities |\n|---|---|\n| Scotland | Inspection |\n\n: A {#tbl-a}\n"
    text = "Considerations of responsibilities and communication. " * 12
    made = make(tmp_path, "en-GB", f"{table}\n{text}\n")
    assert not [word for word in words_of(made) if word.text[-1] in HYPHENS]
    assert "class" not in Page(made / "one.html").root.attrib


@pytest.mark.parametrize("before", ["", "> ", "- "])
def test_nothing_runs_off_the_page(before: str, tmp_path: Path) -> None:
    """A sequence, a checksum in code, an address: what has no place where a line may end."""
    sequence, checksum = "ACGT" * 60, "0f9e" * 50
    address = f"https://example.org/{'path_' * 40}"
    text = "\n\n".join(f"{before}{each}" for each in (sequence, f"`{checksum}`", address))
    made = make(tmp_path, "en-GB", f"{text}\n\n```\n{sequence}\n```\n")
    words = [word for word in words_of(made) if word.page > 1]
    shown = "".join(word.text for word in words).replace("\u200b", "")
    for each, times in ((sequence, 2), (checksum, 1), (address, 1)):
        assert shown.count(each) == times
    assert max(word.right for word in words) < 595 - 28 / 25.4 * 72 + 1


def test_running_text_is_hyphenated_where_the_review_says_so(tmp_path: Path) -> None:
    """In the PDF and on pages."""
    text = "Gesundheitsversorgungseinrichtungen berichten Finanzierungsschwierigkeiten. " * 12
    made = make(tmp_path, "de", text, "reviewpress: {hyphenation: true}\n")
    assert [word for word in words_of(made) if word.text[-1] in HYPHENS]
    assert Page(made / "one.html").get("class") == "hyphenated"


@pytest.mark.parametrize(("lang", "words"), [("ar", "نتائج البحث"), ("he", "תוצאות המחקר")])
def test_a_pdf_from_right_to_left_is_mirrored(lang: str, words: str, tmp_path: Path) -> None:
    """The bar of a box, a list's marks and the columns of a table are on the right."""
    text = (
        f"{words}\n\n- {words}\n\n::: {{.key-message}}\n{words}\n:::\n\n"
        f"| one | two |\n|---|---|\n| {words} | {words} |\n\n: {words} {{#tbl-a}}\n"
    )
    made = make(tmp_path, lang, text)
    words_found = {word.text: word for word in words_of(made)}
    assert words_found["•"].left > 400
    assert words_found["one"].left > words_found["two"].right
    picture = tmp_path / "page"
    program = shutil.which("pdftoppm")
    assert program, "pdftoppm is needed"
    [pdf] = made.glob("*.pdf")
    page = str(words_found["•"].page)
    subprocess.run([program, "-r", "30", "-f", page, "-l", page, "-png", str(pdf), str(picture)])
    [image] = tmp_path.glob("page*.png")
    with Image.open(image) as opened:
        shown = opened.convert("RGB")
        bar = [
            x for x in range(shown.width) for y in range(shown.height)
            if _is_near(shown.getpixel((x, y)), (0xA6, 0x3D, 0x17))
        ]  # fmt: skip
    assert bar
    assert min(bar) > 100


def _is_near(one: Any, other: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))
