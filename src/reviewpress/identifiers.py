"""Names that other systems give or take: DOIs, addresses of the web, languages, plain letters.

The only importer of anyascii.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from reviewpress.shapes import Plain, as_list, as_mapping

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_BEFORE_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_APART = re.compile("[^\\W\\d_][\u0300-\u036f\u3099\u309a]+|[\u1100-\u11ff]+")
"""A letter with its accents after it; the parts of Korean syllables."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_ORCID = re.compile(r"(?:^|/)(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])/?$", re.IGNORECASE)
_SCHEMES = ("http", "https", "ftp")
_ADDRESSES = ("url", "licence-url")

Wrong = tuple[tuple[str, ...], str, str]
"""A key of `_quarto.yml`, what is wrong with its value, and what to do."""


def plain_letters(text: str) -> str:
    """Return a text in small letters from a to z, from whichever script it is in.

    >>> plain_letters("Łódź & Ærø"), plain_letters("Иванов"), plain_letters("山田")
    ('lodz & aero', 'ivanov', 'shantian')
    """
    small = unicodedata.normalize("NFC", text.casefold())
    if small.isascii():
        return small
    from anyascii import anyascii  # its tables: only where there is something to look up

    return str(anyascii(small)).lower()


def address_name(text: str) -> str:
    """Return a name for a file or an address: lower case, ASCII, words joined by hyphens.

    >>> address_name("Résultats & coûts"), address_name("Œuvres")
    ('resultats-couts', 'oeuvres')
    """
    return "-".join(re.findall(r"[a-z0-9]+", plain_letters(text)))


def plain_digits(text: str) -> str:
    """Return a text with the digits of any script as those of English.

    >>> plain_digits("２０２１"), plain_digits("٢٠٢٠/٣"), plain_digits("2019")
    ('2021', '2020/3', '2019')
    """
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def composed(text: str) -> str:
    """Return a text whose accented letters are one character each, as most systems type them.

    Others write a letter and its accent: both look the same, and are the same word.

    >>> composed("Mun\u0303oz") == "Muñoz"
    True
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    # Not all of the text: characters that Unicode holds to be others' doubles stay as they are.
    return _APART.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


def plain_doi(doi: str) -> str:
    """Return a DOI without an address or label before it, in its own letters.

    >>> plain_doi("https://doi.org/10.5334/IJIC.9145")
    '10.5334/IJIC.9145'
    """
    return _BEFORE_DOI.sub("", doi.strip())


def is_web_address(url: str) -> bool:
    """Say whether a text is an address that a page may link to.

    >>> is_web_address("https://example.org/a"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return (
        parts.scheme in _SCHEMES
        and "." in host.strip(".")
        and not re.search(r"[\s<>\"{}|\\^]", url)
    )


def address_of_work(text: str) -> str:
    """Return where a work is on the web, of an address or a DOI; empty of another text.

    >>> address_of_work("doi:10.5334/ijic.9145"), address_of_work("2.0")
    ('https://doi.org/10.5334/ijic.9145', '')
    """
    if is_web_address(text):
        return text
    doi = plain_doi(text)
    return f"https://doi.org/{doi}" if _DOI.fullmatch(doi) else ""


def wrong_identifiers(data: Mapping[str, Plain]) -> Iterator[Wrong]:
    """Give what `_quarto.yml` says that is no language, DOI or address: they go into links."""
    lang = data.get("lang", "en")
    if not (isinstance(lang, str) and _LANGUAGE.fullmatch(lang)):
        message = f'"{str(lang)[:60]}" is not a language.'
        tag = str(lang).replace("_", "-")
        hint = f"Write {tag}." if _LANGUAGE.fullmatch(tag) else "Write its tag, as in en-GB or cy."
        yield ("lang",), message, hint
    settings = data.get("reviewpress")
    if not isinstance(settings, Mapping):
        return
    doi = settings.get("doi")
    if doi and not _DOI.fullmatch(plain_doi(str(doi))):
        message = f'"{str(doi)[:80]}" is not a DOI.'
        yield ("reviewpress", "doi"), message, "A DOI looks like 10.5334/ijic.9145."
    for path, address in _addresses(settings):
        if not is_web_address(address):
            message = f'"{address[:80]}" is not an address of the web.'
            yield ("reviewpress", *path), message, "It starts with https:// and has no spaces."


def plain_orcid(text: str) -> str:
    """Return an ORCID without the address before it; empty where the text has none.

    >>> plain_orcid("https://orcid.org/0000-0002-1694-233x/"), plain_orcid("0000000218250097")
    ('0000-0002-1694-233X', '0000-0002-1825-0097')
    """
    found = _ORCID.search(text.strip())
    return "-".join(found.groups()).upper() if found else ""


def is_orcid(text: str) -> bool:
    """Say whether a text is an ORCID, or its address, whose last sign is right.

    >>> is_orcid("https://orcid.org/0000-0002-1825-0097"), is_orcid("0000-0002-1825-0098")
    (True, False)
    """
    orcid = plain_orcid(text)
    total = 0
    for digit in orcid[:-1].replace("-", ""):
        total = (total + int(digit)) * 2
    return orcid[-1:] == "0123456789X"[(12 - total % 11) % 11]


def _addresses(settings: Mapping[str, Plain]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give the addresses among the settings of a review, each with its key."""
    for key in _ADDRESSES:
        if settings.get(key):
            yield (key,), str(settings[key])
    for version in as_list(settings.get("versions")):
        url = as_mapping(version).get("url")
        if url:
            yield ("versions",), str(url)
