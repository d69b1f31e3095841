"""What the sample says of the communes: density, fragility, associations.

Densities and the centres of inter-communal bodies are computed from real populations and positions.
Rates, scores, districts and associations are invented, steady for a commune and in keeping with its
department.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from places import Commune, distance_km
from tables import between, draw, share_out

DENSITY_RADIUS_KM = 10
NEIGHBOURHOOD_KM = 30
SMALLEST_TOWN = 9_000
"""No priority district in a town with fewer inhabitants."""

ASSOCIATION_THEMES = (
    "actions_sociales",
    "citoyennete",
    "jeunesse_et_famille",
    "developpement_economique",
    "emploi_formation_et_education",
    "logement_environnement_mobilite",
    "protection_civile",
    "sante",
)

_RATES = {
    # department: people of 65 and over, unemployment, poverty, all in percent
    "05": (26.5, 6.6, 13.9),
    "36": (29.5, 7.1, 15.2),
    "59": (18.5, 9.6, 18.4),
}
_RURAL_ZONE = {"05": 0.8, "36": 0.75, "59": 0.15}


class Territory:
    """Statistics of communes. `everywhere` has those of the whole country, by whose positions
    densities are computed; `communes` are those of the sample."""

    def __init__(self, everywhere: Sequence[Commune], communes: Sequence[Commune]) -> None:
        self._everywhere = Placed(everywhere)
        self._communes = Placed(communes)
        self._by_body: dict[str, list[Commune]] = defaultdict(list)
        for one in communes:
            self._by_body[str(one.epci)].append(one)

    @cache  # noqa: B019 - one Territory lives as long as the script
    def statistics(self, of: Commune) -> dict[str, object]:
        """The columns of a commune. Without a position it has no density, nor what follows it."""
        density = self._density(of)
        old, unemployed, poor = (
            round(rate * between(0.75, 1.25, name, of.code), 1)
            for rate, name in zip(_RATES[of.departement], ("old", "jobless", "poor"), strict=True)
        )
        score = round(min(9.8, 0.09 * old + 0.14 * unemployed + 0.11 * poor - 0.3), 1)
        themes = self.associations(of)
        return {
            **_by_density(of, density),
            "score_ifn": score,
            "ifn_categ": _fragility(score),
            "pauvrete": poor,
            "chomage": unemployed,
            "part_65etplus": old,
            "asso_nombre": sum(themes.values()),
            **{f"asso_{theme}": count for theme, count in themes.items()},
            "asso_theme_rayon_30km": largest(self.associations_within(of.place))
            if of.position
            else None,
            "asso_theme_epci": largest(self._added_up(self._by_body[str(of.epci)])),
        }

    @cache  # noqa: B019
    def associations(self, of: Commune) -> dict[str, int]:
        """How many associations of each theme a commune has."""
        total = 1 + round(of.population * between(0.007, 0.009, "associations", of.code))
        weights = [
            between(0.6, 1.4, "theme", theme, of.epci) * between(0.8, 1.2, "theme", theme, of.code)
            for theme in ASSOCIATION_THEMES
        ]
        return dict(zip(ASSOCIATION_THEMES, share_out(total, weights), strict=True))

    def associations_within(self, place: tuple[float, float]) -> dict[str, int]:
        """The same for all communes of the sample whose town is near a place."""
        return self._added_up(self._communes.around(place, NEIGHBOURHOOD_KM))

    def _added_up(self, communes: Iterable[Commune]) -> dict[str, int]:
        found = dict.fromkeys(ASSOCIATION_THEMES, 0)
        for one in communes:
            for theme, count in self.associations(one).items():
                found[theme] += count
        return found

    def _density(self, of: Commune) -> float | None:
        if of.position is None:
            return None
        around = self._everywhere.around(of.place, DENSITY_RADIUS_KM)
        return sum(one.population for one in around) / (math.pi * DENSITY_RADIUS_KM**2)


class Placed:
    """Communes with a position, found by it."""

    def __init__(self, communes: Sequence[Commune]) -> None:
        self._placed = sorted(
            (one for one in communes if one.position), key=lambda one: one.latitude
        )
        self._latitudes = [one.latitude for one in self._placed]

    def around(self, place: tuple[float, float], radius_km: float) -> Iterable[Commune]:
        reach = radius_km / 110
        first = bisect_left(self._latitudes, place[0] - reach)
        last = bisect_right(self._latitudes, place[0] + reach)
        for one in self._placed[first:last]:
            if distance_km(one.latitude, one.longitude, place) <= radius_km:
                yield one


def districts(communes: Sequence[Commune]) -> list[dict[str, object]]:
    """Priority districts: some in each town that is large enough."""
    made: list[dict[str, object]] = []
    for one in communes:
        if one.position is None or one.population < SMALLEST_TOWN:
            continue
        number = max(1, round(one.population / 14_000 * between(0.6, 1.4, "districts", one.code)))
        for at in range(1, number + 1):
            made.append(
                {
                    "code": f"X{one.code}{at:02}",
                    "nom": f"Quartier inventé n° {at} - {one.nom}",
                    "insee_com": one.code,
                    "latitude": _moved(one.latitude, "latitude", one.code, at),
                    "longitude": _moved(one.longitude, "longitude", one.code, at),
                }
            )
    return made


def bodies(communes: Sequence[Commune]) -> list[dict[str, object]]:
    """Inter-communal bodies, at the centre of the inhabitants of their communes in the sample."""
    members: dict[str, list[Commune]] = defaultdict(list)
    for one in communes:
        if one.epci:
            members[one.epci].append(one)
    made: list[dict[str, object]] = []
    for code, listed in sorted(members.items()):
        placed = [one for one in listed if one.position]
        people = sum(one.population for one in placed)
        latitude = sum(one.latitude * one.population for one in placed) / people
        longitude = sum(one.longitude * one.population for one in placed) / people
        made.append(
            {
                "code": code,
                "nom": listed[0].epci_nom,
                "latitude": f"{latitude:.5f}",
                "longitude": f"{longitude:.5f}",
            }
        )
    return made


def against_department(score: float, mean: float) -> str:
    """How fragile a commune is beside the communes of its department that have a counter."""
    if abs(score - mean) <= 0.4:
        return "Dans la moyenne"
    return "Sous la moyenne" if score < mean else "Au-dessus de la moyenne"


def _moved(degrees: float, *name: object) -> str:
    return f"{degrees + between(-0.012, 0.012, 'district', *name):.5f}"


def largest(counts: dict[str, int]) -> str:
    """The theme with the highest count, the first one when several are equal."""
    return max(counts, key=lambda theme: counts[theme])


def _by_density(of: Commune, density: float | None) -> dict[str, object]:
    if density is None:
        return {}
    return {
        "typo_territoire": _kind(of, density),
        "densite": round(density, 1),
        "densite_categ": _density_category(density),
        "zrr": density < 300 and draw("zrr", of.epci) < _RURAL_ZONE[of.departement],
    }


def _kind(of: Commune, density: float) -> str:
    if density > 800:
        return "Urbain"
    if density > 200:
        return "Périurbain"
    if of.departement == "05":
        return "Montagne"
    return "Bourg rural" if of.population > 2000 else "Rural dispersé"


def _density_category(density: float) -> str:
    for limit, name in ((25, "Très peu dense"), (120, "Peu dense"), (800, "Intermédiaire")):
        if density < limit:
            return name
    return "Dense"


def _fragility(score: float) -> str:
    for limit, name in ((4, "Faible"), (4.8, "Modérée"), (5.6, "Forte")):
        if score < limit:
            return name
    return "Très forte"
