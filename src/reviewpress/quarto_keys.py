"""What each of Quarto's keys does here: the one table, from which messages and reference are made.

A key is obeyed at some levels, has no effect in the embedded engine, or is refused. Keys of
`_quarto.yml`, its profiles, of a format under `format:` and of a chapter's front matter are in one
table, since Quarto lets most of them stand at all three levels; those below `project:`, `book:`
and the like have tables of their own. Which formats obey a key that is not for all of them is said
by the formats (`formats/objects/`). A key that is in no table is one that nobody knows.

To obey one more key, give it a row here and read it by `Config.options` or `Page.options` where it
matters: shapes, messages and the reference follow from the row.
"""

from collections.abc import Mapping
from types import MappingProxyType

from reviewpress.key_table import (
    CHAPTER,
    DOCUMENTS,
    EVERYWHERE,
    PROJECT,
    Key,
    Level,
    always,
    idle_keys,
    one_of,
    refused_key,
    table_of,
)
from reviewpress.shapes import (
    ANYTHING,
    FILE,
    PATH,
    PATHS,
    TEXT,
    TEXTS,
    TRUTH,
    Shape,
    either,
    keys,
    listed,
    map_of,
    matching_text,
    one_or_more,
    whole,
)


def _is_own_brand(value: object) -> bool:
    """Say whether `brand:` asks for what is done without it, in one of Quarto's ways."""
    named = value.values() if isinstance(value, dict) else [value]
    return all(each in (None, True, "_brand.yml", "./_brand.yml") for each in named)


_ANY_KEYS = keys({})
_AUTHORS = one_or_more(
    either(TEXT, keys({"name": either(TEXT, _ANY_KEYS)}, expected="a name or its parts"))
)
_FILED = keys({"file": PATH, "href": PATH, "text": TEXT}).with_one_of("file", "href")
_CHAPTER_FILE = either(PATH, _FILED, expected=PATH.expected)
_PART = keys({"part": TEXT, "chapters": one_or_more(_CHAPTER_FILE)}).with_one_of("part")
_CHAPTERS = one_or_more(
    either(PATH, _PART, _FILED, expected="a file inside the review, or a part with its chapters")
)
_LENGTH = matching_text("a length, as in `11pt`", r"\d+(\.\d+)?(pt|mm|cm|in)")
_MARGIN = keys(
    dict.fromkeys(("x", "y", "top", "bottom", "left", "right"), _LENGTH),
    expected="a length for each of x, y, top, bottom, left and right, as in `x: 2cm`",
)
_PAPER = matching_text(
    "the name of a paper, as in a5 or us-letter",
    r"a\d|a1[01]|(a\d|letter|legal|executive)paper|letter|legal|executive"
    r"|iso-b[1-8]|iso-c[3-8]|jis-b(\d|10)"
    r"|us-(letter|legal|executive|tabloid|statement|ledger|oficio|trade|digest)"
    r"|uk-(book-a|book-b|quarto|foolscap)",
)
_FILTER = either(
    FILE,
    keys({"path": FILE, "at": TEXT, "type": TEXT}, needs=("path",)),
    expected="the file of a Lua filter, or `path:` with `at:`",
)
_REGION = either(TEXT, listed(either(TEXT, keys({"text": TEXT, "href": TEXT}))))
_FOOTER = either(
    TRUTH, TEXT, keys(dict.fromkeys(("left", "center", "right"), _REGION)),
    expected="words, or words at places",
)  # fmt: skip
_CARD = keys(dict.fromkeys(
    ("title", "description", "image", "image-alt", "locale", "site-name", "card-style", "creator",
     "site"), TEXT))  # fmt: skip
_HEADER = one_or_more(
    either(
        FILE,
        keys({"file": FILE, "text": TEXT}).with_one_of("file", "text"),
        expected="a file, or `text:`",
    )
)
_GROUPS = listed(one_or_more(TEXT), "lists of profiles, as in `[[report, summary]]`")
_PROFILE = either(
    TEXT,
    keys({"default": TEXTS, "group": _GROUPS}),
    expected="the name of a profile, as in `default: report`",
)
_NUMBER_STYLE = matching_text(
    "arabic, roman, or alpha with a first letter", r"arabic|roman( [iI])?|alpha( [^\W\d_])?"
)

