"""What the sample says of the communes: density, fragility, associations.

Densities are computed from real populations and positions. Rates, scores, districts and
associations are invented, steady for a commune and in keeping with its department.
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
    """Indicators of communes, given all communes with a position."""

    def __init__(self, communes: Sequence[Commune]) -> None:
        self._placed = sorted(
            (one for one in communes if one.position), key=lambda one: one.latitude
        )
        self._latitudes = [one.latitude for one in self._placed]

    def population_within(self, radius_km: float, of: Commune) -> int:
        return sum(one.population for one in self._around(of, radius_km))

    def _around(self, of: Commune, radius_km: float) -> Iterable[Commune]:
        here, reach = (of.latitude, of.longitude), radius_km / 110
        first = bisect_left(self._latitudes, of.latitude - reach)
        last = bisect_right(self._latitudes, of.latitude + reach)
        for one in self._placed[first:last]:
            if distance_km(one.latitude, one.longitude, here) <= radius_km:
                yield one

    @cache  # noqa: B019 - one Territory lives as long as the script
    def indicators(self, of: Commune) -> dict[str, object]:
        density = self.population_within(DENSITY_RADIUS_KM, of) / (math.pi * DENSITY_RADIUS_KM**2)
        around = self.population_within(NEIGHBOURHOOD_KM, of)
        old, unemployed, poor = (
            round(rate * between(0.75, 1.25, name, of.code), 1)
            for rate, name in zip(_RATES[of.departement], ("old", "jobless", "poor"), strict=True)
        )
        score = round(min(9.8, 0.09 * old + 0.14 * unemployed + 0.11 * poor - 0.3), 1)
        rural = density < 300 and draw("zrr", of.epci) < _RURAL_ZONE[of.departement]
        return {
            "typo_territoire": _kind(of, density),
            "com_densite": round(density, 1),
            "com_densite_categ": _density_category(density),
            "com_zrr": rural,
            "com_score_ifn": score,
            "com_ifn_categ": _fragility(score),
            "com_pauvrete": poor,
            "com_chomage": unemployed,
            "com_65etplus": old,
            "nbre_qpv_rayon_30km": round(around / 60_000 * between(0.7, 1.3, "qpv", of.code)),
            **self._associations(of, around),
        }

    def _associations(self, of: Commune, around: int) -> dict[str, object]:
        total = 60 + round(around * between(0.007, 0.009, "associations", of.code))
        weights = [
            between(0.6, 1.4, "theme", theme, of.epci) * between(0.8, 1.2, "theme", theme, of.code)
            for theme in ASSOCIATION_THEMES
        ]
        counts = dict(zip(ASSOCIATION_THEMES, share_out(total, weights), strict=True))
        return {
            "nbre_asso_rayon_30km": total,
            "asso_thematique_principale": largest(counts),
            **{f"asso_theme_{theme}": count for theme, count in counts.items()},
        }


def largest(counts: dict[str, int]) -> str:
    """The theme with the highest count, the first one when several are equal."""
    return max(counts, key=lambda theme: counts[theme])


def main_theme_by_body(
    rows: Iterable[dict[str, object]], body_of: dict[str, str]
) -> dict[str, str]:
    """For each inter-communal body, the main theme over the communes of its counters."""
    seen: set[object] = set()
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(ASSOCIATION_THEMES, 0))
    for row in rows:
        code = str(row["insee_com"])
        if code in seen:
            continue
        seen.add(code)
        for theme in ASSOCIATION_THEMES:
            sums[body_of[code]][theme] += int(str(row[f"asso_theme_{theme}"]))
    return {body: largest(counts) for body, counts in sums.items()}


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
