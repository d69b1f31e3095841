"""Many texts as bytes in one array, decoded when they are looked at; no Python object for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, final, overload

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.coding import bounds_of, packed
from retouche.core.tokenizer import Octets

GAP = 1
SEPARATOR = "\0"
AT_ONCE = 4_096
ERRORS = "surrogatepass"


@final
class Texts(Sequence[str]):
    """Text `i` is `heap[starts[i]:stops[i]]` in UTF-8, with a zero byte behind it.

    `bounds[i]` is where text `i` begins, and the last one where the next text would. No cell of a
    file has a zero byte, so that the heap is also the joined texts, for what works on all at once.
    """

    def __init__(self, heap: Octets, bounds: NDArray[np.int64]):
        self.heap: Final = heap
        self.bounds: Final = bounds
        self._bytes: Final = memoryview(heap.data)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Texts:
        listed = [*texts, ""]
        count = len(listed) - 1
        heap = np.frombuffer(SEPARATOR.join(listed).encode("utf-8", ERRORS), np.uint8)
        found = cls.split(heap)
        if len(found) == count:
            return found
        lengths = [len(text.encode("utf-8", ERRORS)) for text in listed[:-1]]
        return cls(heap, bounds_of(np.array(lengths, np.int64), gap=GAP))

    @classmethod
    def of_spans(
        cls,
        view: Octets,
        begins: NDArray[np.integer[Any]],
        stops: NDArray[np.integer[Any]],
    ) -> Texts:
        """A copy of spans of UTF-8."""
        return cls(*packed(view, begins, stops, gap=GAP))

    @classmethod
    def split(cls, heap: Octets) -> Texts:
        """The texts of a heap in which nothing but what ends a text is zero."""
        return cls(heap, np.append(0, np.flatnonzero(heap == 0) + 1))

    @property
    def starts(self) -> NDArray[np.int64]:
        return self.bounds[:-1]

    @property
    def stops(self) -> NDArray[np.int64]:
        """Made anew each time: kept, it would be memory that no other process shares."""
        return self.bounds[1:] - GAP

    @property
    def size(self) -> int:
        """How many bytes the arrays have."""
        return self.heap.nbytes + self.bounds.nbytes

    @property
    def joined(self) -> Octets:
        """The bytes of these texts alone, each with its zero byte."""
        return self.heap[int(self.bounds[0]) : int(self.bounds[-1])]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Texts: ...
    def __getitem__(self, place: int | slice) -> str | Texts:
        if not isinstance(place, slice):
            return str(self.raw(place), "utf-8", ERRORS)
        low, high, step = place.indices(len(self))
        if step != 1:
            return self.at(np.arange(low, high, step))
        return Texts(self.heap, self.bounds[low : max(low, high) + 1])

    def raw(self, place: int) -> memoryview:
        """The bytes of one text."""
        count = len(self.bounds) - 1
        if not -count <= place < count:
            raise IndexError(place)
        place %= count
        return self._bytes[self.bounds.item(place) : self.bounds.item(place + 1) - GAP]

    def __iter__(self) -> Iterator[str]:
        for low in range(0, len(self), AT_ONCE):
            some = self[low : low + AT_ONCE]
            texts = str(some.joined.data, "utf-8", ERRORS).split(SEPARATOR)
            texts.pop()
            yield from texts if len(texts) == len(some) else some.many(range(len(some)))

    def many(self, places: NDArray[np.integer[Any]] | Sequence[int]) -> list[str]:
        """Some of the texts, decoded, in the order asked for."""
        at = np.asarray(places, np.int64)
        offsets = zip(self.starts[at].tolist(), self.bounds[at + 1].tolist(), strict=True)
        data = self._bytes
        return [str(data[start : stop - GAP], "utf-8", ERRORS) for start, stop in offsets]

    def at(self, places: NDArray[np.integer[Any]]) -> Texts:
        """Some of the texts, as texts."""
        return Texts.of_spans(self.heap, self.starts[places], self.bounds[1:][places] - GAP)

    def replaced(self, places: NDArray[np.integer[Any]], others: Texts) -> Texts:
        """These texts with others at some places."""
        starts, stops = self.starts.copy(), self.stops
        starts[places] = others.starts + len(self.heap)
        stops[places] = others.stops + len(self.heap)
        return Texts.of_spans(np.concatenate([self.heap, others.heap]), starts, stops)

    def spliced(
        self, gone: NDArray[np.integer[Any]], places: NDArray[np.integer[Any]], fresh: Texts
    ) -> Texts:
        """These texts without some, and with each of the `fresh` ones before a place.

        Places are counted before anything is gone; both they and the gone ones are in order.
        """
        heaps: list[Octets] = []
        bounds = [np.zeros(1, np.int64)]
        done = size = 0

        def take(texts: Texts, low: int, high: int) -> None:
            nonlocal size
            if high > low:
                begin, end = texts.bounds.item(low), texts.bounds.item(high)
                heaps.append(texts.heap[begin:end])
                bounds.append(texts.bounds[low + 1 : high + 1] + (size - begin))
                size += end - begin

        changes = [(place, number) for number, place in enumerate(places.tolist())]
        changes += [(place, len(fresh)) for place in gone.tolist()]
        for place, number in sorted(changes):
            take(self, done, place)
            if number < len(fresh):
                take(fresh, number, number + 1)
            done = place + (number == len(fresh))
        take(self, done, len(self))
        return Texts(np.concatenate([np.empty(0, np.uint8), *heaps]), np.concatenate(bounds))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Texts):
            same_bounds = np.array_equal(np.diff(self.bounds), np.diff(other.bounds))
            return same_bounds and np.array_equal(self.joined, other.joined)
        if not isinstance(other, Sequence) or isinstance(other, str | bytes):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Texts({list(self[:10])}{' …' if len(self) > 10 else ''})"
