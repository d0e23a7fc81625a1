"""Where each part of an assembled text comes from: a file's line, or a notebook's cell."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reviewpress.errors import Place


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, from `start` on: its file, and the line or the cell it begins in.

    What is `made` in the place of something else, a shortcode say, is all of one line.
    """

    start: int
    file: str
    line: int | None = None
    cell: int | None = None
    made: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A text of several origins, in the order of their pieces."""

    content: str
    pieces: tuple[Piece, ...]

    def place(self, offset: int) -> Place:
        """Return where the character at `offset` stands in its author's file."""
        at = bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
        piece = self.pieces[max(at, 0)]
        if piece.line is None:
            return Place(piece.file, cell=piece.cell)
        return Place(piece.file, line=self._line(piece, offset))

    def change(self, changes: Iterable[tuple[int, int, "Text | str"]]) -> "Text":
        """Return the text with new ones in the place of some stretches, given in order."""
        parts: list[str] = []
        pieces: list[Piece] = []
        done = length = 0
        for start, end, new in changes:
            if isinstance(new, str):
                new = Text(new, (replace(self._piece(start), start=0, made=True),))
            for part in (self._cut(done, start), new):
                parts.append(part.content)
                pieces += [replace(piece, start=piece.start + length) for piece in part.pieces]
                length += len(part.content)
            done = end
        rest = self._cut(done, len(self.content))
        pieces += [replace(piece, start=piece.start + length) for piece in rest.pieces]
        return Text("".join([*parts, rest.content]), tuple(pieces))

    def _line(self, piece: Piece, offset: int) -> int | None:
        if piece.line is None or piece.made:
            return piece.line
        return piece.line + self.content.count("\n", piece.start, offset)

    def _piece(self, offset: int) -> Piece:
        """Return a piece that begins at `offset`."""
        at = bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
        piece = self.pieces[max(at, 0)]
        return replace(piece, start=offset, line=self._line(piece, offset))

    def _cut(self, start: int, end: int) -> "Text":
        return Text(self.content[start:end], tuple(self._pieces(start, end)))

    def _pieces(self, start: int, end: int) -> Iterator[Piece]:
        if start == end:
            return
        yield replace(self._piece(start), start=0)
        for piece in self.pieces:
            if start < piece.start < end:
                yield replace(piece, start=piece.start - start)


def text_of_file(content: str, file: str, *, line: int = 1) -> Text:
    """Return a text that is a file, or all of one from a line on."""
    return Text(content, (Piece(0, file, line=line),))


def join_texts(texts: Iterable[Text]) -> Text:
    """Return texts one after the other."""
    found = tuple(texts)
    return Text("", ()).change([(0, 0, text) for text in found]) if found else Text("", ())
