"""PDF: typeset by Typst, as PDF/UA-1 and PDF/A-2a."""

from reviewpress.formats.objects.format import Format

TYPST = Format(
    name="typst",
    words="the PDF",
    short="PDF",
    ending="pdf",
    writer="typst",
    maker="reviewpress.formats.pdf:begin_pdf_file",
    also=("pdf",),
    conditions=("typst", "pdf"),
    raw=("typst",),
    page_break=("typst", "#pagebreak(weak: true)"),
    breaks_within=False,
    keys=frozenset(("lof", "lot", "papersize", "fontsize", "margin", "pdf-standard")),
    download="download-pdf",
    in_preview=True,
)
