"""The tags of Datami in an HTML page: their attributes, and where they stand.

Nothing of the page is run or fetched; what stands inside scripts, templates of text and comments is
no tag.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

TAGS = ("datami-file", "datami-multi-files", "datami-explowiki")
MOST_TAGS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag. Attributes are in lower case and without HTML escapes; `line` is from 1."""

    name: str
    line: int
    attributes: dict[str, str]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[Tag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or len(self.tags) >= MOST_TAGS:
            return
        # As in a browser, the first of two attributes of one name counts.
        attributes: dict[str, str] = {}
        for name, value in attrs:
            attributes.setdefault(name, value if value is not None else "true")
        self.tags.append(Tag(name=tag, line=self.getpos()[0], attributes=attributes))


def tags_in(page: str) -> tuple[Tag, ...]:
    """The tags of a page, in its order; at most a hundred."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return tuple(reader.tags)
