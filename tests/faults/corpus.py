"""The CSV corpus: files that are odd or broken, and what becomes of each.

`row` is the row of the table in the reliability notes. A file that is *accepted* is corrected and
read back byte for byte; one that is *refused* is so with a reason, at a place, in two languages,
whichever door it comes to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["accepted", "reported", "refused"]
HEAD = b"id,name,note\n"
SOUND = HEAD + b"1,Ann,x\n2,Bee,y\n"
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file, and what is expected.

    `code` and `line` are those of the refusal, or of what the check reports. `words` are in the
    sentence, English and French. `end` is what ends a line that a new row adds.
    """

    row: str
    name: str
    data: bytes
    outcome: Outcome = "accepted"
    code: str | None = None
    line: int | None = None
    words: tuple[str, str] | None = None
    end: bytes = b"\n"
    level: Literal["errors", "warnings"] = "errors"

    @property
    def corrected(self) -> bytes:
        """The file after `Bee` became `New` in row 2."""
        assert self.data.count(b"Bee") == 1
        return self.data.replace(b"Bee", b"New")

    @property
    def grown(self) -> bytes:
        """The file after the row `9,Zoe` was added to that."""
        row = b"9,Zoe,"
        if self.corrected.endswith((b"\n", b"\r")):
            return self.corrected + row + self.end
        return self.corrected + self.end + row


def refused(row: str, name: str, data: bytes, code: str, line: int | None, *words: str) -> Case:
    english, french = words
    return Case(
        row=row,
        name=name,
        data=data,
        outcome="refused",
        code=code,
        line=line,
        words=(english, french),
    )


def _marked(end: bytes) -> bytes:
    lines = [HEAD.strip(), b"<<<<<<< HEAD", b"1,Ann,x", b"=======", b"1,Al,x", b">>>>>>> other"]
    return end.join(lines) + end


