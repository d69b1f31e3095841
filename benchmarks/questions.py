"""The questions on rows, each as an address of ours and of Datasette, and what an answer holds.

One number gives one question: the same number, the same question to both.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.datasette import TABLE
from benchmarks.ground import RESOURCE, dataset_name
from benchmarks.serving import Serving
from benchmarks.tables import WORDS

PAGE = 50
DEEP = 900_000
NUMBER = re.compile(r"[1-5]\d\.\d{4}[1-9]")  # a last zero is no part of a number in SQLite
ROWS_LOOKED_AT = 30_000
Parameters = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Question:
    """`ours` and `peer` make the address of the nth question; `same` compares two answers."""

    ours: Callable[[int], str]
    peer: Callable[[int], str]
    same: Callable[[Any, Any], bool]

    def difference(self, ours: Serving, peer: Serving) -> str:
        """Empty when both answer the same rows and totals, else the question they differ in."""
        for number in (0, 1, 7):
            a, b = self.ours(number), self.peer(number)
            if not self.same(fetched(ours, a), fetched(peer, b)):
                return f"{a} and {b}"
        return ""


def fetched(server: Serving, path: str) -> Any:
    address = f"http://{server.host}:{server.port}{path}"
    with urllib.request.urlopen(address, timeout=600) as answer:
        return json.load(answer)


def numbered(path: Callable[[int], str], numbers: Iterator[int]) -> Iterator[str]:
    """A different question each time, as long as the numbers are."""
    return map(path, numbers)


def page(size: str) -> Question:
    """Fifty rows under two filters, sorted by date, newest first, with the total."""

    def ours(number: int) -> str:
        word, bound = _word_and_bound(number)
        return _ours(
            size,
            "rows",
            [
                ("word_1__exact", word),
                ("number_2__greater", bound),
                ("date_3__sort", "desc"),
                ("page_size", PAGE),
            ],
        )

    def peer(number: int) -> str:
        word, bound = _word_and_bound(number)
        return _peer(
            size,
            [("word_1", word), ("number_2__gte", bound), ("_sort_desc", "date_3"), ("_size", PAGE)],
        )

    def same(a: Any, b: Any) -> bool:
        # Rows of one date may come in another order.
        dates = [one["date_3"] for one in a["data"]] == [one["date_3"] for one in b["rows"]]
        return dates and a["meta"]["total"] == b["filtered_table_rows_count"] >= PAGE

    return Question(ours, peer, same)


def two_facets(size: str) -> Question:
    """Counts of two columns' values among the rows over a bound."""

    def ours(number: int) -> str:
        bound = _word_and_bound(number)[1]
        return _ours(
            size,
            "facets",
            [("field", "word_1"), ("field", "word_6"), ("number_2__greater", bound)],
        )

    def peer(number: int) -> str:
        bound = _word_and_bound(number)[1]
        # With no row it leaves out the limit and reads them all; the one it shows comes in the
        # order of the index, which spares it a sort by key.
        return _peer(
            size,
            [
                ("_facet", "word_1"),
                ("_facet", "word_6"),
                ("number_2__gte", bound),
                ("_size", 1),
                ("_sort", "number_2"),
            ],
        )

    def same(a: Any, b: Any) -> bool:
        found = b["facet_results"]
        return all(
            {(one["value"], one["count"]) for one in values}
            == {(one["value"], one["count"]) for one in found[name]["results"]}
            for name, values in a["data"].items()
        )

    return Question(ours, peer, same)


def search(size: str, words: Callable[[int], str]) -> Question:
    """The first fifty rows that have all the words, in any column, with the total."""

    def same(a: Any, b: Any) -> bool:
        ids = [one["id"] for one in a["data"]] == [one["id"] for one in b["rows"]]
        return ids and a["meta"]["total"] == b["filtered_table_rows_count"] > 0

    return Question(
        lambda number: _ours(size, "rows", [("q", words(number)), ("page_size", PAGE)]),
        lambda number: _peer(size, [("_search", words(number)), ("_size", PAGE)]),
        same,
    )


def frequent(number: int) -> str:
    """Four or five words, each of which stands in half of the rows or more."""
    return " ".join(random.Random(number).sample(WORDS, 4 + number % 2))


def rare(file: Path) -> Callable[[int], str]:
    """Numbers with five decimals that stand in the file once or twice."""
    with file.open(encoding="utf-8") as lines:
        some = itertools.islice(lines, 1, ROWS_LOOKED_AT)
        cells = [one for line in some for one in line.split(",")]
    found = [one for one in cells if NUMBER.fullmatch(one)]
    random.Random(7).shuffle(found)
    return lambda number: found[number % len(found)]


def deep(size: str, *, by_key: bool) -> Question:
    """Fifty rows or so from row 900,000 on, by their number.

    The peer's address is either the number too, as SQL, or the key of the row before (keyset).
    """

    def place(number: int) -> tuple[int, int]:
        """Rows to skip and to show. The count varies a little, or there were too few questions."""
        count = PAGE - 5 + number % 11
        first = DEEP // count + number // 11 % ((1_000_000 - DEEP) // count)
        return first * count, count

    def ours(number: int) -> str:
        skip, count = place(number)
        return _ours(size, "rows", [("page", skip // count + 1), ("page_size", count)])

    def peer(number: int) -> str:
        skip, count = place(number)
        if by_key:
            return _peer(size, [("_next", f"{skip - 1:07d}"), ("_size", count)])
        # The key's own index is skipped over, which is much shorter than the table.
        sql = (
            f"select * from {TABLE} where id in"
            f" (select id from {TABLE} order by id limit {count} offset {skip}) order by id"
        )
        return f"/{dataset_name(size)}.json?{urlencode({'sql': sql, '_shape': 'objects'})}"

    def same(a: Any, b: Any) -> bool:
        ids = [one["id"] for one in a["data"]]
        return ids == [one["id"] for one in b["rows"]] and int(ids[0]) >= DEEP - PAGE

    return Question(ours, peer, same)


def _word_and_bound(number: int) -> tuple[str, str]:
    chance = random.Random(number)
    return chance.choice(WORDS), f"{chance.uniform(-4, 30):.5f}"


def _ours(size: str, kind: str, parameters: Parameters) -> str:
    path = f"/api/v1/datasets/{dataset_name(size)}/resources/{RESOURCE}/{kind}"
    return f"{path}?{urlencode(parameters, quote_via=quote)}"


def _peer(size: str, parameters: Parameters) -> str:
    given = [*parameters, ("_shape", "objects"), ("_nosuggest", 1)]
    return f"/{dataset_name(size)}/{TABLE}.json?{urlencode(given, quote_via=quote)}"
