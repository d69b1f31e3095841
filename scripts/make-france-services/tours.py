"""The calendar of the mobile counters: where each bus stops, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from counters import Counter
from places import Commune, distance_km
from tables import between, choose

START = date(2026, 9, 1)
END = date(2027, 8, 31)
REACH_KM = 25
SPOTS = (
    "place de la mairie",
    "place de l'église",
    "salle des fêtes",
    "place du marché",
    "devant l'école",
    "devant la médiathèque",
)
# Day, its name in opening_hours, weeks: one stop each, nearest commune first.
STOPS = (
    ("lundi", "Mo", "toutes"),
    ("mardi", "Tu", "paire"),
    ("mardi", "Tu", "impaire"),
    ("mercredi", "We", "toutes"),
    ("jeudi", "Th", "paire"),
    ("jeudi", "Th", "impaire"),
    ("vendredi", "Fr", "toutes"),
)
SPANS = ("09:30-12:30,13:30-16:00", "09:00-12:30,13:30-15:30", "10:00-12:00,13:30-16:30")
MORNING = "09:30-12:30"


def rows(
    listed: Sequence[Counter], keys: dict[str, str], communes: Sequence[Commune]
) -> list[dict[str, object]]:
    """Eight stops for each bus: seven regular ones, and a Saturday morning each month."""
    served = {one.commune.code for one in listed if not one.tour}
    made: list[dict[str, object]] = []
    for bus in listed:
        if not bus.tour:
            continue
        stops = _nearest(bus.tour, [one for one in communes if one.code not in served])
        for (day, short, weeks), at in zip(STOPS, stops, strict=False):
            made.append(
                {
                    **_place(bus, at, keys),
                    "jour": day,
                    "semaine": weeks,
                    "horaires": f"{short} {choose(SPANS, 'span', bus.key, at.code)}; PH off",
                    "du": START.isoformat(),
                    "au": None if weeks == "toutes" else END.isoformat(),
                }
            )
        made.append(
            {
                **_place(bus, stops[len(STOPS)], keys),
                "dates": ";".join(one.isoformat() for one in _second_saturdays()),
                "horaires": f"Sa {MORNING}; PH off",
                "du": START.isoformat(),
                "au": END.isoformat(),
            }
        )
        served |= {one.code for one in stops}
    for number, row in enumerate(made, start=1):
        row["id_permanence"] = f"P{number:04}"
    return made


def _nearest(centre: Commune, among: Sequence[Commune]) -> list[Commune]:
    here = (centre.latitude, centre.longitude)
    placed = [
        (distance_km(one.latitude, one.longitude, here), one.code, one)
        for one in among
        if one.position and one.departement == centre.departement
    ]
    stops = [one for distance, _, one in sorted(placed)[: len(STOPS) + 1] if distance <= REACH_KM]
    if len(stops) <= len(STOPS):
        raise ValueError(f"too few communes around {centre.nom}")
    return stops


def _place(bus: Counter, at: Commune, keys: dict[str, str]) -> dict[str, object]:
    return {
        "id_fs": keys[bus.key],
        "lieu": f"{at.nom} - {choose(SPOTS, 'spot', bus.key, at.code)}",
        "insee_com": at.code,
        "latitude": f"{at.latitude + between(-0.001, 0.001, 'stop latitude', at.code):.5f}",
        "longitude": f"{at.longitude + between(-0.001, 0.001, 'stop longitude', at.code):.5f}",
    }


def _second_saturdays() -> list[date]:
    found = []
    day = START
    while day <= END:
        if day.weekday() == 5 and 8 <= day.day <= 14:
            found.append(day)
        day += timedelta(days=1)
    return found
