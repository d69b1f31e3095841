"""The columns that the dataset leaves to its indicators: none of them is in a file.

The registry's schemas describe columns whoever writes them; the dataset's own copies say here which
indicator computes which, and have a few columns more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Field = dict[str, Any]

_THEMES = (
    "actions_sociales",
    "citoyennete",
    "jeunesse_et_famille",
    "developpement_economique",
    "emploi_formation_et_education",
    "logement_environnement_mobilite",
    "protection_civile",
    "sante",
)
INDICATORS: Mapping[str, Mapping[str, str]] = {
    "structures": {
        **{
            name: name
            for name in (
                *("lib_com", "dep_lib", "typo_territoire", "com_population", "com_densite"),
                *("com_densite_categ", "com_zrr", "com_score_ifn", "com_ifn_categ", "ifn_categ"),
                *("com_pauvrete", "com_chomage", "com_65etplus", "nbre_qpv_rayon_30km"),
                *("nbre_fs_rayon_30km", "nbre_asso_rayon_30km", "asso_thematique_principale"),
                "terr_thematique_asso_principale",
            )
        },
        **{f"asso_theme_{theme}": f"asso_theme_{theme}" for theme in _THEMES},
    }
}
"""Resource → column of the registry's schema → the indicator that computes it."""


def computing(resource: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a resource of the dataset: its computed columns, and no rule on what they hold.

    `fieldsMatch` tells other tools that files may lack columns of the schema.
    """
    indicators = INDICATORS.get(resource, {})
    added = _ADDED.get(resource, ())
    if not indicators and not added:
        return dict(schema)
    fields = [_computing(one, indicators.get(one["name"])) for one in schema["fields"]]
    made = {**schema, "fieldsMatch": "superset", "fields": [*fields, *added]}
    checks = [
        one
        for one in schema.get("custom_checks", ())
        if not {*names(made)} & {*_texts(one["params"])}
    ]
    return {**made, "custom_checks": checks} if checks else made


def names(schema: Mapping[str, Any]) -> list[str]:
    """The columns that an indicator computes."""
    return [
        one["name"]
        for one in schema["fields"]
        if isinstance(one.get("retouche", {}).get("derived"), Mapping)
    ]


def _computing(field: Field, indicator: str | None) -> Field:
    if indicator is None:
        return field
    ours = {name: told for name, told in field["retouche"].items() if name != "locked"}
    return {**field, "retouche": {**ours, "derived": {"indicator": indicator}}}


def _texts(params: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for value in params.values():
        found += value if isinstance(value, list) else [str(value)]
    return found


def _added(
    name: str,
    indicator: str,
    *,
    kind: str = "number",
    label: tuple[str, str],
    help_: tuple[str, str],
    display: Mapping[str, Any],
    group: str = "territory",
) -> Field:
    return {
        "name": name,
        "title": label[0],
        "description": help_[0],
        "type": kind,
        "retouche": {
            "label": {"fr": label[0], "en": label[1]},
            "help": {"fr": help_[0], "en": help_[1]},
            "group": group,
            "display": dict(display),
            "derived": {"indicator": indicator},
        },
    }


def _number(digits: int, fr: str, en: str) -> dict[str, Any]:
    return {"as": "number", "digits": digits, "unit": {"fr": fr, "en": en}}


_SUPPLY = (
    "France services labellisées, et passages des bus comptés pour leur part d'une semaine de"
    " 35 heures"
)
_SUPPLY_EN = "Labelled counters, and stops of buses for their share of a week of 35 hours"


def _supply(level: str, where: tuple[str, str]) -> list[Field]:
    """Supply, supply per inhabitant and tension of a territory."""
    return [
        _added(
            "offre",
            f"offre_{level}",
            label=("Offre à temps plein", "Full-time supply"),
            help_=(f"{_SUPPLY}, {where[0]}.", f"{_SUPPLY_EN}, {where[1]}."),
            display=_number(2, "ETP", "FTE"),
        ),
        _added(
            "offre_pour_10000",
            f"offre_pour_10000_{level}",
            label=("Offre pour 10 000 habitants", "Supply per 10,000 inhabitants"),
            help_=(
                f"{_SUPPLY}, pour 10 000 habitants, {where[0]}.",
                f"{_SUPPLY_EN}, per 10,000 inhabitants, {where[1]}.",
            ),
            display={"as": "number", "digits": 2},
        ),
        _added(
            "tension",
            f"tension_{level}",
            label=("Tension", "Tension"),
            help_=(
                f"Habitants pour une France services à plein temps, {where[0]} : plus il y en a,"
                " plus l'offre est tendue. Vide sans offre.",
                f"Inhabitants per full-time counter, {where[1]}: the more there are, the tenser"
                " the supply. Empty without supply.",
            ),
            display=_number(0, "hab.", "inhab."),
        ),
    ]


def _access(level: str) -> list[Field]:
    return [
        _added(
            f"acces_{radius}km",
            f"acces_{radius}km_{level}",
            label=(f"Habitants à moins de {radius} km", f"Inhabitants within {radius} km"),
            help_=(
                "Part des habitants dont la commune est à cette distance ou moins d'une France"
                " services labellisée.",
                "Share of the inhabitants whose commune is at this distance or less from a"
                " labelled counter.",
            ),
            display={"as": "percent", "digits": 1},
        )
        for radius in (10, 20, 30)
    ]


_ADDED: Mapping[str, Sequence[Field]] = {
    "structures": [
        _added(
            "fiche_remplie",
            "fiche_remplie",
            label=("Fiche remplie", "Card filled"),
            help_=(
                "Part des champs de contact, d'horaires et d'activité qui sont remplis.",
                "Share of the fields of contact, hours and activity that are filled.",
            ),
            display={"as": "percent", "digits": 0},
            group="identity",
        )
    ],
    "communes": [
        _added(
            "distance_fs",
            "distance_fs",
            label=("Distance à une France services", "Distance to a counter"),
            help_=(
                "Distance à vol d'oiseau du bourg à la France services labellisée la plus proche.",
                "Distance as the crow flies from the town to the nearest labelled counter.",
            ),
            display=_number(1, "km", "km"),
        ),
        _added(
            "habitants_20km",
            "habitants_20km",
            kind="integer",
            label=("Habitants à moins de 20 km", "Inhabitants within 20 km"),
            help_=(
                "Habitants des communes dont le bourg est à 20 km ou moins.",
                "Inhabitants of the communes whose town is at 20 km or less.",
            ),
            display=_number(0, "habitants", "inhabitants"),
        ),
        *_supply("20km", ("à 20 km ou moins du bourg", "at 20 km or less from the town")),
    ],
    "epci": [
        _added(
            "population",
            "population_epci",
            kind="integer",
            label=("Population", "Population"),
            help_=(
                "Habitants de ses communes de l'échantillon.",
                "Inhabitants of its communes in the sample.",
            ),
            display=_number(0, "habitants", "inhabitants"),
        ),
        *_supply("epci", ("dans ses communes", "in its communes")),
        *_access("epci"),
    ],
    "departements": [
        *_supply("departement", ("dans ses communes", "in its communes")),
        *_access("departement"),
    ],
}
