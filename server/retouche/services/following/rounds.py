"""One look at a forge elsewhere: what it is about, and what is remembered from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from retouche.core.errors import ForgeRefused, ForgeUnavailable, RetoucheError, StorageFull
from retouche.ports import Fetched, RemoteForge
from retouche.services.datasets import Dataset

SWEEP = timedelta(hours=1)
"""Time between two readings of all merge requests, changed or not."""
LOG = structlog.get_logger()


@dataclass(slots=True)
class Memory:
    """What this process knows of the last round of a dataset. Lost, it costs a full round."""

    heads: Mapping[str, str] | None = None
    """The heads of the proposals' branches; None before the first round."""
    published: str | None = None
    """The commit that all open proposals were held against."""
    waiting: set[str] = field(default_factory=set)
    """Proposals that are still to be held against it."""
    doubtful: set[str] = field(default_factory=set)
    """Proposals whose merge requests are read again in the next round."""
    astray: set[str] = field(default_factory=set)
    """Proposals that were merged, and that what was fetched did not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One look at a forge."""

    dataset: Dataset
    remote: RemoteForge
    memory: Memory
    fetched: Fetched
    published: str
    full: bool
    """Whether all merge requests are read."""
    doubtful: set[str] = field(default_factory=set)
    """Proposals whose merge requests are read again in the next round."""
    astray: set[str] = field(default_factory=set)
    """Proposals that are merged."""
    parts: dict[str, str] = field(default_factory=dict)
    """Heads of ours that hold a part of their proposal only, by proposal."""

    @property
    def branch(self) -> str:
        return self.fetched.branch or self.dataset.branch


@contextmanager
def alone(here: Round, proposal: str) -> Iterator[None]:
    """One bad proposal never stops the others; a forge that does not answer stops them all."""
    try:
        yield
    except StorageFull:
        raise
    except RetoucheError as error:
        if isinstance(error, ForgeUnavailable) and not isinstance(error, ForgeRefused):
            here.doubtful.add(proposal)
            raise
        name = here.dataset.name
        LOG.warning("not followed", dataset=name, proposal=proposal, reason=error.reason)
