"""How the codes of a column's values follow from those of an earlier version of it.

Values that stay keep their order, so that what is gone and what is new says everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.parts import Part

Codes: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Recoding:
    """The codes that the earlier version alone has, and those that the later alone has; sorted."""

    gone: Codes = field(default_factory=lambda: np.empty(0, np.int32))
    fresh: Codes = field(default_factory=lambda: np.empty(0, np.int32))

    def __len__(self) -> int:
        return len(self.gone) + len(self.fresh)

    def stay(self, codes: NDArray[Any]) -> NDArray[np.bool_]:
        """Which values of the earlier version the later one has."""
        return ~_among(codes, self.gone)

    def moved(self, codes: NDArray[Any]) -> Codes:
        """The later codes of values that stay."""
        return _shifted(codes, without=self.gone, among=self.fresh)

    def origins(self, codes: NDArray[Any]) -> Codes:
        """The earlier codes of values that are not new."""
        return _shifted(codes, without=self.fresh, among=self.gone)

    def then(self, later: Recoding) -> Recoding:
        """This and then another one, in one."""
        known = ~_among(later.gone, self.fresh)
        kept = later.stay(self.fresh)
        return Recoding(
            _merged(self.gone, self.origins(later.gone[known])),
            _merged(later.fresh, later.moved(self.fresh[kept])),
        )

    def part(self) -> Part:
        return Part({"gone": self.gone, "fresh": self.fresh})

    @classmethod
    def of_part(cls, part: Part) -> Recoding:
        return cls(part.arrays["gone"], part.arrays["fresh"])


def _among(codes: NDArray[Any], some: Codes) -> NDArray[np.bool_]:
    if not len(some):
        return np.zeros(len(codes), np.bool_)
    places = np.searchsorted(some, codes)
    among: NDArray[np.bool_] = some[np.minimum(places, len(some) - 1)] == codes
    return among


def _shifted(codes: NDArray[Any], *, without: Codes, among: Codes) -> Codes:
    """Codes counted without some that are gone, then with others that have come among them."""
    counted = codes - np.searchsorted(without, codes)
    before = among - np.arange(len(among))
    return (counted + np.searchsorted(before, counted, side="right")).astype(np.int32)


def _merged(one: Codes, other: Codes) -> Codes:
    return np.sort(np.concatenate([one, other]).astype(np.int32))
