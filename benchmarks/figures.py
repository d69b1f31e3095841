"""What a measurement gives: a figure of ours beside that of a peer or limit, and whether the aim
holds. Measures nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["s", "B", "/s", ""]
"""Seconds, bytes, pieces a second, or a plain count."""
ORDERS = (
    ("S", "M", "L"),
    ("10 open", "100 open", "1,000 open"),
    ("3,500 × 285", "35,000 × 2,850", "350,000 × 28,500"),
)
"""Sizes that follow on each other: of files, of a review that has so much to do, of a territory."""
Sense = Literal["at most", "at least", "below"]


@dataclass(frozen=True, slots=True)
class Aim:
    """`at most`: our cost over the limit's; `at least`: how many times better than the peer;
    `below`: our figure alone, in its unit."""

    sense: Sense
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table. Costs (all units but `/s`) are better when low, rates (`/s`) when high.

    `peer` is None where there is nothing to compare with; `note` then says why, or what is odd.
    `cut` tells that the peer was stopped before its end, so that its cost is a lower bound.
    """

    work: str
    size: str
    ours: float | None
    peer: float | None = None
    against: str = ""
    unit: Unit = "s"
    aim: Aim | None = None
    note: str = ""
    cut: bool = False

    @property
    def ratio(self) -> float | None:
        """Ours over the limit's for a bound `at most`, else how many times better we are."""
        if not self.ours or not self.peer:
            return None
        share = self.ours / self.peer
        costs = self.unit != "/s"
        at_most = self.aim is not None and self.aim.sense == "at most"
        return share if at_most or not costs else 1 / share

    @property
    def holds(self) -> bool | None:
        """Whether the aim is reached; None without an aim or a figure to judge it by."""
        if self.aim is None or self.ours is None:
            return None
        if self.aim.sense == "below":
            return self.ours < self.aim.value
        if self.ratio is None:
            return None
        if self.aim.sense == "at most":
            return self.ratio <= self.aim.value
        return self.ratio >= self.aim.value

    @property
    def cost(self) -> float | None:
        """What one of it costs: seconds or bytes, also for a rate."""
        if not self.ours:
            return None
        return 1 / self.ours if self.unit == "/s" else self.ours


def growth(figure: Figure, among: Sequence[Figure]) -> tuple[str, float] | None:
    """The size before this one that the same work was measured on, and how much dearer it is."""
    order = next((one for one in ORDERS if figure.size in one), ())
    before = [
        one
        for one in among
        if one.work == figure.work
        and one.size in order
        and order.index(one.size) < order.index(figure.size)
        and one.cost
    ]
    if not before or not figure.cost:
        return None
    last = max(before, key=lambda one: order.index(one.size))
    return (last.size, figure.cost / last.cost) if last.cost else None
