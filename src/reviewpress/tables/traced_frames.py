"""DataFrames that note which of their columns are looked at, and are as any other for the rest.

    table ──▶ TracedFrame ──rows, columns, copies──▶ TracedFrame ──a column──▶ Series, and a note

A frame made of another one knows where the columns of that came from. What leaves a frame as a
Series, an array or a row is noted. In an open notebook, where nothing is noted, frames are plain.
"""

# The stubs of pandas describe none of what a subclass of a frame overrides.
# mypy: disable-error-code="override,misc,call-overload,arg-type,operator,attr-defined"
# mypy: disable-error-code="no-any-return,assignment,index,return-value"

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from reviewpress.tables.lineage import ColumnRead, recorder

Origins = Mapping[Hashable, tuple[ColumnRead, ...]]


def trace_frame(frame: pd.DataFrame, origins: Origins) -> pd.DataFrame:
    """Return a frame that notes the origins of each column that is looked at, if wanted."""
    return _with_origins(TracedFrame(frame), origins) if recorder.on else frame


def table_origins(frame: pd.DataFrame, file: str) -> dict[Hashable, tuple[ColumnRead, ...]]:
    """Return the origins of the columns, and of the index, of a table as it was read."""
    names = [name for name in (frame.index.name, *frame.columns) if name is not None]
    return {name: (ColumnRead(file, str(name)),) for name in names}