ENCODING = ("byte {offset}", "octet {offset}")
CASES = (
    # -- Line ends and marks
    Case(row="line ends", name="LF", data=SOUND),
    Case(row="line ends", name="no final line end", data=SOUND[:-1]),
    Case(row="line ends", name="CRLF", data=SOUND.replace(b"\n", b"\r\n"), end=b"\r\n"),
    Case(
        row="line ends",
        name="CRLF without a final line end",
        data=SOUND.replace(b"\n", b"\r\n")[:-2],
        end=b"\r\n",
    ),
    Case(
        row="line ends",
        name="mixed, mostly CRLF",
        data=b"id,name,note\r\n1,Ann,x\n2,Bee,y\r\n",
        end=b"\r\n",
    ),
    Case(
        row="line ends",
        name="mixed, mostly LF",
        data=b"id,name,note\n1,Ann,x\r\n2,Bee,y\n",
    ),
    Case(row="line ends", name="BOM", data=BOM + SOUND),
    Case(row="CR only", name="CR only", data=SOUND.replace(b"\n", b"\r"), end=b"\r"),
    # -- Encodings
    refused(
        *("encoding", "invalid UTF-8", HEAD + b"1,\xe9t\xe9,x\n", "encoding", 2),
        *("byte 15 (line 2)", "octet 15 (ligne 2)"),
    ),
    refused(
        *("encoding", "UTF-16 with a mark", SOUND.decode().encode("utf-16"), "encoding", 1),
        *("It looks like utf-16", "Il ressemble à de l’utf-16"),
    ),
    refused(
        *("encoding", "UTF-16 without one", SOUND.decode().encode("utf-16-le"), "encoding", 1),
        *("It looks like utf-16", "Il ressemble à de l’utf-16"),
    ),
    refused(
        *("encoding", "lone surrogate", HEAD + b"1,\xed\xa0\x80,x\n", "encoding", 2),
        *("byte 15 (line 2)", "octet 15 (ligne 2)"),
    ),
    refused(
        *("encoding", "overlong", HEAD + b"1,Ann,x\n2,\xc0\x80,x\n", "encoding", 3),
        *("byte 23 (line 3)", "octet 23 (ligne 3)"),
    ),
    # -- Characters in cells
    refused(
        *("characters", "NUL", HEAD + b"1,Ann,x\n2,B\0e,y\n", "nul", 3),
        *("a NUL character on line 3", "un caractère NUL ligne 3"),
    ),
    Case(
        row="characters",
        name="VT and FF",
        data=HEAD + b"1,A\x0b\x0cn,x\n2,Bee,y\n",
        outcome="reported",
        code="forbidden-character",
        line=2,
        words=("U+000B", "U+000B"),
    ),
    Case(
        row="characters",
        name="U+2028 and U+0085 end no line",
        data=HEAD + "1,A\u2028\u0085n,x\n2,Bee,\u2028\n".encode(),
        outcome="reported",
        code="invisible-character",
        line=2,
        words=("U+2028", "U+2028"),
        level="warnings",
    ),
    # -- Quotes
    refused(
        *("unclosed quote", "at the start", HEAD + b'1,"Ann,x\n2,Bee,y\n', "quote", 2),
        *("opened on line 2 is never closed", "ouvert ligne 2 n’est jamais fermé"),
    ),
    refused(
        *("unclosed quote", "after others", HEAD + b'1,"An""n",x\n2,Bee,"\n', "quote", 3),
        *("opened on line 3 is never closed", "ouvert ligne 3 n’est jamais fermé"),
    ),
    Case(row="stray quote", name='a"b"c', data=HEAD + b'1,a"b"c,"x"\n2,Bee,y\n'),
    Case(row="quoted newline", name="LF in a cell", data=HEAD + b'1,"A\nn",x\n2,Bee,"y\n"\n'),
    Case(
        row="quoted newline",
        name="LF in a cell of a CRLF file",
        data=b'id,name,note\r\n1,"A\nn",x\r\n2,Bee,y\r\n',
        end=b"\r\n",
    ),
    # -- Delimiters and headers
    refused(
        *("other delimiter", "semicolon", SOUND.replace(b",", b";"), "dialect", None),
        *("looks as if it had “;”", "semble avoir « ; »"),
    ),
    refused(
        *("other delimiter", "tab", SOUND.replace(b",", b"\t"), "dialect", None),
        *("looks as if it had", "semble avoir"),
    ),
    refused(
        *("header", "twice the same name", b"id,name,name\n1,Ann,x\n", "header", None),
        *("column 3 (“name”)", "la colonne 3 (« name »)"),
    ),
    refused(
        *("header", "an empty name", b"id,name,\n1,Ann,x\n", "header", None),
        *("column 3 has no name", "la colonne 3 n’a pas de nom"),
    ),
    # -- Rows of another length, and none
    Case(
        row="ragged",
        name="short",
        data=HEAD + b"1,Ann\n2,Bee,y\n",
        outcome="reported",
        code="missing-cell",
        line=2,
        words=("The row ends before this column", "La ligne s’arrête avant cette colonne"),
    ),
    Case(
        row="ragged",
        name="long",
        data=HEAD + b"1,Ann,x,z\n2,Bee,y\n",
        outcome="reported",
        code="extra-cell",
        line=2,
        words=("one more cell", "une cellule"),
    ),
    refused(
        *("empty", "no byte", b"", "empty_file", None),
        *("The file is empty", "Le fichier est vide"),
    ),
    refused(
        *("empty", "only a line end", b"\n", "empty_file", None),
        *("The file is empty", "Le fichier est vide"),
    ),
    refused(
        *("empty", "only a BOM", BOM, "empty_file", None),
        *("The file is empty", "Le fichier est vide"),
    ),
    Case(row="empty", name="only a header", data=HEAD),
    Case(
        row="blank line",
        name="inside",
        data=HEAD + b"1,Ann,x\n\n2,Bee,y\n",
        outcome="reported",
        code="blank-row",
        line=3,
        words=("This line is empty and is skipped", "Cette ligne est vide"),
        level="warnings",
    ),
    # -- Texts that a parser of types would change
    Case(row="texts", name="NA and null", data=HEAD + b"1,NA,null\n2,Bee,NULL\n"),
    Case(row="texts", name="zeros before", data=HEAD + b"01,007,01033\n2,Bee,1.10\n"),
    # -- Other things than tables
    refused(
        "pointers and leftovers",
        "a pointer of Git LFS",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        "lfs_pointer",
        None,
        *("a Git LFS pointer", "un pointeur Git LFS"),
    ),
    refused(
        *("pointers and leftovers", "marks of a merge", _marked(b"\n"), "conflict_markers", 2),
        *("Line 2 holds marks", "La ligne 2 contient"),
    ),
    refused(
        *("pointers and leftovers", "the same, CRLF", _marked(b"\r\n"), "conflict_markers", 2),
        *("Line 2 holds marks", "La ligne 2 contient"),
    ),
)
"""What is too large has limits of its own, in `test_corpus`."""