_DESIGN = "pages and PDF have one design: `_brand.yml` changes colours and fonts, `css:` pages"
_CODE = "code is shown, if at all, as the cell says: `#| echo: true`"
_LATEX = "the PDF is made by Typst"
_OTHER = "for formats that are not made here"
_WEB = "pages have no such part"
_EXECUTION = "notebooks are executed by papermill, and again only where something changed"
_QUARTO = "for Quarto alone; the embedded engine does without"
_RECORD = "say it under `reviewpress:`, where there is a key for it"
_READER = "how chapters are read and written is fixed"

DOCUMENT_KEYS = table_of(
    # Obeyed.
    Key("title", "the title: of the review, in a chapter of the chapter", TEXT,
        ("project", "chapter")),
    Key("author", "who wrote it: the review, or the chapter", _AUTHORS, ("project", "chapter")),
    Key("authors", "the same as `author`", _AUTHORS, ("project", "chapter")),
    Key("date", "the date of the edition, as in 2026-11-22; of a chapter, shown under its title",
        TEXT, ("project", "chapter")),
    Key("subtitle", "the line under a chapter’s title", TEXT, CHAPTER),
    Key("description", "what a page is about, for search engines; a chapter’s is shown under its"
        " title",
        TEXT, ("project", "chapter")),
    Key("keywords", "the same in single words; a chapter’s are shown before its text", TEXTS,
        ("project", "chapter")),
    Key("translation-of", "the chapter of another language’s edition that this one translates, as"
        " in `outcomes`", TEXT, CHAPTER),
    Key("abstract", "the review’s abstract, on its first page; a chapter’s, above its text", TEXT,
        ("project", "chapter")),
    Key("nocite", "works that are listed without being cited, as in `@known2020`; all for"
        " `@*`", one_or_more(TEXT), ("project", "chapter")),
    Key("affiliations", "where authors work: what their `ref:` leads to", ANYTHING,
        ("project", "chapter")),
    Key("aliases", "old addresses of a chapter’s page, which lead to it", one_or_more(TEXT),
        CHAPTER),
    Key("canonical-url", "the address by which search engines know a page: its own unless said;"
        " `false` for none", either(TRUTH, TEXT), ("project", "chapter")),
    Key("draft", "leaves a chapter out of the edition; a preview shows it", TRUTH, CHAPTER),
    Key("image", "the picture that is shown where a link to the page is shared", FILE, CHAPTER),
    Key("image-alt", "what it shows", TEXT, CHAPTER),
    Key("license", "the licence, as in `CC BY`", ANYTHING, PROJECT),
    Key("copyright", "the statement of copyright, or its `holder` and `year`", ANYTHING, PROJECT),
    Key("funding", "who paid: a statement, or `awards` with `source` and `id`", ANYTHING, PROJECT),
    Key("doi", "the review’s DOI", TEXT, PROJECT),
    Key("isbn", "its ISBN", TEXT, PROJECT),
    Key("issn", "the ISSN of the series that it is in", TEXT, PROJECT),
    Key("publisher", "who publishes the review", ANYTHING, PROJECT),
    Key("lang", "the language, with its region if you like: `fr`, `en-GB`", TEXT, PROJECT),
    Key("language", "your own words for [labels](labels.md), or the YAML file that has them",
        either(PATH, _ANY_KEYS, expected="a file of labels, or labels"), PROJECT),
    Key("bibliography", "the BibTeX file or files; a chapter’s join those of the project", PATHS,
        ("project", "chapter")),
    Key("csl", "the citation style of additional references", PATH, PROJECT),
    Key("number-sections", "whether headings have numbers", TRUTH, ("project", "chapter")),
    Key("number-depth", "down to which level headings have numbers; 3 unless said", whole(0, 6),
        ("project", "chapter")),
    Key("crossref", "how figures, tables and sections are called and numbered",
        either(TRUTH, _ANY_KEYS, expected="options"), PROJECT),
    Key("format", "the formats: `reviewpress-html`, `reviewpress-typst` (PDF), `reviewpress-docx`",
        ANYTHING, ("project", "chapter")),
    Key("toc", "whether there is a list of contents: of a page, or of the document", TRUTH,
        EVERYWHERE),
    Key("toc-depth", "how many levels of headings it has", whole(0, 99), EVERYWHERE),
    Key("toc-title", "its heading", TEXT, EVERYWHERE),
    Key("lof", "whether there is a list of figures", TRUTH, DOCUMENTS),
    Key("lot", "whether there is a list of tables", TRUTH, DOCUMENTS),
    Key("papersize", "the paper, as in `a5` or `us-letter`; a4 unless said", _PAPER, DOCUMENTS),
    Key("fontsize", "the size of text, as in `11pt`; the others follow", _LENGTH, DOCUMENTS),
    Key("margin", "the margins: `x`, `y`, `top`, `bottom`, `left`, `right`", _MARGIN, DOCUMENTS),
    Key("pdf-standard", "what the PDF conforms to; `[ua-1, a-2a]` unless said", TEXTS, DOCUMENTS),
    Key("reference-doc", "the Word file whose styles are taken", PATH, DOCUMENTS),
    Key("css", "style sheets of pages, after ours; from a chapter, of its page",
        one_or_more(FILE), EVERYWHERE),
    Key("include-in-header", "lines for the head of pages: `<meta>`, and links that load nothing",
        _HEADER, DOCUMENTS),
    Key("filters", "Lua filters of pandoc’s kind, run on each chapter: `at: pre-ast` before ours,"
        " others after, those after `quarto` last", one_or_more(_FILTER), DOCUMENTS),
    Key("execute", "how code is executed and shown, where cells do not say it",
        either(TRUTH, _ANY_KEYS, expected="options, as in `echo: false`"), ("project", "chapter")),
    # Files that describe the project.
    Key("project", "what the project is", _ANY_KEYS, PROJECT),
    Key("book", "title page and chapters", _ANY_KEYS, PROJECT),
    Key("profile", "the edition made unless another is named", _PROFILE, PROJECT),
    Key("home", "what the first page asks for as `{{< meta home.title >}}`", silent=always),
    Key("reviewpress", "the settings of the review", ANYTHING, PROJECT),
    idle_keys(_QUARTO, """
        suppress-bibliography citeproc quarto-required callout-icon callout-appearance
        editor editor_options zotero ipynb-filters jupyter keep-md keep-ipynb keep-typ keep-tex
        keep-source keep-hidden verbosity debug server daemon daemon-restart cache freeze
        link-citations notes-after-punctuation engines html-math-method metadata
        html-table-processing publish""", always),
    Key("brand", "the brand is `_brand.yml` at the top of the review", silent=_is_own_brand),
    Key("engine", _EXECUTION, silent=one_of(None, "jupyter", "markdown")),
    Key("embed-resources", "the files that pages show are published beside them"),
    Key("self-contained", "the files that pages show are published beside them"),
    Key("search", "pages have a search of their own", silent=one_of(None, True)),
    # Without effect.
    idle_keys(_DESIGN, """
        theme grid page-layout page-width max-width margin-left margin-right margin-top
        margin-bottom margin-geometry brand-mode mainfont monofont codefont sansfont mathfont
        CJKmainfont mainfontoptions sansfontoptions monofontoptions mathfontoptions CJKoptions
        font-paths fontcolor linkcolor monobackgroundcolor backgroundcolor filecolor citecolor
        urlcolor toccolor linestretch pagestyle page-numbering section-numbering columns
        block-headings indent documentclass classoption template template-partials
        title-block-style title-block-banner title-block-banner-color title-block-categories
        appendix-style appendix-cite-as body-classes minimal document-css html-pre-tag-processing
        respect-user-color-scheme logo theorem-appearance css-property-processing toc-indent
        toc-location toc-expand layout dir page-progression-direction fig-cap-location
        tbl-cap-location cap-location tbl-colwidths fig-align fig-width fig-height fig-format
        fig-dpi fig-asp fig-responsive fig-pos fig-env df-print date-format out-width out-height
        reference-section-title"""),
    idle_keys(_CODE, """
        code-fold code-summary code-copy code-link code-annotations code-tools code-overflow
        code-line-numbers code-block-border-left code-block-bg code-block-height code-preview
        syntax-highlighting highlight-style syntax-definition syntax-definitions
        listings indented-code-classes tabsets echo eval output warning error include message
        results"""),
    idle_keys(_LATEX, """
        colorlinks fontenc fontfamily fontfamilyoptions microtypeoptions geometry hyperrefoptions
        links-as-notes secnumdepth top-level-division pdf-engine pdf-engine-opt pdf-engine-opts
        cite-method biblatexoptions natbiboptions biblio-style bibliographystyle biblio-title
        biblio-config link-bibliography shorthands latex-auto-mk latex-auto-install
        latex-min-runs latex-max-runs latex-clean latex-makeindex latex-makeindex-opts
        latex-tlmgr-opts latex-output-dir latex-tinytex latex-input-paths use-rsvg-convert thanks
        title-meta author-meta date-meta"""),
    idle_keys(_WEB, """
        website manuscript navigation axe about anchor-sections smooth-scroll section-divs
        identifier-prefix
        email-obfuscation html-q-tags lightbox link-external-icon link-external-newwindow
        link-external-filter format-links notebook-links other-links code-links notebook-view
        notebook-view-style notebook-preview-options listing mermaid comments crossrefs-hover
        citations-hover footnotes-hover reference-location citation-location repo-actions
        image-height image-width image-lazy-loading title-prefix ojs-engine
        plotly-connected categories order tags pagetitle description-meta abstract-title
        resources cover-image cover-image-alt google-scholar github-repo"""),
    idle_keys(_EXECUTION, """
        julia knitr enabled ipynb ipynb-shell-interactivity params allow-errors"""),
    idle_keys(_RECORD, """
        citation date-modified affiliation institute institutes rights identifier creator
        contributor"""),
    idle_keys(_READER, """
        shortcodes extract-media resource-path default-image-extension abbreviations dpi wrap
        tab-stop preserve-tabs eol strip-comments ascii output-divs merge-includes to input-file
        input-files defaults variables request-headers trace fail-if-warnings dump-args ignore-args
        file-scope data-dir log-file track-changes output-ext number-offset prefer-html
        self-contained-math citation-abbreviations header-includes include-before include-after
        include-before-body include-after-body output-file revealjs-plugins"""),
    idle_keys(_OTHER, """
        article journal notes type relation coverage belongs-to-collection group-position
        ibooks epub-metadata epub-subdirectory epub-fonts epub-chapter-level epub-cover-image
        epub-title-page orientation scrolling expandable nav-buttons email-version pointsize
        lineheight interlinespace linkstyle whitespace indenting adjusting hyphenate list-tables
        split-level headertext footertext includesource footer header contrastcolor
        notebook-subarticles subject category pagenumbering beamerarticle beameroption aspectratio
        titlegraphic section-titles colortheme colorthemeoptions fonttheme
        fontthemeoptions innertheme innerthemeoptions outertheme outerthemeoptions themeoptions
        section variant markdown-headings ipynb-output preview-mode pdfa pdfaiccprofile
        pdfaintent revealjs-url s5-url slidy-url slideous-url scrollable smaller output-location
        embedded display auto-stretch width height min-scale max-scale center disable-layout
        preview-links auto-play-media preload-iframes view-distance mobile-view-distance
        parallax-background-image parallax-background-size parallax-background-horizontal
        parallax-background-vertical progress history navigation-mode touch keyboard mouse-wheel
        hide-inactive-cursor hide-cursor-time loop shuffle controls controls-layout
        controls-tutorial controls-back-arrows auto-slide auto-slide-stoppable auto-slide-method
        default-timing pause help hash hash-type hash-one-based-index respond-to-hash-changes
        fragment-in-url slide-tone jump-to-slide pdf-max-pages-per-slide pdf-separate-fragments
        pdf-page-height-offset overview menu chalkboard multiplex scroll-view transition
        transition-speed background-transition fragments auto-animate auto-animate-easing
        auto-animate-duration auto-animate-unmatched auto-animate-styles incremental slide-level
        slide-number show-slide-number title-slide-attributes title-slide-style
        center-title-slide show-notes rtl dashboard"""),
    # Refused.
    refused_key("from", "chapters are read as Quarto’s Markdown: leave it out",
             one_of(None, "markdown")),
    refused_key("shift-heading-level-by", "write headings at the level they are to have",
             one_of(None, 0)),
    refused_key("metadata-file", "write its keys in `_quarto.yml`"),
    refused_key("metadata-files", "write their keys in `_quarto.yml`"),
)  # fmt: skip
"""Keys at the top of `_quarto.yml`, of formats, and of chapters' front matter."""