class TracedFrame(pd.DataFrame):
    """A DataFrame that notes which columns are looked at."""

    # pandas carries these over to what it makes of a frame.
    _metadata = ("_origins", "_is_inner")
    _origins: Origins = MappingProxyType({})
    _is_inner = False
    """Whether pandas alone looks at it: then only columns that are named are noted."""

    @property
    def _constructor(self) -> _Maker:
        return _Maker(self._origins)

    @property
    def _constructor_sliced(self) -> Callable[..., pd.Series]:
        # Not a column, which `_ixs` gives: a row, or something of all columns.
        if not self._is_inner:
            self._note_all()
        return pd.Series

    def __finalize__(
        self, other: object, method: str | None = None, **options: object
    ) -> TracedFrame:
        made = super().__finalize__(other, method, **options)
        parts = [*getattr(other, "objs", ()), *(getattr(other, side, None) for side in _SIDES)]
        frames = [part for part in parts if isinstance(part, TracedFrame)]
        if frames:
            _with_origins(made, {k: v for frame in frames for k, v in frame._origins.items()})
        made._is_inner = False
        return made

    def _ixs(self, i: int, axis: int = 0) -> pd.Series:
        if axis == 0:
            self._note_all()
        else:
            self._note(self.columns[i])
        return pd.DataFrame._ixs(self._plain(), i, axis)

    def _get_column_array(self, i: int) -> object:
        self._note(self.columns[i])
        return super()._get_column_array(i)

    def __setitem__(self, key: Hashable, value: object) -> None:
        super().__setitem__(key, value)
        if recorder.on and not isinstance(key, (pd.DataFrame, pd.Series, list, slice)):
            self._origins = {**self._origins, key: recorder.noted}

    def __setattr__(self, name: str, value: object) -> None:
        before = list(self.columns) if name == "columns" else ()
        super().__setattr__(name, value)
        if before:
            self._renamed(self, before)

    def rename(self, *arguments: object, **options: object) -> TracedFrame | None:
        """Rename as a DataFrame; a column under another name is from where it was."""
        return self._renaming(super().rename, *arguments, **options)

    def _rename(self, *arguments: object, **options: object) -> TracedFrame | None:
        return self._renaming(super()._rename, *arguments, **options)

    def query(self, expr: str, *, inplace: bool = False, **options: object) -> TracedFrame | None:
        """Query as a DataFrame; the columns that the expression names are noted."""
        self._note_named(expr)
        # One level more: names after @ are those of the caller.
        options["level"] = int(str(options.get("level", 0))) + 1
        made = pd.DataFrame.query(self._plain(), expr, **options)
        if inplace:
            self._update_inplace(made)
            return None
        return _with_origins(TracedFrame(made), self._origins)

    def eval(self, expr: str, **options: object) -> object:
        """Evaluate as a DataFrame; the columns that the expression names are noted."""
        self._note_named(expr)
        options["level"] = int(str(options.get("level", 0))) + 1
        return pd.DataFrame.eval(self._plain(), expr, **options)

    def pivot(self, **options: Hashable) -> pd.DataFrame:
        """Pivot as a DataFrame; the columns it is made of are noted."""
        for given in options.values():
            for name in given if isinstance(given, list) else [given]:
                self._note(name)
        return pd.DataFrame.pivot(self._plain(), **options)

    def groupby(self, *arguments: object, **options: object) -> object:
        """Group as a DataFrame; the columns grouped by are noted."""
        return pd.DataFrame.groupby(self._inner(), *arguments, **options)

    def duplicated(self, *arguments: object, **options: object) -> pd.Series:
        """Find repeated rows as a DataFrame; the columns compared are noted."""
        return pd.DataFrame.duplicated(self._inner(), *arguments, **options)

    @property
    def dtypes(self) -> pd.Series:
        """The types of the columns, which say nothing of what is in them."""
        return self._plain().dtypes

    @property
    def values(self) -> object:
        """All cells as an array."""
        self._note_all()
        return super().values

    @property
    def _values(self) -> object:
        self._note_all()
        return super()._values

    def to_numpy(self, *arguments: object, **options: object) -> object:
        """Return all cells as an array."""
        self._note_all()
        return super().to_numpy(*arguments, **options)

    def __array__(self, *arguments: object, **options: object) -> object:
        self._note_all()
        return super().__array__(*arguments, **options)

    def equals(self, other: object) -> bool:
        """Compare as a DataFrame; all columns are noted."""
        self._note_all()
        return super().equals(other)

    def __reduce__(self) -> tuple[object, ...]:
        # What is stored is a frame that any other program reads.
        return self._plain().__reduce__()

    def _plain(self) -> pd.DataFrame:
        return pd.DataFrame._from_mgr(self._mgr, axes=self._mgr.axes)

    def _inner(self) -> TracedFrame:
        made = _with_origins(TracedFrame(self._plain()), self._origins)
        made._is_inner = True
        return made

    def _note_all(self) -> None:
        for name in self.columns:
            self._note(name)

    def _note(self, name: Hashable) -> None:
        if recorder.on:
            recorder.note_all(self._of(name))

    def _of(self, name: Hashable) -> Iterator[ColumnRead]:
        """Yield where a column came from; one that is in no table came from what else was noted."""
        if name in self._origins:
            yield from self._origins[name]
            return
        files = {read.file for reads in self._origins.values() for read in reads}
        if files.isdisjoint(read.file for read in recorder.noted):
            for reads in self._origins.values():
                yield from reads

    def _note_named(self, expression: str) -> None:
        for name in self.columns:
            if str(name) in _WORDS.findall(expression) or f"`{name}`" in expression:
                self._note(name)

    def _renaming(
        self, rename: Callable[..., TracedFrame | None], *arguments: object, **options: object
    ) -> TracedFrame | None:
        before = list(self.columns)
        made = rename(*arguments, **options)
        self._renamed(self if made is None else made, before)
        return made

    def _renamed(self, made: TracedFrame, before: Sequence[Hashable]) -> None:
        after = list(made.columns)
        if after != before and len(after) == len(before):
            found: dict[Hashable, tuple[ColumnRead, ...]] = {
                new: tuple(self._of(old)) for old, new in zip(before, after, strict=True)
            }
            _with_origins(made, found)


_SIDES = ("left", "right")
"""What a merger calls the frames that it was made of."""
_WORDS = re.compile(r"\w+")


class _Maker:
    """What pandas makes frames with: they have the origins of the frame they are made of."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins

    def __call__(self, *arguments: object, **options: object) -> TracedFrame:
        return _with_origins(TracedFrame(*arguments, **options), self._origins)

    def __getattr__(self, name: str) -> Callable[..., TracedFrame]:
        make = getattr(TracedFrame, name)
        return lambda *arguments, **options: _with_origins(
            make(*arguments, **options), self._origins
        )


def _with_origins(frame: TracedFrame, origins: Origins) -> TracedFrame:
    object.__setattr__(frame, "_origins", origins)
    return frame
