"""The history of rows that got a new key, and of rows that took over an old one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import ForgeUnavailable
from retouche.services.neighbours import Neighbours
from retouche.services.presentation import present
from tests.datasets import Browser, delete, insert, serve, update, write_desks

Told = list[tuple[str, dict[str, tuple[str | None, str | None]]]]


def publish(desks: Browser, *operations: dict[str, Any]) -> None:
    proposal = desks.propose(*operations)
    assert proposal.status_code == 201, proposal.json
    accepted = desks.accept(proposal.json)
    assert accepted.status_code == 200, accepted.json


def told(desks: Browser, key: str, commit: str | None = None) -> Told:
    """What changed in a row, newest first; of an insertion only the key."""
    dataset = desks.services.catalogue.get("desks")
    history = desks.services.history.row(dataset, commit or desks.published, "desks", (key,))
    return [
        (one.op, {"id": one.cells["id"]} if one.op == "insert" else dict(one.cells))
        for one in history
    ]


def test_a_row_keeps_its_past_through_new_keys(desks: Browser) -> None:
    publish(desks, update("02", agents="5"))
    publish(desks, update("02", id="22"))
    before = desks.published
    publish(desks, update("22", agents="6"))
    publish(desks, update("22", id="33"))
    publish(desks, update("33", agents="7"))
    past: Told = [
        ("update", {"id": ("02", "22")}),
        ("update", {"agents": ("3", "5")}),
        ("insert", {"id": (None, "02")}),
    ]
    life: Told = [
        ("update", {"agents": ("6", "7")}),
        ("update", {"id": ("22", "33")}),
        ("update", {"agents": ("5", "6")}),
        *past,
    ]
    assert told(desks, "33") == life
    assert told(desks, "22") == life[1:]
    assert told(desks, "02") == past
    assert told(desks, "22", before) == past
    assert told(desks, "33", before) == []
    answer = desks.get("/resources/desks/rows/33/history").json["data"]
    assert [one["op"] for one in answer] == ["update"] * 5 + ["insert"]
    counts = desks.get("/revisions").json["data"][0]["changes"]
    assert counts == {"desks": {"inserted": 0, "updated": 1, "deleted": 0}}


def test_a_row_that_takes_over_an_old_key_has_no_past_of_another(desks: Browser) -> None:
    publish(desks, update("02", agents="5"))
    publish(desks, update("02", id="22"))
    publish(desks, insert(id="02", name="New desk", agents="9"))
    publish(desks, update("02", agents="8"))
    assert told(desks, "02") == [
        ("update", {"agents": ("9", "8")}),
        ("insert", {"id": (None, "02")}),
    ]
    assert told(desks, "22") == [
        ("update", {"id": ("02", "22")}),
        ("update", {"agents": ("3", "5")}),
        ("insert", {"id": (None, "02")}),
    ]


def test_a_row_that_takes_over_an_old_key_from_another_row_keeps_its_own_past(
    desks: Browser,
) -> None:
    publish(desks, update("02", id="22"))
    publish(desks, update("03", id="02"))
    assert told(desks, "02") == [
        ("update", {"id": ("03", "02")}),
        ("insert", {"id": (None, "03")}),
    ]
    assert told(desks, "03") == told(desks, "02")


def test_a_row_inserted_after_a_deletion_has_only_the_key_in_common(desks: Browser) -> None:
    publish(desks, update("02", id="22"))
    publish(desks, delete("22"))
    assert [op for op, _ in told(desks, "22")] == ["delete", "update", "insert"]
    publish(desks, insert(id="22", name="New desk", agents="9"))
    assert [op for op, _ in told(desks, "22")] == ["insert", "delete", "update"]
    publish(desks, delete("01"))
    publish(desks, insert(id="01", name="New desk", agents="4"))
    assert [op for op, _ in told(desks, "01")] == ["insert", "delete", "insert"]


def test_a_new_key_and_another_cell_both_win_in_either_order(tmp_path: Path) -> None:
    files = []
    for order in (("key", "cell"), ("cell", "key")):
        folder = write_desks(tmp_path / order[0] / "package")
        desks = Browser(serve(tmp_path / order[0] / "home", {"desks": folder}))
        proposals = {
            "key": desks.propose(update("02", id="22")).json,
            "cell": desks.propose(update("02", agents="5"), update("01", agents="4")).json,
        }
        for one in order:
            accepted = desks.accept(proposals[one])
            assert accepted.status_code == 200, accepted.json
        assert [op for op, _ in told(desks, "22")] == ["update", "update", "insert"]
        files.append(desks.file())
    assert files[0] == files[1]
    assert b'\n22,"Desk of ""Sault""",84123,04 65 71 00 02,5,' in files[0]


def test_a_correction_made_before_a_new_key_is_checked_and_shown_under_it(desks: Browser) -> None:
    base = desks.published
    waiting = desks.propose(update("02", agents="5")).json
    publish(desks, update("02", id="22"))
    late = desks.propose(update("01", agents="2"), update("02", agents="1"), base_revision=base)
    assert late.status_code == 422
    assert [(one["operation"], one["row_key"]) for one in late.json["errors"]] == [
        (1, {"id": "22"})
    ]
    dataset = desks.services.catalogue.get("desks")
    proposal = desks.services.proposals.get(dataset, waiting["id"])
    assert not proposal.conflicted
    shown = present(dataset, proposal)
    assert shown.mergeable
    assert [(one.old, one.published, one.moved) for one in shown.operations[0].cells] == [
        ("3", "3", False)
    ]


def test_a_fault_that_passes_is_not_told_for_ever(
    desks: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(desks, update("02", agents="5"))

    def fail(*_: object, **__: object) -> None:
        raise ForgeUnavailable()

    with monkeypatch.context() as patch:
        patch.setattr(Neighbours, "_table", fail)
        assert desks.get("/revisions").status_code == 503
    changes = [(one["changes"], one["unreadable"]) for one in desks.get("/revisions").json["data"]]
    assert changes[0] == ({"desks": {"inserted": 0, "updated": 1, "deleted": 0}}, [])
    assert told(desks, "02")[0] == ("update", {"agents": ("3", "5")})
