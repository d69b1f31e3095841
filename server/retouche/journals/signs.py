"""When each kind of work was last done by any server, in the journal's database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from retouche.journals.database import Database
from retouche.journals.merging import put
from retouche.journals.rows import time_text
from retouche.journals.tables import INSTALLATION

PREFIX = "done:"
"""What the names of these rows begin with; the others are what servers agreed on."""


class SqlSigns:
    """`ports.Signs`. Safe for threads, and across fork."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, name: str, *, now: datetime) -> None:
        with self._database.writing() as connection:
            put(connection, INSTALLATION, {"name": f"{PREFIX}{name}", "value": time_text(now)})

    def seen(self) -> Mapping[str, datetime]:
        query = select(INSTALLATION).where(INSTALLATION.c.name.startswith(PREFIX))
        with self._database.reading() as connection:
            return {
                row.name.removeprefix(PREFIX): datetime.fromisoformat(row.value)
                for row in connection.execute(query)
            }
