"""What is kept in a database is tested in both kinds of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retouche.journals.database import Database
from tests.machines.postgres import Postgres

KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database in which nothing is yet."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'home' / 'journal.sqlite'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture(scope="session")
def prepared(postgres: Postgres) -> Iterator[str]:
    """The name of a PostgreSQL database whose tables are made, to be copied."""
    with postgres.database() as url:
        Database(url).close()
        yield url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a journal in which nothing is yet."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'home' / 'journal.sqlite'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database(template=request.getfixturevalue("prepared")) as address:
        yield address


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()
