"""Fixtures that many tests share: a small dataset, served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from retouche.forges.repository import BareRepository
from tests.datasets import Browser, serve, write_desks

# Derandomised, so that a run on any machine checks the same cases.
hypothesis_settings.register_profile("retouche", derandomize=True, deadline=None)
hypothesis_settings.load_profile("retouche")


@pytest.fixture
def desks(tmp_path: Path) -> Browser:
    """The small dataset `desks`, served from a fresh home."""
    folder = write_desks(tmp_path / "package")
    return Browser(serve(tmp_path / "home", {"desks": folder}))


@pytest.fixture(autouse=True)
def no_process_left_reading() -> Iterator[None]:
    """End the reading processes of every repository that a test opened."""
    opened: list[BareRepository] = []
    real = BareRepository.__init__

    def init(self: BareRepository, path: Path, **named: Any) -> None:
        opened.append(self)
        real(self, path, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BareRepository, "__init__", init)
        yield
    for one in opened:
        one.close()
