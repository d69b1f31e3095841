"""What a reviewer accepts of a proposal, cell by cell, is published, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.datasets import Browser, serve, update, write_desks

FIELDS = ["name", "phone", "agents", "note"]
HEADER = "id,name,city_code,phone,agents,opened,latitude,longitude,note"
ENDS = ["\r\n", "\n", "\r\n", ""]
Grid = dict[tuple[str, str], str]
BASE: Grid = {
    (key, name): cell
    for key in ("01", "02", "03")
    for name, cell in zip(FIELDS, (f"Desk {key}", "04 65 71 00 01", "2", "as it was"), strict=True)
}
VALUES = {
    "name": ["Desk one", "Desk two"],
    "phone": ["04 65 71 00 02", "04 65 71 00 03"],
    "agents": ["3", "4"],
    "note": ["seen", "heard"],
}
TAKES = ["ours", "theirs", "base"]
CELLS = st.sampled_from(sorted(BASE))
EDITS = st.dictionaries(CELLS, st.integers(0, 1), min_size=1, max_size=6).map(
    lambda picked: {cell: VALUES[cell[1]][place] for cell, place in picked.items()}
)
"""Cells with new values."""


def rendered(grid: Grid) -> bytes:
    """The file, with a mark of UTF-8, line ends of two kinds and none at its end."""
    lines = [HEADER]
    for key in ("01", "02", "03"):
        name, phone, agents, note = (grid[key, one] for one in FIELDS)
        lines.append(f'{key},"{name}",84003,{phone},{agents},2020-01-02,,,{note}')
    text = "".join(line + end for line, end in zip(lines, ENDS, strict=True))
    return b"\xef\xbb\xbf" + text.encode()


def sent(desks: Browser, edits: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """A proposal of some edits, an operation for each row."""
    rows: dict[str, dict[str, Any]] = {}
    for (key, name), cell in sorted(edits.items()):
        rows.setdefault(key, {})[name] = cell
    answer = desks.propose(*(update(key, **new) for key, new in rows.items()))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    before=EDITS,
    mine=EDITS,
    others=EDITS,
    refused=st.sets(CELLS),
    takes=st.fixed_dictionaries({cell: st.sampled_from(TAKES) for cell in sorted(BASE)}),
)
def test_some_cells_and_choices_give_these_bytes_and_leave_others_theirs(
    tmp_path_factory: pytest.TempPathFactory,
    before: Grid,
    mine: Grid,
    others: Grid,
    refused: set[tuple[str, str]],
    takes: dict[tuple[str, str], str],
) -> None:
    assume(set(mine) - refused)
    folder: Path = tmp_path_factory.mktemp("parts")
    package = write_desks(folder / "package", desks=rendered(BASE))
    desks = Browser(serve(folder / "home", {"desks": package}))
    wanted, pending = sent(desks, mine), sent(desks, others)
    assert desks.accept(sent(desks, before)).status_code == 200
    published = BASE | before
    assert desks.file() == rendered(published)

    place = {key: number for number, key in enumerate(sorted({key for key, _ in mine}))}
    kept = {cell: new for cell, new in mine.items() if cell not in refused}
    clashes = [cell for cell, new in kept.items() if published[cell] not in (BASE[cell], new)]
    body: dict[str, Any] = {
        "refused": [
            {"operation": place[key], "field": name, "reason": "wrong"}
            for key, name in sorted(set(mine) & refused)
        ],
        "choices": [
            {
                "operation": place[cell[0]],
                "field": cell[1],
                "take": takes[cell],
                "seen": published[cell],
            }
            for cell in clashes
        ],
    }
    answers = {cell: {"ours": published, "theirs": kept, "base": BASE} for cell in clashes}
    chosen = {cell: answers[cell][takes[cell]][cell] for cell in clashes}
    expected = published | kept | chosen
    if clashes:  # nothing of others is overwritten without a choice
        assert desks.accept(wanted, refused=body["refused"]).status_code == 409
        assert desks.file() == rendered(published)
    done = desks.accept(wanted, **body)
    if clashes and expected == published and len(clashes) == len(kept):
        assert done.json["pointer"] == "/choices"
    else:
        assert done.status_code == 200, done.text
    assert desks.file() == rendered(expected)

    merged = desks.accept(pending)
    between = {
        cell: expected[cell]
        for cell, new in others.items()
        if expected[cell] not in (BASE[cell], new)
    }
    if between:
        assert {(one["row_key"]["id"], one["field"]) for one in merged.json["conflicts"]} == set(
            between
        )
        assert desks.file() == rendered(expected)
    else:
        assert merged.status_code == 200, merged.text
        assert desks.file() == rendered(expected | others)
    desks.services.close()
