"""The answers that static copies are tested against are those of this server."""

from __future__ import annotations

import json

from tests.web.static_answers import ANSWERS, recorded


def test_the_recorded_answers_are_those_that_the_server_gives() -> None:
    """After a change of what the server answers: python -m tests.web.static_answers."""
    assert json.loads(ANSWERS.read_text(encoding="utf-8")) == json.loads(json.dumps(recorded()))
