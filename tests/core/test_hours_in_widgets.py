"""Opening hours that widgets understand are valid here too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retouche.core.judging.checks.opening_hours import opening_hours_fault

EXAMPLES = Path(__file__).parents[2] / "widgets" / "tests" / "hours.examples.json"


@pytest.mark.parametrize("text", json.loads(EXAMPLES.read_text(encoding="utf-8")))
def test_hours_that_a_widget_reads_are_valid(text: str) -> None:
    assert opening_hours_fault(text) is None
