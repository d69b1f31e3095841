"""What is to be told about a dataset: its last good version, why no newer, and that it is paused.

Reads what the courier has seen; asks no forge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retouche.core.errors import BadDataset, ForgeUnavailable, Paused
from retouche.core.messages import problem
from retouche.ports import Outlook
from retouche.services.courier.breaker import still_waiting
from retouche.services.datasets import Dataset
from retouche.web.context import services
from retouche.web.language import locale
from retouche.web.translations import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Why what is served is not the newest there is."""

    code: str
    held: str | None
    """The commit that cannot be served."""
    values: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        """What is wrong there and in which file, in the language of the request."""
        text = problem(BadDataset(self.code, **self.values), locale())[1]
        path = str(self.values.get("path") or "")
        return text if path in text else f"{path}{_(': ')}{text}"

    @property
    def tag(self) -> str:
        """Changes when the notice does."""
        return f"{self.code} {self.held} {sorted(self.values.items())}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Why a forge is not asked at the moment."""

    code: str
    sentence: str
    since: datetime | None
    retry_at: datetime | None
    failures: int


def outlook(dataset: Dataset) -> Outlook | None:
    """How the forge was last met; None for one of ours."""
    return services().watch.outlook(dataset.name) if dataset.remote is not None else None


def notice(dataset: Dataset) -> Notice | None:
    """What readers of a dataset are to be told, if anything."""
    seen = outlook(dataset)
    if seen is None or seen.held_reason is None:
        return None
    return Notice(code=seen.held_reason, held=seen.held, values=seen.held_values)


def pause_told(dataset: Dataset) -> str:
    """What the reviewers say while they take nothing; the empty text while they do."""
    try:
        services().guard.check_open(dataset)
    except Paused as error:
        return problem(error, locale())[1]
    return ""


def silence(seen: Outlook) -> Silence | None:
    """Why the forge was not reached when it was last asked; None when it was."""
    if seen.fault is None:
        return None
    error = ForgeUnavailable(seen.fault, **{**seen.values, "retry_after": None})
    return Silence(
        code=seen.fault,
        sentence=problem(error, locale())[1],
        since=seen.since,
        retry_at=seen.retry_at,
        failures=seen.failures,
    )


def seconds_until_try(dataset: Dataset) -> int:
    """After how many seconds it makes sense to look at a queued proposal again."""
    seen = outlook(dataset)
    pause = None if seen is None else still_waiting(seen.retry_at, services().clock())
    return 5 if pause is None else max(5, round(pause.total_seconds()) + 1)