PROJECT_KEYS = table_of(
    Key("type", "`book`: a review is a book", TEXT, PROJECT),
    Key("output-dir", "where the edition is written", FILE, PROJECT),
    Key("pre-render", "scripts that Quarto runs: the embedded engine has no need of ours, and"
        " runs no others", TEXTS, silent=one_of(None, "scripts/pre_render.py")),
    Key("post-render", "scripts that Quarto runs: the embedded engine has no need of ours, and"
        " runs no others", TEXTS, silent=one_of(None, "scripts/post_render.py")),
    Key("resources", "files to be published beside the pages: `robots.txt`, `/data/*.csv`",
        one_or_more(FILE), PROJECT),
    idle_keys(_QUARTO, "title lib-dir preview brand detect", always),
    idle_keys("the chapters are what `book:` lists", "render"),
    idle_keys(_EXECUTION, "execute-dir"),
)  # fmt: skip
"""Keys below `project:`."""

BOOK_KEYS = table_of(
    Key("title", "the title of the review", TEXT, PROJECT),
    Key("subtitle", "the second line of the title", TEXT, PROJECT),
    Key("author", "who wrote it", _AUTHORS, PROJECT),
    Key("authors", "the same as `author`", _AUTHORS, PROJECT),
    Key("date", "the date of the edition, as in 2026-11-22", TEXT, PROJECT),
    Key("chapters", "in order; `part:` gathers some, `text:` names one in navigation", _CHAPTERS,
        PROJECT),
    Key("appendices", "chapters with letters, after all others", _CHAPTERS, PROJECT),
    Key("description", "what the review is about, for search engines", TEXT, PROJECT),
    Key("abstract", "the review’s abstract, on its first page", TEXT, PROJECT),
    Key("affiliations", "where authors work: what their `ref:` leads to", ANYTHING, PROJECT),
    Key("site-url", "where the review is published: for the sitemap, the page for lost readers and"
        " what pages say of themselves", TEXT, PROJECT),
    Key("open-graph", "what is shown where a link to a page is shared; `false` for nothing",
        either(TRUTH, _CARD, expected="true or false, or what the card shows"), PROJECT),
    Key("twitter-card", "the same for networks that ask for it so",
        either(TRUTH, _CARD, expected="true or false, or what the card shows"), PROJECT),
    Key("image", "the picture of such cards", FILE, PROJECT),
    Key("image-alt", "what it shows", TEXT, PROJECT),
    Key("repo-url", "where the sources are: linked at the foot of each page", TEXT, PROJECT),
    Key("page-footer", "words at the foot of each page, in Markdown; or for `left`, `center`,"
        " `right`", _FOOTER, PROJECT),
    Key("drafts", "chapters that are drafts, as if each had `draft: true`", PATHS, PROJECT),
    Key("draft-mode", "`visible` publishes drafts; else they are left out",
        matching_text("visible, unlinked or gone", "visible|unlinked|gone"), PROJECT),
    Key("doi", "the review’s DOI", TEXT, PROJECT),
    Key("isbn", "its ISBN", TEXT, PROJECT),
    Key("ISBN", "its ISBN", TEXT, PROJECT),
    Key("issn", "the ISSN of the series that it is in", TEXT, PROJECT),
    Key("ISSN", "the ISSN of the series that it is in", TEXT, PROJECT),
    Key("publisher", "who publishes the review", TEXT, PROJECT),
    Key("license", "the licence, as in `CC BY`", ANYTHING, PROJECT),
    Key("favicon", "the picture that browsers show beside a page’s title", PATH, PROJECT),
    Key("output-file", "what the PDF and the Word file are called; the edition’s name unless said",
        matching_text("the name of a file, without a folder", r"[^/\\.][^/\\]*"), PROJECT),
    idle_keys(_WEB, """
        site-path author-meta date-meta description-meta logo repo-link-target
        repo-link-rel repo-subdir repo-branch issue-url repo-actions reader-mode llms-txt
        google-analytics
        plausible-analytics announcement cookie-consent navbar sidebar body-header body-footer
        margin-header margin-footer page-navigation back-to-top-navigation bread-crumbs
        comments other-links code-links references cover-image cover-image-alt sharing downloads
        tools date-format"""),
    Key("search", "pages have a search of their own", silent=one_of(None, True)),
    idle_keys(_RECORD, """
        abstract-url accessed annote archive archive-collection archive_collection
        archive-location archive_location archive-place authority available-date call-number chair
        chapter-number citation-key citation-label citation-number collection-editor
        collection-number collection-title compiler composer container-author container-title
        container-title-short contributor curator dimensions director division DOI edition editor
        editorial-director editor-translator event event-date event-title event-place
        executive-producer first-reference-note-number fulltext-url genre guest host id illustrator
        interviewer issue issued jurisdiction keyword language locator
        medium narrator note number number-of-pages number-of-volumes organizer original-author
        original-date original-publisher original-publisher-place original-title page page-first
        page-last part-number part-title pdf-url performer pmcid PMCID pmid PMID printing-number
        producer public-url publisher-place recipient reviewed-author reviewed-genre
        reviewed-title scale script-writer section series-creator source status submitted
        supplement-number title-short translator type url URL version volume volume-title
        year-suffix"""),
)  # fmt: skip
"""Keys below `book:`."""

