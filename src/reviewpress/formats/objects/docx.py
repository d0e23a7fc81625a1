"""Word: one file in the review's styles."""

from reviewpress.formats.objects.format import Format

DOCX = Format(
    name="docx",
    words="the Word file",
    short="Word",
    ending="docx",
    writer="docx",
    maker="reviewpress.formats.word:begin_word_file",
    conditions=("docx",),
    raw=("docx", "openxml"),
    # Word cannot show SVG.
    image="png",
    page_break=("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'),
    keys=frozenset(("lof", "lot", "reference-doc")),
    download="download-word",
)
