"""What each option of a code cell does here: the one table, as `quarto_keys` is of other keys."""

from reviewpress.key_table import CHAPTER, Key, always, idle_keys, table_of
from reviewpress.shapes import ANYTHING, TEXT, TEXTS, TRUTH, Shape, either

_PARTS = either(TRUTH, TEXTS, expected=TEXTS.expected)


def _switch(*words: str) -> Shape:
    """Return the shape of what is on or off, or one of a few words; knitr has numbers too."""
    expected = " or ".join(["true, false", *words]) if words else TRUTH.expected
    return Shape(
        expected, lambda value: not isinstance(value, str) or value in words, ANYTHING.parts
    )


def _obeyed(name: str, says: str, takes: Shape = ANYTHING) -> Key:
    return Key(name, says, takes, CHAPTER)


CELL_KEYS = table_of(
    _obeyed("label", "the id of the figure or table, which references name", TEXT),
    _obeyed("fig-cap", "the caption of a figure, or of each of several", TEXTS),
    _obeyed("fig-alt", "what a picture shows, in words", TEXTS),
    _obeyed("fig-subcap", "the caption of each picture of one figure", _PARTS),
    _obeyed("tbl-cap", "the caption of a table", TEXTS),
    _obeyed("tbl-subcap", "the caption of each part of one table", _PARTS),
    _obeyed("layout-ncol", "how many pictures of a figure are beside one another"),
    _obeyed("layout-nrow", "in how many rows the pictures of a figure are"),
    _obeyed("layout", "the widths of the pictures of a figure, row by row"),
    _obeyed("echo", "whether the code is shown; `fenced` shows its options, too",
            _switch("fenced")),
    _obeyed("eval", "whether the code is executed", _switch()),
    _obeyed("include", "whether anything of the cell is published", _switch()),
    _obeyed("output", "whether what it shows is published; `asis` for printed Markdown",
            _switch("asis")),
    _obeyed("warning", "whether it is said that the cell warns", _switch()),
    _obeyed("error", "whether an error is what the cell shows, and the cells below go on",
            _switch()),
    _obeyed("tags", "tags as Jupyter has them; `parameters` is one"),
    _obeyed("lst-label", "the id of code that is shown", TEXT),
    _obeyed("lst-cap", "the caption of code that is shown", TEXT),
    _obeyed("filename", "the name of a file, above code that is shown", TEXT),
    idle_keys("what is kept of a run is known by what it read", """
        cache freeze cache-vars cache-globals cache-lazy cache-rebuild cache-comments dependson
        autodep""", always),
    idle_keys("for programs that read the code, which a report needs not", """
        id export tangle name file exports purl message progress notebook ipynb-filters
        plotly-connected highlight tidy tidy-opts strip-white""", always),
    idle_keys("a picture has the size, the kind and the place that its code gives it, as in"
        " `plt.figure(figsize=(6, 4))`", """
        fig-width fig-height fig-asp fig-dim fig-dpi fig-format fig-ext fig-align fig-pos fig-env
        fig-link fig-scap fig-show fig-keep fig-process fig-retina fig-responsive fig-showtext
        fig-path fig-num fig-ncol fig-sep fig-cur out-width out-height out-extra dev dev-args dpi
        resize-width resize-height external sanitize interval animation-hook ffmpeg-bitrate
        ffmpeg-format aniopts crop"""),
    idle_keys("code is shown whole, in the one design of pages and PDF", """
        code-fold code-summary code-overflow code-line-numbers code-copy code-annotations
        code-block-bg code-block-border-left fold lst-style size background indent lang attr-source
        class-source code-caption line-numbers source-line-numbers"""),
    idle_keys("text has one column, in which everything is below what is before it", """
        column fig-column tbl-column output-location layout-valign layout-align panel
        cap-location fig-cap-location tbl-cap-location tbl-colwidths html-table-processing
        lightbox renderings"""),
    idle_keys("what a cell shows is marked by its label", """
        classes class class-output attr-output class-message class-warning class-error
        attr-message attr-warning attr-error id-output df-print fig-id autorun"""),
    idle_keys("an option of knitr, which the kernels of notebooks do not read", """
        results collapse comment split prompt child code ref-label ref-parent engine engine-path
        engine-opts opts-label R-options cache-path connection output-var python.reticulate"""),
)  # fmt: skip
"""Options of code cells, the lines `#| key: value`."""