CROSSREF_KEYS = table_of(
    Key("fig-title", "the word before a figure’s number in its caption", TEXT, PROJECT),
    Key("tbl-title", "the word before a table’s number in its caption", TEXT, PROJECT),
    *(
        Key(f"{kind}-title", f"the word before the number of {words}", TEXT, PROJECT)
        for kind, words in (
            ("thm", "a theorem"), ("lem", "a lemma"), ("cor", "a corollary"),
            ("prp", "a proposition"), ("cnj", "a conjecture"), ("def", "a definition"),
            ("exm", "an example"), ("exr", "an exercise"),
        )
    ),
    idle_keys("in references theorems are called as they are, and they count in figures", """
        thm-prefix lem-prefix
        cor-prefix prp-prefix cnj-prefix def-prefix exm-prefix exr-prefix
        thm-labels lem-labels cor-labels prp-labels cnj-labels def-labels exm-labels
        exr-labels"""),
    refused_key("custom", "use `fig-`, `tbl-` or `lst-` for what has a number: a kind of your own"
        " has none here"),
    idle_keys("there is no list of listings, nor does Quarto make one in such a PDF",
                    "lol-title"),
    idle_keys("chapters and sections count in figures, appendices in letters",
                    "sec-labels chapters-alpha chapter-id appendix-delim"),
    idle_keys("captions of parts are below them, and commas between references",
                    "caption-subfig caption-collected-delim caption-collected-label-sep ref-delim"),
    Key("subref-labels", "what the parts of a figure count in: `alpha a` unless said",
        _NUMBER_STYLE, PROJECT),
    Key("lst-title", "the word before a listing’s number in its caption", TEXT, PROJECT),
    Key("lst-prefix", "the word before a listing’s number in references to it", TEXT, PROJECT),
    Key("lst-labels", "what listings count in: `arabic`, `roman i`, `alpha a`", _NUMBER_STYLE,
        PROJECT),
    Key("eq-prefix", "the word before an equation’s number in references to it", TEXT, PROJECT),
    Key("eq-labels", "what equations count in: `arabic`, `roman i`, `alpha a`", _NUMBER_STYLE,
        PROJECT),
    Key("fig-prefix", "the word before a figure’s number in references to it", TEXT, PROJECT),
    Key("tbl-prefix", "the word before a table’s number in references to it", TEXT, PROJECT),
    Key("sec-prefix", "the word before a section’s number in references to it", TEXT, PROJECT),
    Key("title-delim", "what separates number and caption; `:` unless said", TEXT, PROJECT),
    Key("fig-labels", "what figures count in: `arabic`, `roman i`, `alpha a`", _NUMBER_STYLE,
        PROJECT),
    Key("tbl-labels", "what tables count in: `arabic`, `roman i`, `alpha a`", _NUMBER_STYLE,
        PROJECT),
    Key("labels", "what both count in", _NUMBER_STYLE, PROJECT),
    Key("lof-title", "the title of the list of figures", TEXT, PROJECT),
    Key("lot-title", "the title of the list of tables", TEXT, PROJECT),
    Key("chapters", "whether the numbers of figures and tables begin with the chapter’s", TRUTH,
        PROJECT),
    Key("ref-hyperlink", "whether references are links", TRUTH, PROJECT),
    idle_keys("appendices have the words of labels", "appendix-title"),
)  # fmt: skip
"""Keys below `crossref:`."""

