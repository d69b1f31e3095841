"""Outside text made harmless to GitLab, and still readable: in a title, a sentence, a table cell.

GitLab looks for commands and references twice, and no single means stops both. Its closing
pattern, and the filters of titles and commit messages, read the raw text: a code span protects
nothing there. Its reference, emoji and autolink filters read the rendered text: an entity such
as `&#64;` is an `@` again by then. So what they look for is broken by U+2060 WORD JOINER, which
has no width, and is part of no reference and of the name of nothing; Markdown is escaped on top.

What is broken, and who would have read it (names are of GitLab's own source):

| text | read by |
|---|---|
| `@all` `#1` `!2` `$3` `~bug` `%v1` `&4` `^alert#5` `*iteration:6` | References::*ReferenceFilter |
| `Closes #4`, `Fixes https://…/issues/4`, `Resolves ABC-12` | closing_issue_extractor.rb |
| `GL-1` `ABC-12`, seven hexadecimal digits, `group/project>` | ExternalIssue, Commit, Project |
| `[issue:1]` `[[wiki]]` `[[_TOC_]]` `[^1]` `[ ]` `[+ x +]` `{+ x +}` | brackets of all kinds |
| `[skip ci]` `[ci skip]` | Ci::Pipeline, in the message of a merge commit |
| `:tada:`, `https://…`, `www.…` | EmojiFilter, AutolinkFilter |
| `<img>` `<!--` `&#64;` | HTML; titles keep entities (html_escape_once) |
| `/close`, `Signed-off-by:`, `Draft:`, `---` | what starts a line or a title |

Characters that end a line for anyone, and those that nobody sees, are shown by their number:
`⟨U+202E⟩`. Nothing is lost: taking out U+2060 and reading the numbers gives the text again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

JOINER = "\u2060"
ELLIPSIS = "…"
LONGEST = 200
"""Code points that one text may take, where nothing else is said."""

SIGILS = "@#!$~%&^*[{<\\" + "＠＃！＄～％＆＾＊［｛＜" + "﹫﹟﹩﹪﹠﹡﹤"
WRITTEN = {"\n": "⏎", "\t": "⇥"}
SPACE = "␣"
SPACES = frozenset("\u00a0\u2007\u2009\u202f")
"""Spaces of good typography: they look like what they are."""
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Blank characters that Unicode does not count as such."""
OURS = frozenset((*WRITTEN.values(), SPACE, "⟨"))

BREAKS = (
    (re.compile(rf"(?<=[{re.escape(SIGILS)}])(?! )|(?<=\[)"), JOINER),
    (re.compile(r"(?=>)"), JOINER),
    (re.compile(r"(?<=:)(?=/|[\w+-]+:)|(?<=/-)(?=/)"), JOINER),
    (re.compile(r"(?<=www)(?=\.)", re.IGNORECASE), JOINER),
    (re.compile(r"([A-Za-z][A-Za-z0-9_]*-)(?=[0-9])"), rf"\1{JOINER}"),
    (re.compile(r"([0-9A-Fa-f]{6})(?=[0-9A-Fa-f])"), rf"\1{JOINER}"),
)
"""Where U+2060 goes. Each rule leaves what the ones before it broke broken."""
STARTS = re.compile(r"\W|[A-Za-z][\w-]*\s*:|(?:draft|wip|fixup|squash|amend)\b", re.IGNORECASE)
"""What could mean something at the start of a line, a title or a trailer."""
MARKDOWN = re.compile(r"[\\`*_\[\]<>|~${}&]")
TICKS = re.compile(r"`+")
EDGES = re.compile(r"\A +| +\Z|(?<= ) +")


def neutral(text: str, *, most: int = LONGEST) -> str:
    """The text on one line, harmless in a title and anywhere else that is not Markdown.

    Takes at most `most` code points; what is cut off is told by an ellipsis and its length.
    """
    return _bounded(text, most, lambda one: _broken(_shown(one)))


def prose(text: str, *, most: int = LONGEST) -> str:
    """The text as words of a Markdown line or table cell, without any formatting of its own."""
    return _bounded(text, most, lambda one: MARKDOWN.sub(r"\\\g<0>", _broken(_shown(one))))


def code(text: str, *, most: int = LONGEST, telling: bool = False) -> str:
    """A text that is not empty as a code span of a Markdown table.

    Spaces at its ends and double ones are shown as `␣`. With `telling`, rarer spaces and marks
    that stand on a letter are numbered, so that two texts that look alike can be told apart.
    """

    def written(one: str) -> str:
        spaced = EDGES.sub(lambda found: SPACE * len(found[0]), _shown(one, telling=telling))
        return _fenced(_broken(spaced))

    return _bounded(text, most, written)


def alike(one: str, other: str) -> bool:
    """Whether two texts differ and still look the same."""
    return one != other and _folded(one) == _folded(other)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(" " if one in SPACES else one for one in text))


def _bounded(text: str, most: int, write: Callable[[str], str]) -> str:
    """What is written of as much of the text as fits."""
    kept = min(len(text), most)
    while True:
        written = write(text[:kept]) if kept else ""
        if kept < len(text):
            written += f"{ELLIPSIS}+{len(text) - kept}"
        if len(written) <= most or not kept:
            return written
        kept = max(0, kept - max(1, (len(written) - most) // 8))


def _shown(text: str, *, telling: bool = False) -> str:
    """The text with everything visible that is not."""
    shown = "".join(_telling(one) if telling else _visible(one) for one in text)
    if shown and unicodedata.category(shown[0]).startswith("M"):  # it would sit on our own text
        return _numbered(shown[0]) + shown[1:]
    return shown


@lru_cache(maxsize=4_096)
def _visible(char: str) -> str:
    if char in WRITTEN:
        return WRITTEN[char]
    if char in SPACES:
        return char
    selects = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    hidden = selects or char in BLANKS or char in OURS or not char.isprintable()
    return _numbered(char) if hidden else char


def _telling(char: str) -> str:
    rare = char in SPACES or unicodedata.category(char).startswith("M")
    return _numbered(char) if rare else _visible(char)


def _numbered(char: str) -> str:
    return f"⟨U+{ord(char):04X}⟩"


def _broken(text: str) -> str:
    """The text with U+2060 in all that GitLab looks for."""
    for pattern, replacement in BREAKS:
        text = pattern.sub(replacement, text)
    return JOINER + text if STARTS.match(text) else text


def _fenced(text: str) -> str:
    """A code span: its fence is longer than any run of backticks in it."""
    fence = "`" * (1 + max((len(one) for one in TICKS.findall(text)), default=0))
    pad = " " if "`" in (text[:1], text[-1:]) else ""
    # A backslash before the one that table cells need would take its meaning away: BREAKS parts
    # them.
    return fence + pad + text.replace("|", "\\|") + pad + fence
