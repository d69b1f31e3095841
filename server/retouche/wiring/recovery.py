"""What killed processes left: removed, or finished, when a server starts and while it runs."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import structlog

from retouche.core.errors import ForgeUnavailable, StorageFull
from retouche.forges.storage import Swept
from retouche.services.datasets import Catalogue, Dataset
from retouche.services.review import Review
from retouche.wiring.services import Services

LOG = structlog.get_logger()


@runtime_checkable
class Kept(Protocol):
    """A forge over a repository of this home."""

    def sweep(self) -> Swept:
        """Remove what killed processes left."""
        ...

    def maintain(self) -> bool:
        """Fold files together when there are many."""
        ...


def recover(services: Services) -> list[str]:
    """Finish what a killed process began, in every dataset; give what could not be finished.

    Repositories of many files are folded together on the way.
    """
    failures = tidy(services)
    for dataset in services.catalogue:
        failures += services.review.recover(dataset)
    return failures


def tidy(services: Services) -> list[str]:
    """Remove what killed processes left in the repositories, and fold files together where there
    are many; give what could not be done. What is pending stays so."""
    failures = []
    for dataset in services.catalogue:
        try:
            failures += _swept(dataset, services.review)
            fold(dataset)
        except (ForgeUnavailable, StorageFull) as error:  # it is as readable as before
            failures.append(f"{dataset.name} maintenance: {error!r}")
    return failures


def fold(dataset: Dataset) -> None:
    """Fold the files of a repository of this home together when there are many."""
    if isinstance(dataset.forge, Kept):
        dataset.forge.maintain()


def _swept(dataset: Dataset, review: Review) -> list[str]:
    """Remove what killed processes left; make anew what a power cut took, and give what of it
    could not be."""
    if isinstance(dataset.forge, Kept) and dataset.forge.sweep().broken:
        return review.restore(dataset)
    return []


def sweep(catalogue: Catalogue, review: Review) -> None:
    """What `recover` does, beside requests: never stops at one bad item or dataset."""
    for dataset in catalogue:
        try:
            failures = _swept(dataset, review) + review.recover(dataset)
        except (ForgeUnavailable, StorageFull) as error:
            failures = [repr(error)]
        except Exception:  # a fault of ours with one of them does not keep the others
            LOG.exception("not_swept", dataset=dataset.name)
            continue
        if failures:
            LOG.warning("unfinished", dataset=dataset.name, count=len(failures), first=failures[0])