_RUNS: tuple[Level, ...] = ("project", "chapter")
EXECUTE_KEYS = table_of(
    Key("echo", "whether the code of cells is shown; `false` unless said", TRUTH, _RUNS),
    Key("error", "whether the error of a cell is shown, and the cells below go on", TRUTH, _RUNS),
    Key("eval", "whether cells are executed", TRUTH, _RUNS),
    Key("include", "whether anything of cells is published", TRUTH, _RUNS),
    Key("output", "whether what cells show is published; `asis` for printed Markdown",
        either(TRUTH, TEXT), _RUNS),
    Key("warning", "whether it is said that a cell warns", TRUTH, _RUNS),
    idle_keys(_EXECUTION, "enabled", one_of(None, True)),
    idle_keys(_EXECUTION, """
        ipynb-filters cache freeze daemon daemon-restart debug server message
        keep-md keep-ipynb ipynb-shell-interactivity plotly-connected""", always),
    idle_keys(_EXECUTION, """
        engine jupyter knitr julia ipynb fig-width fig-height fig-format fig-dpi fig-asp df-print
        params results execute-dir code-fold"""),
)  # fmt: skip
"""Keys below `execute:`."""

GROUPS: Mapping[str, Mapping[str, Key]] = MappingProxyType(
    {
        "project": PROJECT_KEYS,
        "book": BOOK_KEYS,
        "crossref": CROSSREF_KEYS,
        "execute": EXECUTE_KEYS,
    }
)
"""Keys below which others stand that are known, too."""


def shape_of(rows: Mapping[str, Key], **others: Shape) -> Shape:
    """Return the shape of keys and values that a table describes; `others` take the place of its.

    What has no effect may hold anything.
    """
    return keys({name: key.takes for name, key in rows.items()} | others)


FORMATS = either(
    map_of(either(TEXT, shape_of(DOCUMENT_KEYS), expected="`default`, or options")),
    TEXTS,
    expected="the name of a format, or formats with their options, as in `html: default`",
)
"""What `format:` takes."""
