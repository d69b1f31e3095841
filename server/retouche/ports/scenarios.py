"""Scenarios: projects while they are drafted, before one of them becomes a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A draft that whoever has its address may read and change.

    `operations` are those of a proposal's body, made while looking at `base_revision`.
    """

    id: str
    """128 random bits: the address is the right to it."""
    dataset: str
    title: str
    base_revision: str
    operations: tuple[Mapping[str, Any], ...]
    created_at: datetime
    updated_at: datetime
    version: int = 1
    """Grows with each writing, so that nobody writes over what they did not see."""
    locale: str = "fr"
    sender: str | None = None
    """The keyed hash of where it came from, erased with it."""
    proposal: str | None = None
    """The id of the proposal that it was submitted as."""


class Scenarios(Protocol):
    """The durable memory of scenarios."""

    def add(self, scenario: Scenario) -> None: ...

    def get(self, dataset: str, scenario: str) -> Scenario:
        """Raises `NotFound`."""
        ...

    def update(self, scenario: Scenario, *, seen: int) -> Scenario:
        """Replace a scenario whose version is still the one that was seen; its version grows.

        Raises `NotFound`, and `HeadMoved` when somebody else wrote meanwhile.
        """
        ...

    def settle(self, dataset: str, scenario: str, proposal: str) -> Scenario:
        """Note the proposal that a scenario was submitted as, unless one is noted; give what
        stands there. Its version grows. Raises `NotFound`."""
        ...

    def delete(self, dataset: str, scenario: str) -> None:
        """Forget one. Raises `NotFound`."""
        ...

    def drop(
        self,
        *,
        before: datetime | None = None,
        dataset: str | None = None,
        proposal: str | None = None,
    ) -> int:
        """Forget those for which all that is given holds; how many they were. None, if nothing is.

        They were last written `before` a time, are of a `dataset`, were submitted as a `proposal`.
        """
        ...

    def count(
        self, dataset: str, *, sender: str | None = None, since: datetime | None = None
    ) -> int:
        """How many there are, of a sender or of all, made since a time or ever."""
        ...

    def of_ids(self, dataset: str, scenarios: Sequence[str]) -> Sequence[Scenario]:
        """Those that exist of some ids, in their order."""
        ...
