"""What is wrong with a row, from what its cells are worth and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retouche.core.judging.faults import Fault

if TYPE_CHECKING:
    from retouche.core.judging.judge import Reader


@dataclass(frozen=True, slots=True)
class Judged:
    """A row's values, in the order of the header, and its faults."""

    values: tuple[Any, ...]
    faults: tuple[Fault, ...]
    blank: bool = False


class RowJudge:
    """Judges rows of files with one header; columns are known by their names."""

    def __init__(self, header: tuple[str, ...], readers: tuple[Reader, ...]) -> None:
        self.header = header
        self.places = {name: place for place, name in enumerate(self.header)}
        self.readers = readers
        self.blank_fault = Fault(code="blank-row", rule="blank-row", columns=self.header)

    def __call__(self, texts: Sequence[str]) -> Judged:
        """What frictionless' full run reports for this row alone, and the strict forms."""
        width, length = len(self.header), len(texts)
        values: list[Any] = []
        faults: list[Fault] = []
        blank = True
        for place, reader in enumerate(self.readers):
            text = texts[place] if place < length else None
            value, found = reader(text)
            values.append(value)
            if found:
                faults.extend(found)
            blank = blank and (text is None or text in reader.missing)
        if blank:
            return Judged(tuple(values), (self.blank_fault,), blank=True)
        faults.extend(
            Fault(code="missing-cell", rule="missing-cell", field=name, columns=(name,))
            for name in self.header[length:]
        )
        if length > width:
            faults.extend(self.extra_faults(texts))
        return Judged(tuple(values), tuple(faults))

    def extra_faults(self, texts: Sequence[str]) -> Iterator[Fault]:
        """One for each cell that a row has too many."""
        width = len(self.header)
        for place in range(width, len(texts)):
            yield Fault(
                code="extra-cell",
                rule="extra-cell",
                value=texts[place],
                values={"position": place + 1, "expected": width},
            )
