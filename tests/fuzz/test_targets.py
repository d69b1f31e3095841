"""Each target holds for a corpus of our own, for pieces of it put together, and for anything."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import SEEDS, TARGETS


def near(target: str) -> st.SearchStrategy[bytes]:
    """What resembles the corpus: chance alone seldom gets past the first check."""
    pieces = st.sampled_from([*SEEDS[target], b"\0", b"\n", b'"', b"\xff", b"/", b".."])
    return st.one_of(st.lists(pieces, max_size=4).map(b"".join), st.binary(max_size=80))


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_holds_for_its_corpus(target: str) -> None:
    for seed in SEEDS[target]:
        for end in range(len(seed) + 1):
            TARGETS[target](seed[:end])


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_holds_for_what_is_near(target: str) -> None:
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(near(target))
    def holds(data: bytes) -> None:
        TARGETS[target](data)

    holds()


def test_each_target_has_a_corpus() -> None:
    assert set(SEEDS) == set(TARGETS)
    assert all(SEEDS.values())
