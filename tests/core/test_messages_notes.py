"""Notes on corrected copies say the same in both languages, and there is one for each damage."""

from __future__ import annotations

from typing import get_args

import pytest

from retouche.core.comparing.likeness import Damage
from retouche.core.messages.notes import NOTES, sentence
from retouche.core.messages.wording import placeholders


@pytest.mark.parametrize("code", sorted(NOTES))
def test_both_languages_show_the_same_values(code: str) -> None:
    english, french = NOTES[code]["en"], NOTES[code]["fr"]
    assert placeholders(english) == placeholders(french)
    values = dict.fromkeys(placeholders(english), "x")
    assert "…" not in sentence(code, "en", values)
    assert sentence(code, "fr", values) != sentence(code, "en", values)


def test_every_damage_that_is_passed_over_has_a_note() -> None:
    assert {f"kept_{one}" for one in get_args(Damage)} <= NOTES.keys()
