"""A damaged repository is told, and stands in nobody else's way."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from retouche.wiring import recover, repository_path
from tests.datasets import Browser, serve, update, write_desks
from tests.faults.homes import started


@pytest.mark.fault(20)
@pytest.mark.parametrize("damage", ["truncated", "random bytes", "empty"])
def test_a_damaged_object_stops_its_own_dataset_alone(tmp_path: Path, damage: str) -> None:
    folders = {name: write_desks(tmp_path / name) for name in ("hurt", "well")}
    serve(tmp_path / "home", folders).close()
    (pack,) = (repository_path(tmp_path / "home", "hurt") / "objects" / "pack").glob("*.pack")
    content = pack.read_bytes()
    os.chmod(pack, 0o644)
    pack.write_bytes(
        {
            "truncated": content[: len(content) // 3],
            "random bytes": content[:12] + os.urandom(len(content) - 12),
            "empty": b"",
        }[damage]
    )
    services = started(tmp_path / "home", folders)
    assert all("hurt" in one for one in recover(services))
    hurt, well = Browser(services, "hurt"), Browser(services, "well")
    answer = hurt.get("/resources/desks/rows")
    assert (answer.status_code, answer.json["code"]) == (503, "forge_unavailable")
    assert hurt.propose(update("01", agents="5")).status_code == 503
    health: Any = well.client.get("/health").json
    found = health["datasets"]
    assert found["hurt"]["status"] == "failing"
    assert found["hurt"]["code"] == "forge_unavailable"
    assert found["well"]["status"] == "ok"
    assert well.accept(well.propose(update("01", agents="5")).json).status_code == 200
    assert well.get("/resources/desks/rows/01").json["data"]["agents"] == "5"
    services.close()


@pytest.mark.fault(44)
def test_repeated_keys_and_faults_from_before_are_in_nobodys_way(tmp_path: Path) -> None:
    rows = [
        "01,Desk of Apt,84003,,2,,,,",
        "01,Desk of Apt again,84003,,2,,,,",
        "02,X,99999,not a number,1,yesterday,,,",
        "03,Desk of Gordes,84050,,2,,,,",
    ]
    header = "id,name,city_code,phone,agents,opened,latitude,longitude,note"
    data = "\n".join([header, *rows, ""])
    desks = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "p", desks=data)}))
    sent = desks.propose(update("03", agents="4"))
    assert (sent.status_code, sent.json["warnings"]) == (201, [])
    assert desks.accept(sent.json).status_code == 200
    beside = desks.propose(update("02", note="seen"))
    assert beside.status_code == 201
    assert desks.accept(beside.json).status_code == 200
    worse = desks.propose(update("02", name=None))
    assert (worse.status_code, worse.json["code"]) == (422, "invalid")
    answer = desks.propose(update("01", agents="5"))
    assert (answer.status_code, answer.json["code"]) == (422, "ambiguous_row")
    expected = data.replace("03,Desk of Gordes,84050,,2", "03,Desk of Gordes,84050,,4")
    expected = expected.replace("yesterday,,,", "yesterday,,,seen")
    assert desks.file() == expected.encode()
    desks.services.close()
