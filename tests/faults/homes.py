"""Homes that are opened again, as a start of the server does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from retouche.ports import Clock
from retouche.settings import Settings
from retouche.wiring import Services, build
from tests.datasets import UNLIMITED


def started(
    home: Path, names: Iterable[str] = ("desks",), *, clock: Clock | None = None
) -> Services:
    """The services over the datasets of a home, without limits on who sends how often."""
    unlimited: dict[str, Any] = dict(UNLIMITED)
    settings = Settings(home=home, secret_key="a secret for tests", **unlimited)
    return build(settings, dict.fromkeys(names, "main"), clock=clock)
