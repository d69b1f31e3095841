"""A server of one's own, and what reviewers and other contributors do on it meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

from tests.e2e.conftest import Served, serving
from tests.e2e.widgets.visiting import Host

RESOURCE = "structures"


@dataclass(frozen=True)
class Desk:
    """A dataset that tests may change, and a site that embeds it."""

    served: Served
    host: Host

    def row(self, key: str, resource: str = RESOURCE) -> dict[str, str | None]:
        found: dict[str, str | None] = self.ask(f"resources/{resource}/rows/{key}")["data"]
        return found

    def messages(self, key: str, cells: dict[str, str | None]) -> list[str]:
        """What the server says is wrong with new cells of a row, in French."""
        operation = {"op": "update", "resource": RESOURCE, "key": {"id_fs": key}, "new": cells}
        verdict = self.ask("validate", {"operations": [operation]})
        return [one["message"] for one in verdict["errors"]]

    def accept(self, proposal: str) -> None:
        """Publish a proposal, as its reviewer."""
        head = self.ask(f"proposals/{proposal}")["head"]
        token = parse_qs(urlsplit(self.served.sign_in).query)["token"][0]
        self.ask(f"proposals/{proposal}/accept", {"head": head}, Authorization=f"Bearer {token}")

    def publish(self, key: str, cells: dict[str, str | None]) -> None:
        """Somebody else corrects a row, and it is accepted."""
        operation = {"op": "update", "resource": RESOURCE, "key": {"id_fs": key}, "new": cells}
        self.accept(self.ask("proposals", {"operations": [operation]})["id"])

    def bytes(self, path: str) -> bytes:
        with urlopen(f"{self.served.url}/api/v1/datasets/france-services/{path}") as answer:
            content: bytes = answer.read()
        return content

    def ask(self, path: str, body: Any = None, **headers: str) -> Any:
        request = Request(
            f"{self.served.url}/api/v1/datasets/france-services/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept-Language": "fr", **headers},
        )
        with urlopen(request) as answer:
            return json.load(answer)


@contextmanager
def open_desk(home: Path) -> Iterator[Desk]:
    with serving(home) as served:
        site = Host(served.url)
        yield Desk(served, site)
        site.close()
