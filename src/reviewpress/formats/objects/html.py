"""Pages: a page a chapter, with navigation, search and the data behind figures."""

from reviewpress.formats.objects.format import Format

LOST_PAGE = "404.html"
"""What a server shows at addresses that lead nowhere."""

HTML = Format(
    name="html",
    words="the pages",
    short="pages",
    ending="html",
    writer="html5",
    maker="reviewpress.formats.html:begin_site",
    conditions=("html", "html:js", "html4", "html5"),
    raw=("html",),
    is_one_file=False,
    page_ending=".html",
    keys=frozenset(("description", "keywords", "css", "include-in-header")),
    in_preview=True,
)
