"""Fixtures that many tests share: a small dataset, served."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tests.browsers import chromium as chromium
from tests.browsers import playwright as playwright
from tests.datasets import UNLIMITED, Browser, serve, write_desks
from tests.machines.postgres import Postgres
from tests.machines.postgres import running as running_postgres

# Derandomised, so that a run on any machine checks the same cases.
hypothesis_settings.register_profile("retouche", derandomize=True, deadline=None)
hypothesis_settings.load_profile("retouche")

# Servers that tests start take whatever they are sent; tests of limits set their own.
for name, value in UNLIMITED.items():
    os.environ.setdefault(f"RETOUCHE_{name.upper()}", str(value))


@pytest.fixture
def desks(tmp_path: Path) -> Browser:
    """The small dataset `desks`, served from a fresh home."""
    folder = write_desks(tmp_path / "package")
    return Browser(serve(tmp_path / "home", {"desks": folder}))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for all tests of this process; none may stop it."""
    with running_postgres() as server:
        yield server
