"""Fixtures that many tests share: a small dataset, served."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tests.datasets import Browser, serve, write_desks

# Derandomised, so that a run on any machine checks the same cases.
hypothesis_settings.register_profile("retouche", derandomize=True, deadline=None)
hypothesis_settings.load_profile("retouche")


@pytest.fixture
def desks(tmp_path: Path) -> Browser:
    """The small dataset `desks`, served from a fresh home."""
    folder = write_desks(tmp_path / "package")
    return Browser(serve(tmp_path / "home", {"desks": folder}))
