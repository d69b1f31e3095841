"""Sentences for those who look at a dataset as a proposal would leave it."""

from __future__ import annotations

from retouche.core.messages.wording import NARROW, fill, language
from retouche.core.moves import Move, Wind

WINDS: dict[Wind, dict[str, str]] = {
    "north": {"en": "to the north", "fr": "vers le nord"},
    "north_east": {"en": "to the north-east", "fr": "vers le nord-est"},
    "east": {"en": "to the east", "fr": "vers l'est"},
    "south_east": {"en": "to the south-east", "fr": "vers le sud-est"},
    "south": {"en": "to the south", "fr": "vers le sud"},
    "south_west": {"en": "to the south-west", "fr": "vers le sud-ouest"},
    "west": {"en": "to the west", "fr": "vers l'ouest"},
    "north_west": {"en": "to the north-west", "fr": "vers le nord-ouest"},
}
MOVED = {
    "en": "moved by {distance} {wind}",
    "fr": "déplacé de {distance} {wind}",
}


def moved(one: Move, locale: str) -> str:
    """`moved by 240 m to the north-east`."""
    distance = distance_words(one.metres, locale)
    return fill(MOVED, locale, {"distance": distance, "wind": fill(WINDS[one.wind], locale, {})})


def distance_words(metres: float, locale: str) -> str:
    """A distance as people say it: metres up to a kilometre, tens of them from a hundred on."""
    if metres < 1:
        return {"en": "less than 1 m", "fr": "moins de 1 m"}[language(locale)]
    if metres < 100:
        return f"{round(metres)} m"
    if metres < 995:
        return f"{round(metres / 10) * 10} m"
    kilometres = metres / 1000
    text = f"{kilometres:,.1f}".removesuffix(".0") if metres < 9_950 else f"{kilometres:,.0f}"
    if language(locale) == "fr":
        text = text.replace(",", NARROW).replace(".", ",")
    return f"{text} km"
