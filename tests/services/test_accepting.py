"""Accepting a part of a proposal, and choosing where it clashes with what is published."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.datasets import DESKS, Browser, delete, insert, serve, update, write_desks

OWN = {
    "code": "ask_the_desk",
    "kind": "not_verified",
    "label": {"fr": "À vérifier auprès de l’accueil", "en": "To be checked with the desk"},
    "message": {"fr": "Appelez l’accueil.", "en": "Please call the desk."},
}


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Browser]:
    folder = write_desks(tmp_path / "package")
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["retouche"] = {"reasons": [OWN]}
    path.write_text(json.dumps(package), encoding="utf-8")
    services = serve(tmp_path / "home", {"desks": folder})
    yield Browser(services)
    services.close()


def changed_lines(desks: Browser) -> tuple[int, int]:
    """Lines added and removed by the last published commit, as git counts them."""
    path = desks.services.settings.home / "repositories" / "desks.git"
    command = ["git", "-C", str(path), "diff", "--numstat", "main^1", "main", "--", "desks.csv"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    added, removed = text.split()[:2] if text else ("0", "0")
    return int(added), int(removed)


def conflicts(answer: Any) -> list[tuple[str, Any, Any, Any]]:
    return [
        (one["field"], one["base"], one["ours"], one["theirs"]) for one in answer.json["conflicts"]
    ]


# -- Parts --------------------------------------------------------------------------------------


def test_some_cells_are_accepted_and_the_others_are_not(desks: Browser) -> None:
    sent = desks.propose(
        update("01", name="Desk of Apt-les-Bains", phone="04 65 71 00 99", agents="5"),
        update("04", note="new"),
        locale="en",
    ).json
    done = desks.accept(
        sent,
        cells=[{"operation": 0, "fields": ["phone"]}],
        refused=[
            {"operation": 0, "field": "name", "reason": "ask_the_desk", "message": "Call first"},
            {"operation": 1, "reason": "wrong"},
        ],
    )
    assert done.status_code == 200, done.text
    expected = DESKS.replace("04 65 71 00 01", "04 65 71 00 99")
    assert desks.file() == expected.encode()
    assert changed_lines(desks) == (1, 1)
    assert done.json["accepted_operations"] == [0]
    assert done.json["accepted_cells"] == [{"operation": 0, "fields": ["phone"]}]
    assert [
        (one["operation"], one["field"], one["reason"], one["reason_code"])
        for one in done.json["refused"]
    ] == [
        (0, "name", "not_verified", "ask_the_desk"),
        (1, None, "wrong", "wrong"),
    ]


def test_what_is_refused_is_left_out_without_saying_so_twice(desks: Browser) -> None:
    sent = desks.propose(update("01", phone="04 65 71 00 99", agents="5")).json
    done = desks.accept(sent, refused=[{"operation": 0, "field": "agents", "reason": "wrong"}])
    assert done.status_code == 200
    assert desks.file() == DESKS.replace("04 65 71 00 01", "04 65 71 00 99").encode()


def test_a_new_row_may_leave_a_cell_out(desks: Browser) -> None:
    sent = desks.propose(insert(id="05", name="Desk of Rustrel", city_code="84003", note="?")).json
    done = desks.accept(sent, refused=[{"operation": 0, "field": "note", "reason": "wrong"}])
    assert done.status_code == 200
    assert desks.file() == (DESKS + "05,Desk of Rustrel,84003,,,,,,\n").encode()
    assert changed_lines(desks) == (1, 0)


def test_a_part_can_be_undone(desks: Browser) -> None:
    from retouche.services.moderating.choices import Listed

    sent = desks.propose(update("01", phone="04 65 71 00 99", agents="5")).json
    assert desks.accept(sent, cells=[{"operation": 0, "fields": ["agents"]}]).status_code == 200
    preview = desks.services.undoing.preview(
        desks.services.catalogue.get("desks"), Listed(proposals=(sent["id"],))
    )
    assert [one.new for one in preview.operations] == [{"agents": "2"}]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"cells": [{"operation": 9, "fields": ["phone"]}]}, "/cells"),
        ({"cells": [{"operation": 0, "fields": ["nothing"]}]}, "/cells"),
        ({"cells": [{"operation": 0, "fields": []}], "operations": [0]}, "/operations"),
        ({"cells": [{"operation": 0, "fields": ["id"]}] * 2}, "/cells/1"),
        ({"cells": [{"operation": -1, "fields": []}]}, "/cells/0/operation"),
        ({"operations": [0, 0]}, "/operations"),
        ({"operations": [7]}, "/operations"),
        ({"refused": [{"operation": 0, "reason": "because"}]}, "/refused/0/reason"),
        ({"refused": [{"operation": 0, "field": "note", "reason": "wrong"}]}, "/refused/0"),
        ({"refused": [{"operation": 5, "reason": "wrong"}]}, "/refused/0"),
        ({"refused": [{"operation": 0, "reason": "wrong"}]}, "/operations"),
        (
            {
                "operations": [0],
                "refused": [{"operation": 0, "reason": "wrong"}],
            },
            "/refused/0",
        ),
        (
            {
                "cells": [{"operation": 0, "fields": ["phone"]}],
                "refused": [{"operation": 0, "field": "phone", "reason": "wrong"}],
            },
            "/refused/0",
        ),
        (
            {"choices": [{"operation": 0, "field": "phone", "take": "mine", "seen": None}]},
            "/choices/0/take",
        ),
        ({"choices": [{"operation": 0, "field": "phone", "take": "ours"}]}, "/choices/0"),
        (
            {"choices": [{"operation": 3, "field": "phone", "take": "ours", "seen": None}]},
            "/choices/0",
        ),
        ({"head": "f" * 40}, None),
        ({"more": 1}, "/more"),
    ],
)
def test_what_makes_no_sense_is_refused_and_told(
    desks: Browser, body: dict[str, Any], pointer: str | None
) -> None:
    sent = desks.propose(update("01", phone="04 65 71 00 99", agents="5")).json
    before = desks.published
    answer = desks.accept(sent, **body)
    assert answer.status_code == (409 if pointer is None else 400), answer.text
    assert answer.json.get("pointer") == pointer
    assert len(answer.json["detail"]) > 10
    assert desks.published == before


def test_an_index_is_a_number_however_it_is_written(desks: Browser) -> None:
    """To JSON Schema, 0.0 is an integer."""
    sent = desks.propose(update("01", phone="04 65 71 00 99", agents="5")).json
    for body in (
        {"operations": [0.0, 0]},
        {"cells": [{"operation": 0.0, "fields": ["phone"]}, {"operation": 0, "fields": []}]},
        {"operations": [1e30]},
    ):
        assert desks.accept(sent, **body).status_code == 400
    refused = [{"operation": 0.0, "field": "agents", "reason": "wrong"}]
    done = desks.accept(
        sent, operations=[0.0], cells=[{"operation": 0.0, "fields": ["phone"]}], refused=refused
    )
    assert done.status_code == 200, done.text
    assert desks.file() == DESKS.replace("04 65 71 00 01", "04 65 71 00 99").encode()


# -- Choices ------------------------------------------------------------------------------------


@pytest.fixture
def clashing(desks: Browser) -> Any:
    """A proposal of two cells, one of which was published otherwise since."""
    sent = desks.propose(update("01", phone="04 65 71 00 99", agents="5")).json
    first = desks.propose(update("01", phone="04 65 71 00 11")).json
    assert desks.accept(first).status_code == 200
    return sent


def choice(take: str, seen: str | None = "04 65 71 00 11") -> list[dict[str, Any]]:
    return [{"operation": 0, "field": "phone", "take": take, "seen": seen}]


@pytest.mark.parametrize(
    ("take", "phone"),
    [("ours", "04 65 71 00 11"), ("theirs", "04 65 71 00 99"), ("base", "04 65 71 00 01")],
)
def test_a_choice_settles_a_cell_and_nothing_else(
    desks: Browser, clashing: Any, take: str, phone: str
) -> None:
    refused = desks.accept(clashing)
    assert refused.status_code == 409
    assert conflicts(refused) == [("phone", "04 65 71 00 01", "04 65 71 00 11", "04 65 71 00 99")]
    done = desks.accept(clashing, choices=choice(take))
    assert done.status_code == 200, done.text
    row = f"01,Desk of Apt,84003,{phone},5,"
    assert desks.file() == DESKS.replace("01,Desk of Apt,84003,04 65 71 00 01,2,", row).encode()
    assert changed_lines(desks) == (1, 1)
    kept = desks.services.proposals.get(desks.services.catalogue.get("desks"), clashing["id"])
    assert kept.decision is not None
    assert kept.decision["choices"] == [{"operation": 0, "field": "phone", "take": take}]


def test_what_was_seen_must_still_be_published(desks: Browser, clashing: Any) -> None:
    late = desks.propose(update("01", phone="04 65 71 00 22")).json
    assert desks.accept(late).status_code == 200
    before = desks.published
    answer = desks.accept(clashing, choices=choice("theirs"))
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")
    assert conflicts(answer)[0][2] == "04 65 71 00 22"
    assert desks.published == before
    again = desks.accept(clashing, choices=choice("theirs", "04 65 71 00 22"))
    assert again.status_code == 200


def test_a_choice_where_nothing_clashes_is_stale(desks: Browser) -> None:
    sent = desks.propose(update("01", phone="04 65 71 00 99")).json
    answer = desks.accept(sent, choices=choice("theirs", "04 65 71 00 01"))
    assert (answer.status_code, answer.json["conflicts"]) == (409, [])
    kept = desks.services.proposals.get(desks.services.catalogue.get("desks"), sent["id"])
    assert not kept.conflicted


def test_nothing_is_published_when_all_stays(desks: Browser, clashing: Any) -> None:
    refused = [{"operation": 0, "field": "agents", "reason": "wrong"}]
    answer = desks.accept(clashing, choices=choice("ours"), refused=refused)
    assert (answer.status_code, answer.json["pointer"]) == (400, "/choices")


def test_a_clashing_cell_may_be_left_out(desks: Browser, clashing: Any) -> None:
    refused = [{"operation": 0, "field": "phone", "reason": "already_fixed"}]
    assert desks.accept(clashing, refused=refused).status_code == 200
    assert b"04 65 71 00 11,5," in desks.file()
    both = desks.propose(update("02", phone="04 65 71 00 77", agents="9")).json
    answer = desks.accept(
        both, cells=[{"operation": 0, "fields": ["agents"]}], choices=choice("theirs")
    )
    assert (answer.status_code, answer.json["pointer"]) == (400, "/choices/0")


@pytest.mark.parametrize("take", ["ours", "theirs", "base"])
def test_an_edit_against_a_removal_is_a_choice(desks: Browser, take: str) -> None:
    sent = desks.propose(update("03", note="open"), update("01", agents="5")).json
    assert desks.accept(desks.propose(delete("03")).json).status_code == 200
    refused = desks.accept(sent)
    assert refused.status_code == 409
    [clash] = refused.json["conflicts"]
    assert (clash["field"], clash["ours"]) == (None, None)
    wanted = [{"operation": 0, "field": None, "take": take, "seen": None}]
    assert desks.accept(sent, choices=wanted).status_code == 200
    note = {"ours": None, "theirs": "open", "base": "closed on Monday"}[take]
    assert (b"Gordes" in desks.file()) == (take != "ours")
    if note is not None:
        line = f"03,Desk of Gordes,84050,,2,2022-05-06,43.9113,5.2003,{note}\n"
        assert desks.file().endswith(line.encode())


@pytest.mark.parametrize("take", ["ours", "theirs", "base"])
def test_a_removal_against_an_edit_is_a_choice(desks: Browser, take: str) -> None:
    sent = desks.propose(delete("03"), update("01", agents="5")).json
    assert desks.accept(desks.propose(update("03", note="open")).json).status_code == 200
    [clash] = desks.accept(sent).json["conflicts"]
    wanted = [{"operation": 0, "field": None, "take": take, "seen": clash["ours"]}]
    assert desks.accept(sent, choices=wanted).status_code == 200
    assert (b"Gordes" in desks.file()) == (take != "theirs")
    assert (b"closed on Monday" in desks.file()) == (take == "base")


# -- Reasons ------------------------------------------------------------------------------------


def test_a_reason_of_the_dataset_is_kept_with_its_general_one(desks: Browser) -> None:
    sent = desks.propose(update("01", agents="5")).json
    done = desks.reject(sent, reason="ask_the_desk")
    assert done.status_code == 200, done.text
    assert (done.json["reason"], done.json["reason_code"]) == ("not_verified", "ask_the_desk")
    kept = desks.services.proposals.get(desks.services.catalogue.get("desks"), sent["id"])
    assert kept.decision is not None
    assert kept.decision["own_reason"]["label"] == OWN["label"]


def test_a_reason_that_nobody_declared_is_refused(desks: Browser) -> None:
    sent = desks.propose(update("01", agents="5")).json
    answer = desks.reject(sent, reason="<b>no</b>")
    assert (answer.status_code, answer.json["pointer"]) == (400, "/reason")
    assert "ask_the_desk" in answer.json["detail"]
