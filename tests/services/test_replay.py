"""Replaying the accepted proposals over the first version gives the published file (law)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retouche.core.errors import RetoucheError
from retouche.core.splice import apply
from retouche.ports import Reviewer
from retouche.services.carrying import by_resource, carry_over
from retouche.services.patches import from_wire
from tests.datasets import DESKS, Browser, serve, write_desks

KEYS = ["01", "02", "03", "04", "05", "06"]
CELLS = st.sampled_from(["2", "3", "4"])
UPDATES = st.builds(
    lambda key, agents: {"op": "update", "key": {"id": key}, "new": {"agents": agents}},
    st.sampled_from(KEYS),
    CELLS,
)
NOTES = st.builds(
    lambda key, note: {"op": "update", "key": {"id": key}, "new": {"note": note}},
    st.sampled_from(KEYS),
    st.sampled_from(['a "b"', "c\nd", "e,f", None]),
)
INSERTS = st.builds(
    lambda key: {"op": "insert", "row": {"id": key, "name": "Desk", "agents": "2"}},
    st.sampled_from(KEYS),
)
DELETES = st.builds(lambda key: {"op": "delete", "key": {"id": key}}, st.sampled_from(KEYS))
OPERATIONS = st.one_of(UPDATES, NOTES, INSERTS, DELETES)
HISTORIES = st.lists(
    st.tuples(st.lists(OPERATIONS, min_size=1, max_size=3), st.booleans()), min_size=2, max_size=8
)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES)
def test_accepted_proposals_replayed_give_the_file_at_head(
    tmp_path_factory: pytest.TempPathFactory, history: list[Any], ending: str
) -> None:
    tmp_path: Path = tmp_path_factory.mktemp("replay")
    first = DESKS.replace("\n", ending).encode()
    folder = write_desks(tmp_path / "package", desks=first)
    desks = Browser(serve(tmp_path / "home", {"desks": folder}))
    dataset = desks.services.catalogue.get("desks")
    accepted = []
    waiting = []
    for operations, at_once in history:
        try:
            proposal = desks.services.proposals.submit(dataset, {"operations": operations})
        except RetoucheError:
            continue  # a refusal writes nothing, which the comparison below would show
        waiting.append(proposal)
        if at_once:
            for one in waiting:
                try:
                    done = desks.services.review.accept(
                        dataset, one.id, head=str(one.head), reviewer=Reviewer(name="r")
                    )
                except RetoucheError:
                    continue
                accepted.append(done)
            waiting = []
    start = dataset.at(list(dataset.forge.revisions(desks.published))[-1].id)
    data, schema = start.data("desks")[:], start.package.resource("desks").schema
    assert data == first
    for one in accepted:
        decision = one.decision or {}
        before = dataset.at(decision["previous"])
        assert before.data("desks") == data
        parent = dataset.at(one.parent)
        wanted = tuple(from_wire(item, parent.package) for item in one.operations)
        carried = carry_over(wanted, base=parent, onto=before)
        assert not carried.conflicts
        group = by_resource(carried.operations).get("desks", ())
        data = apply(before.snapshot("desks").table, group, schema=schema)
    assert dataset.at().data("desks") == data
