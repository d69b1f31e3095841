"""Small datasets of our own, written as folders, and servers over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from retouche.forges.importer import import_folder
from retouche.settings import Settings
from retouche.web.app import create_app
from retouche.wiring import Services, build, repository_path

DESKS = '''id,name,city_code,phone,agents,opened,latitude,longitude,note
01,Desk of Apt,84003,04 65 71 00 01,2,2020-01-02,43.8765,5.3964,
02,"Desk of ""Sault""",84123,04 65 71 00 02,3,2021-03-04,44.0917,5.4083,"two
lines"
03,Desk of Gordes,84050,,2,2022-05-06,43.9113,5.2003,closed on Monday
04,Desk of Mormoiron,84082,04 65 71 00 04,4,,44.0667,5.1833,
'''
CITIES = """code,name,inhabitants
84003,Apt,11500
84050,Gordes,1700
84082,Mormoiron,1800
84123,Sault,1300
"""


def field(name: str, kind: str = "string", **others: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **others}


DESKS_SCHEMA = {
    "fields": [
        field("id", title="Identifiant", constraints={"required": True}),
        field("name", title="Nom", constraints={"required": True, "minLength": 3}),
        field("city_code", title="Code de la commune", constraints={"pattern": "[0-9]{5}"}),
        field("phone", title="Téléphone"),
        field("agents", "integer", title="Nombre d’agents", constraints={"minimum": 2}),
        field("opened", "date", title="Date d’ouverture"),
        field("latitude", "number", title="Latitude"),
        field("longitude", "number", title="Longitude"),
        field("note", title="Note"),
    ],
    "primaryKey": "id",
    "foreignKeys": [{"fields": "city_code", "reference": {"resource": "cities", "fields": "code"}}],
    "custom_checks": [{"name": "phone-number-value", "params": {"column": "phone"}}],
}
CITIES_SCHEMA = {
    "fields": [
        field("code", title="Code"),
        field("name", title="Nom"),
        field("inhabitants", "integer", title="Habitants"),
    ],
    "primaryKey": "code",
}


def write_desks(folder: Path, *, desks: str | bytes = DESKS, cities: str = CITIES) -> Path:
    """A package of two resources, `desks` (editable) and `cities` (not)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "desks.csv").write_bytes(desks if isinstance(desks, bytes) else desks.encode())
    (folder / "cities.csv").write_bytes(cities.encode())
    (folder / "widgets").mkdir(exist_ok=True)
    (folder / "widgets" / "desks.json").write_text(
        json.dumps(
            {
                "title": {"fr": "Accueils", "en": "Desks"},
                "resource": "desks",
                "views": [{"type": "table"}],
            }
        )
    )
    descriptor = {
        "name": "desks",
        "title": "Accueils",
        "resources": [
            {
                "name": "desks",
                "path": "desks.csv",
                "encoding": "utf-8",
                "schema": DESKS_SCHEMA,
                "retouche": {"editable": True, "label": "{name}"},
            },
            {
                "name": "cities",
                "path": "cities.csv",
                "encoding": "utf-8",
                "schema": CITIES_SCHEMA,
                "retouche": {"editable": False},
            },
        ],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False))
    return folder


class Ticking:
    """A clock that moves one second each time it is read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Movable:
    """A clock that goes on like ours, and that a test moves ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move(self, **by: float) -> None:
        self.ahead += timedelta(**by)


UNLIMITED = {
    "limit_minute": 0,
    "limit_day": 0,
    "limit_dataset": 0,
    "proof_load": 0,
    "min_seconds": 0.0,
}
"""Settings of a server that takes whatever a test sends, as fast as it sends it."""


def serve(home: Path, folders: Mapping[str, Path], **settings: Any) -> Services:
    """Import folders as datasets of a home and wire the services over them.

    Limits on who sends how often are off unless they are given.
    """
    clock = Ticking()
    for name, folder in folders.items():
        path = repository_path(home, name)
        import_folder(folder, path, message=f"Import {name}\n", time=clock())
    return build(
        Settings(home=home, secret_key="a secret for tests", **{**UNLIMITED, **settings}),
        dict.fromkeys(folders, "main"),
        clock=clock,
    )


class Browser:
    """A client of the API that knows one dataset."""

    def __init__(self, services: Services, dataset: str = "desks") -> None:
        self.services = services
        self.dataset = dataset
        self.app = create_app(services)
        self.client: FlaskClient = self.app.test_client()
        self.api = f"/api/v1/datasets/{dataset}"
        self.token = services.reviewers.new_link_token("reviewer")

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(self.api + path, **options)

    def post(self, path: str, body: Any, **options: Any) -> Any:
        return self.client.post(self.api + path, json=body, **options)

    def propose(self, *operations: dict[str, Any], **others: Any) -> Any:
        return self.post("/proposals", {"operations": list(operations), **others})

    def accept(self, proposal: Mapping[str, Any], **others: Any) -> Any:
        body = {"head": proposal["head"], **others}
        return self.post(f"/proposals/{proposal['id']}/accept", body, headers=self.reviewer)

    def reject(self, proposal: Mapping[str, Any], **others: Any) -> Any:
        body = {"reason": "wrong", **others}
        return self.post(f"/proposals/{proposal['id']}/reject", body, headers=self.reviewer)

    @property
    def reviewer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def published(self) -> str:
        return self.services.catalogue.get(self.dataset).forge.published()

    def file(self, resource: str = "desks", revision: str | None = None) -> bytes:
        return self.services.catalogue.get(self.dataset).at(revision).data(resource)[:]


def update(key: str, resource: str = "desks", **new: str | None) -> dict[str, Any]:
    return {"op": "update", "resource": resource, "key": {"id": key}, "new": new}


def insert(resource: str = "desks", **row: str | None) -> dict[str, Any]:
    return {"op": "insert", "resource": resource, "row": row}


def delete(key: str, resource: str = "desks") -> dict[str, Any]:
    return {"op": "delete", "resource": resource, "key": {"id": key}}
