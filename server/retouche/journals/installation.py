"""What all servers of one database agree on, in the journal's database."""

from __future__ import annotations

from sqlalchemy import select

from retouche.journals.database import Database
from retouche.journals.merging import add_missing
from retouche.journals.tables import INSTALLATION


class SqlInstallation:
    """`ports.Installation`. Safe for threads, and across fork."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def agree(self, name: str, value: str) -> str:
        agreed = select(INSTALLATION.c.value).where(INSTALLATION.c.name == name)
        with self._database.reading() as connection:
            present = connection.execute(agreed).scalar_one_or_none()
        if present is not None:
            return str(present)
        with self._database.writing() as connection:
            add_missing(connection, INSTALLATION, [{"name": name, "value": value}], by=["name"])
            return str(connection.execute(agreed).scalar_one())
