"""What makes a proposal look unusual when it comes. A sign refuses nothing: reviewers see it.

| sign | meaning |
|---|---|
| `fast` | sent sooner after its form was opened than a person types |
| `many_rows` | 50 rows or more |
| `many_deletions` | 10 rows or more are removed |
| `emptied_cells` | 5 cells or more that held something are emptied |
| `key_changed` | a row gets another key |
| `links_added` | a cell that is not meant for links gains one |
| `link_in_comment` | the comment holds a link |
| `same_text_everywhere` | one text of 10 characters or more is written into 5 cells or more |
| `many_from_sender` | 20 proposals or more of this sender wait for a decision |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from retouche.core.operations import Cells, Delete, Insert, Patch, Update
from retouche.core.package import Package
from retouche.ports import Proposal
from retouche.services.requesting.flags import LINK, takes_links

CODES = (
    "fast",
    "many_rows",
    "many_deletions",
    "emptied_cells",
    "key_changed",
    "links_added",
    "link_in_comment",
    "same_text_everywhere",
    "many_from_sender",
)
ROWS, DELETIONS, EMPTIED, ALIKE, WAITING = 50, 10, 5, 5, 20
LONG = 10
"""Characters from which on a text that is written everywhere says something."""


def signs_of(
    operations: Patch,
    package: Package,
    *,
    comment: str | None = None,
    fast: bool = False,
    waiting: int = 0,
) -> tuple[str, ...]:
    """The signs of a proposal, in the order of `CODES`.

    `fast` is what its form tells; `waiting` counts the undecided proposals of the same sender.
    """
    found = set(_of_rows(operations, package))
    if fast:
        found.add("fast")
    if comment and has_link(comment):
        found.add("link_in_comment")
    if waiting >= WAITING:
        found.add("many_from_sender")
    return tuple(code for code in CODES if code in found)


def has_link(text: str) -> bool:
    """Whether a text leads to another page."""
    return LINK.search(text) is not None


def waiting_among(proposals: Iterable[Proposal]) -> int:
    """How many proposals are not decided."""
    return sum(1 for one in proposals if one.state in ("queued", "open"))


def _of_rows(operations: Patch, package: Package) -> Iterator[str]:
    if len(operations) >= ROWS:
        yield "many_rows"
    if sum(isinstance(one, Delete) for one in operations) >= DELETIONS:
        yield "many_deletions"
    emptied, texts = 0, Counter[str]()
    for one in operations:
        if isinstance(one, Delete):
            continue
        schema = package.resource(one.resource).schema
        old, new = _sides(one)
        emptied += sum(1 for name, cell in new.items() if not cell and old.get(name))
        texts.update(cell for cell in new.values() if cell and len(cell) >= LONG)
        if isinstance(one, Update) and any(new.get(k) != old.get(k) for k in _keys(one, package)):
            yield "key_changed"
        for name, cell in new.items():
            field = schema.by_name.get(name)
            meant = field is not None and takes_links(field)
            if cell and not meant and has_link(cell) and not has_link(old.get(name) or ""):
                yield "links_added"
    if emptied >= EMPTIED:
        yield "emptied_cells"
    if any(count >= ALIKE for count in texts.values()):
        yield "same_text_everywhere"


def _keys(operation: Update, package: Package) -> list[str]:
    """The fields of the key that an update writes."""
    keys = package.resource(operation.resource).schema.primary_key
    return [name for name in keys if name in operation.new]


def _sides(operation: Insert | Update) -> tuple[Cells, Cells]:
    """Its cells before, none for a new row, and after."""
    if isinstance(operation, Insert):
        return {}, operation.row
    return operation.old, operation.new
