"""EPUB 3: one file of chapters that adapt to a reader's screen, size of text and voice."""

from reviewpress.formats.objects.format import Format

EPUB = Format(
    name="epub",
    words="the EPUB",
    short="EPUB",
    ending="epub",
    writer="epub",
    maker="reviewpress.formats.epub:begin_epub_file",
    also=("epub3",),
    # Quarto counts EPUB among the formats of HTML.
    conditions=("epub", "epub2", "epub3", "html"),
    raw=("html", "epub", "epub3"),
    page_ending=".xhtml",
    has_plain_names=True,
    keys=frozenset(("description", "keywords")),
    download="download-epub",
    by_quarto=False,
)
