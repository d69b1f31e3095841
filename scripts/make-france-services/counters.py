"""The 200 counters: which communes have one, and an invented card for each.

Communes are real. Names, addresses, telephones, e-mails, hours and activity are made up;
telephones come from the ranges that ARCEP keeps for works of fiction.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from places import Commune, distance_km
from tables import between, choose, draw, share_out

from territory import NEIGHBOURHOOD_KM, Territory, against_department

FIXED = {"05": 36, "36": 46, "59": 110}
SPACING_KM = {"05": 5.0, "36": 6.0, "59": 3.0}
SMALLEST = 200
"""No fixed counter in a commune with fewer inhabitants."""
PHONES = {"05": "04 65 71", "36": "02 61 91", "59": "03 53 01"}
LABELLED = "labellisée"
OTHER_STEPS = {"suspendue": 6, "audit": 5, "avis préfet": 5, "candidature": 4}
OPERATORS = {
    "fs_dgfip": 16,
    "fs_caf": 17,
    "fs_cnam": 15,
    "fs_cnav_ou_carsat": 12,
    "fs_la_poste": 6,
    "fs_pole_emploi": 11,
    "fs_le_ministere_de_la_justice": 4,
    "fs_le_ministere_de_l_interieur__ants": 14,
    "fs_la_msa": 5,
}
TOPICS = {
    "thematique_alimentaire": 3,
    "thematique_banque_et_mutuelle": 2,
    "thematique_covid19": 1,
    "thematique_ecoles_petite_enfance_et_jeunesse": 3,
    "thematique_emploi_et_insertion": 4,
    "thematique_environnement__dechets": 2,
    "thematique_inclusion_numerique": 7,
    "thematique_logement_energie_mobilite": 5,
    "thematique_microcredit_surendettement": 1.5,
    "thematique_sante": 3,
    "thematique_services_publics_regaliens_justice_citoyennete_etc": 4,
    "thematique_social_solidarite_retraite": 5,
    "thematique_tourisme_et_culture": 2,
}
AGES = {
    "fs_age_moins_de_18_ans": 2,
    "fs_age_entre_18_et_26_ans": 9,
    "fs_age_entre_27_et_45_ans": 23,
    "fs_age_entre_45_et_55_ans": 14,
    "fs_age_entre_55_et_62_ans": 14,
    "fs_age_plus_de_62_ans": 32,
    "fs_age_non_connu": 6,
}
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
FULL, LONG, SHORT = (
    "09:00 - 12:00 / 13:30 - 17:00",
    "08:30 - 12:00 / 13:30 - 17:30",
    "09:00 - 12:00 / 14:00 - 16:00",
)
MORNING, LATE = "09:00 - 12:30", "13:30 - 18:30"
WEEKS = (
    (FULL, FULL, FULL, FULL, FULL, None),
    (FULL, FULL, MORNING, FULL, SHORT, None),
    (LONG, LONG, LONG, LONG, MORNING, None),
    (None, FULL, FULL, FULL, FULL, MORNING),
    (None, LONG, MORNING, LATE, LONG, MORNING),
    (LATE, SHORT, SHORT, SHORT, SHORT, None),
    (FULL, FULL, FULL, FULL, FULL, MORNING),
    (MORNING, MORNING, MORNING, LATE, MORNING, MORNING),
)
BUS_WEEK = ("09:30 - 16:30",) * 5 + (None,)
STREETS = (
    "place de la Mairie",
    "rue de la République",
    "place du Marché",
    "rue des Écoles",
    "avenue de la Gare",
    "Grande Rue",
    "rue de l'Église",
    "rue du Moulin",
    "rue des Tilleuls",
    "place de la Halle",
)


@dataclass(frozen=True, kw_only=True)
class Counter:
    """A counter and its commune; `tour` is where a mobile one goes."""

    commune: Commune
    tour: Commune | None = None

    @property
    def key(self) -> str:
        return f"bus {self.commune.code}" if self.tour else self.commune.code


# Base of a bus and centre of its tour: parts of the three departments without a fixed counter.
BUSES = (
    ("05065", "05038"),
    ("05166", "05126"),
    ("36018", "36123"),
    ("36046", "36001"),
    ("59036", "59601"),
    ("59122", "59377"),
    ("59295", "59580"),
    ("59392", "59572"),
)
LEFT_TO_BUSES_KM = 14


def counters(communes: Sequence[Commune]) -> list[Counter]:
    """Fixed and mobile counters in the order of their commune."""
    by_code = {one.code: one for one in communes}
    buses = [Counter(commune=by_code[base], tour=by_code[tour]) for base, tour in BUSES]
    tours = [bus.tour for bus in buses if bus.tour]
    fixed = [
        Counter(commune=one)
        for department, number in FIXED.items()
        for one in _spread(
            [
                one
                for one in communes
                if one.departement == department and one.position and one.population >= SMALLEST
            ],
            number,
            tours,
        )
    ]
    return sorted(fixed + buses, key=lambda one: (one.commune.code, one.tour is not None))


def _spread(among: Sequence[Commune], number: int, avoid: Sequence[Commune]) -> list[Commune]:
    """Chief towns, then communes drawn with more luck for larger ones, kept apart."""
    order = sorted(
        among,
        key=lambda one: (
            not one.chief_town,
            -math.log(1 - draw("counter", one.code)) / one.population**1.3,
            one.code,
        ),
    )
    chosen: list[Commune] = []
    for one in order:
        here = (one.latitude, one.longitude)
        apart = SPACING_KM[one.departement]
        crowded = any(distance_km(it.latitude, it.longitude, here) < apart for it in chosen)
        left = any(distance_km(it.latitude, it.longitude, here) < LEFT_TO_BUSES_KM for it in avoid)
        if crowded or (left and not one.chief_town):
            continue
        chosen.append(one)
        if len(chosen) == number:
            return chosen
    raise ValueError(f"only {len(chosen)} communes for {number} counters")


def rows(
    listed: Sequence[Counter], territory: Territory, districts: Sequence[dict[str, object]]
) -> list[dict[str, object]]:
    """The rows of `structures`, complete: with what the dataset leaves to its indicators."""
    step_of = _steps(listed)
    means = mean_scores(listed, territory)
    made = [
        {
            "id_fs": str(number),
            **_identity(one, number),
            **_activity(one, step_of[one.key]),
            **_of_commune(one.commune, territory, means),
            "statut_label": step_of[one.key],
        }
        for number, one in enumerate(listed, start=1)
    ]
    for row in made:
        themes = territory.associations_within(_place(row))
        row["nbre_asso_rayon_30km"] = sum(themes.values())
        row |= {f"asso_theme_{theme}": count for theme, count in themes.items()}
        row["nbre_qpv_rayon_30km"] = _within(row, districts)
        labelled = [one for one in made if one["statut_label"] == LABELLED and one is not row]
        row["nbre_fs_rayon_30km"] = _within(row, labelled)
    return made


def _of_commune(
    commune: Commune, territory: Territory, means: dict[str, float]
) -> dict[str, object]:
    told = territory.statistics(commune)
    score = float(str(told["score_ifn"]))
    return {
        "typo_territoire": told["typo_territoire"],
        "com_densite": told["densite"],
        "com_densite_categ": told["densite_categ"],
        "com_zrr": told["zrr"],
        "com_score_ifn": told["score_ifn"],
        "com_ifn_categ": told["ifn_categ"],
        "ifn_categ": against_department(score, means[commune.departement]),
        "com_pauvrete": told["pauvrete"],
        "com_chomage": told["chomage"],
        "com_65etplus": told["part_65etplus"],
        "asso_thematique_principale": told["asso_theme_rayon_30km"],
        "terr_thematique_asso_principale": told["asso_theme_epci"],
    }


def _steps(listed: Sequence[Counter]) -> dict[str, str]:
    """Most counters are labelled; a few fixed ones are at another step."""
    fixed = sorted(
        (one.key for one in listed if not one.tour), key=lambda key: (draw("step", key), key)
    )
    others = [step for step, number in OTHER_STEPS.items() for _ in range(number)]
    return {one.key: LABELLED for one in listed} | dict(zip(fixed, others, strict=False))


def _identity(one: Counter, number: int) -> dict[str, object]:
    commune, key = one.commune, one.key
    bus = "bus-" if one.tour else ""
    hours = BUS_WEEK if one.tour else choose(WEEKS, "week", key)
    spare = (number * 37 + 101) % 10_000
    silent = draw("contact", key)
    return {
        "lib_fs": f"{'Bus ' if one.tour else ''}France services {_of(commune.nom)}",
        "fs_itinerante": one.tour is not None,
        "nb_agents": 2 + int(4 * draw("agents", key) ** 3),
        "fs_statut": _holder(key),
        "fs_adresse": f"{1 + int(60 * draw('number', key) ** 2)} {choose(STREETS, 'street', key)}",
        "fs_telephone": None
        if silent > 0.97
        else f"{PHONES[commune.departement]} {spare // 100:02} {spare % 100:02}",
        "fs_mail": None
        if silent < 0.06
        else f"contact@{bus}france-services-{_slug(commune.nom)}.example",
        **{f"fs_h_{day}": span for day, span in zip(DAYS, hours, strict=True)},
        "latitude": f"{commune.latitude + between(-0.0015, 0.0015, 'latitude', key):.5f}",
        "longitude": f"{commune.longitude + between(-0.0015, 0.0015, 'longitude', key):.5f}",
        "insee_com": commune.code,
        "lib_com": commune.nom,
        "ifn_com": commune.codes_postaux[0],
        "dep_lib": {"05": "Hautes-Alpes", "36": "Indre", "59": "Nord"}[commune.departement],
        "dep_insee": commune.departement,
        "com_population": commune.population,
    }


def _holder(key: str) -> str:
    luck = draw("holder", key)
    for limit, holder in (
        (0.62, "Collectivité territoriale"),
        (0.78, "Association"),
        (0.91, "La Poste"),
        (0.97, "Mutualité sociale agricole"),
    ):
        if luck < limit:
            return holder
    return "État"


def _activity(one: Counter, step: str) -> dict[str, object]:
    """Twelve months of activity; a counter that has not opened yet has none."""
    if step not in (LABELLED, "suspendue"):
        return {}
    commune, key = one.commune, one.key
    size = 1100 + 26 * math.sqrt(commune.population)
    total = round(size * between(0.6, 1.4, "requests", key))
    kinds = {**OPERATORS, **TOPICS}
    if commune.departement != "59":
        kinds["fs_la_msa"] = 14
    weights = [weight * between(0.5, 1.5, kind, key) for kind, weight in kinds.items()]
    found: dict[str, object] = dict(zip(kinds, share_out(total, weights), strict=True))
    found["fs_nombre_total_services"] = total
    if draw("survey", key) > 0.05:
        found["fs_satisfaction"] = round(between(84, 99, "satisfaction", key), 1)
    if draw("users known", key) > 0.08:
        found |= _users(one, round(total * between(0.5, 0.7, "users", key)))
    return found


def _users(one: Counter, users: int) -> dict[str, object]:
    """Users by sex and age, and the journeys they made: one each."""
    key = one.key
    women = share_out(users, [between(0.5, 0.62, "women", key), 0.44])
    ages = [weight * between(0.7, 1.3, age, key) for age, weight in AGES.items()]
    near, far = (2, 5) if one.commune.departement == "59" else (4, 12)
    mean = round(between(near, far, "mean", key), 1)
    journeys = share_out(users, [4 / mean, 1, mean / 7])
    return {
        "fs_sexe_femme": women[0],
        "fs_sexe_homme": women[1],
        **dict(zip(AGES, share_out(users, ages), strict=True)),
        "fs_distance_usagers_avg": mean,
        "fs_distance_usagers_min": round(between(0.1, 0.9, "shortest", key), 1),
        "fs_distance_usagers_max": round(mean * between(3, 7, "longest", key), 1),
        "fs_nbre_trajet_moins_5km": journeys[0],
        "fs_nbre_trajet_entre_5km_10km": journeys[1],
        "fs_nbre_trajet_plus_10km": journeys[2],
    }


def _place(row: Mapping[str, object]) -> tuple[float, float]:
    return float(str(row["latitude"])), float(str(row["longitude"]))


def _within(row: Mapping[str, object], others: Iterable[Mapping[str, object]]) -> int:
    here = _place(row)
    return sum(distance_km(*_place(one), here) <= NEIGHBOURHOOD_KM for one in others)


def mean_scores(listed: Sequence[Counter], territory: Territory) -> dict[str, float]:
    """By department, the mean score of the communes that have a counter."""
    scores: dict[str, dict[str, float]] = {}
    for one in listed:
        of_department = scores.setdefault(one.commune.departement, {})
        told = territory.statistics(one.commune)
        of_department[one.commune.code] = float(str(told["score_ifn"]))
    return {department: sum(of.values()) / len(of) for department, of in scores.items()}


def _of(name: str) -> str:
    """« de » before the name of a commune, as French says it."""
    for article, joined in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return joined + name[len(article) :]
    first = unicodedata.normalize("NFD", name)[0].lower()
    return f"d'{name}" if first in "aeiouyh" else f"de {name}"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.lower().replace("œ", "oe"))
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
