"""A small made-up territory: departments, communes, counters and stops, with indicators.

Three departments of ten communes each, far from each other; three bodies of communes; twelve
counters and five stops of a bus. All names and figures are invented. What tests may rely on:

- communes of a department stand in two rows of five, about 12 km apart; the last commune of
  department 59 has no position, the first one of department 36 no population;
- every counter stands in a commune, at its position, but for `12`, which has no position;
- `structures.nbre_fs_rayon_30km` is stored with a wrong figure and computed by the indicator
  `fs_30km`; `structures.population_commune` is not in the file and computed by an indicator.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

DEPARTMENTS = (
    ("05", "Hauts-Cols", 44.50, 6.00),
    ("36", "Plaine-Basse", 46.80, 1.60),
    ("59", "Pays-Levant", 50.30, 3.10),
)
"""Code, name, and the position of the first commune."""
EPCI = (
    ("200000001", "CC des Hauts Cols"),
    ("200000002", "CC de la Plaine Basse"),
    ("200000003", "CC du Levant"),
)
NAMES: tuple[str, ...] = ("Valbrune", "Morteroche", "Sauvagnac", "Clairfont", "Belombre")
NAMES += ("Terrefeu", "Orgevent", "Pierrelune", "Bois-Doré", "Hautecombe")
STEP = (0.11, 0.15)
"""Degrees of latitude and longitude between two neighbours: about 12 km each."""
COUNTERS = (
    ("1", "05001", "labellisée", "0465710001", "5200"),
    ("2", "05003", "labellisée", "0465710002", "1800"),
    ("3", "05005", "labellisée", "", "950"),
    ("4", "05007", "candidature", "0465710004", ""),
    ("5", "05009", "labellisée", "0465710005", "2300"),
    ("6", "36001", "labellisée", "0465710006", "3100"),
    ("7", "36004", "labellisée", "", "1200"),
    ("8", "36006", "suspendue", "0465710008", "400"),
    ("9", "36010", "labellisée", "0465710009", "760"),
    ("10", "59001", "labellisée", "0465710010", "8100"),
    ("11", "59003", "labellisée", "0465710011", "6400"),
    ("12", "59010", "labellisée", "0465710012", "150"),
)
"""Identifier, commune, state of the label, telephone, requests."""
STOPS = (
    ("P1", "5", "Place du marché", "05010", "mardi", "toutes", "", "Tu 09:00-12:30", "", ""),
    ("P2", "5", "Salle des fêtes", "05008", "jeudi", "paire", "", "Th 14:00-17:00", "", ""),
    ("P3", "9", "Mairie", "36008", "lundi", "toutes", "", "Mo 09:00-12:00,13:30-17:30", "", ""),
    ("P4", "9", "École", "36003", "", "", "2026-09-15;2026-10-13", "10:00-12:00", "", ""),
    ("P5", "11", "Parking", "59006", "vendredi", "impaire", "", "Fr 09:00-12:00", "2026-01-01", ""),
)
"""Identifier, counter, place, commune, weekday, weeks, dates, hours, from, until."""


def field(name: str, kind: str = "string", **others: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **others}


def both(french: str, english: str) -> dict[str, str]:
    return {"fr": french, "en": english}


SCHEMAS: dict[str, dict[str, Any]] = {
    "departements": {
        "fields": [field("code"), field("nom"), field("population", "integer")],
        "primaryKey": "code",
    },
    "epci": {"fields": [field("code"), field("nom")], "primaryKey": "code"},
    "communes": {
        "fields": [
            field("code"),
            field("nom"),
            field("departement"),
            field("epci"),
            field("population", "integer"),
            field("latitude", "number"),
            field("longitude", "number"),
        ],
        "primaryKey": "code",
    },
    "structures": {
        "fields": [
            field("id_fs", constraints={"required": True}),
            field("lib_fs", title="Nom", constraints={"required": True, "minLength": 3}),
            field(
                "statut",
                title="Statut du label",
                constraints={"enum": ["candidature", "labellisée", "suspendue"]},
            ),
            field("insee_com", title="Commune", constraints={"pattern": "[0-9]{5}"}),
            field("departement", title="Département"),
            field("telephone", title="Téléphone"),
            field("referent", title="Référent", retouche={"personal": True}),
            field("demandes", "integer", title="Demandes", constraints={"minimum": 0}),
            field("latitude", "number", title="Latitude"),
            field("longitude", "number", title="Longitude"),
            field(
                "nbre_fs_rayon_30km",
                "integer",
                title="France services à moins de 30 km",
                retouche={"derived": {"indicator": "fs_30km"}},
            ),
            field(
                "population_commune",
                "integer",
                title="Habitants de la commune",
                retouche={"derived": {"indicator": "population_commune"}},
            ),
        ],
        "primaryKey": "id_fs",
    },
    "permanences": {
        "fields": [
            field("id_permanence", constraints={"required": True}),
            field("id_fs"),
            field("lieu"),
            field("insee_com"),
            field("latitude", "number"),
            field("longitude", "number"),
            field("jour"),
            field("semaine"),
            field("dates"),
            field("horaires"),
            field("du", "date"),
            field("au", "date"),
        ],
        "primaryKey": "id_permanence",
        "foreignKeys": [
            {"fields": "id_fs", "reference": {"resource": "structures", "fields": "id_fs"}}
        ],
    },
}
LABELLED = {"field": "statut", "in": ["labellisée"]}
INDICATORS: dict[str, dict[str, Any]] = {
    "fs_30km": {
        "type": "count_within",
        "resource": "structures",
        "of": "structures",
        "radius": 30,
        "title": both("France services à moins de 30 km", "Counters within 30 km"),
        "unit": both("France services", "counters"),
        "better": "more",
    },
    "habitants_30km": {
        "type": "sum_within",
        "resource": "structures",
        "of": "communes",
        "field": "population",
        "radius": 30,
        "title": both("Habitants à moins de 30 km", "Inhabitants within 30 km"),
        "unit": both("habitants", "inhabitants"),
        "impact": False,
    },
    "population_commune": {
        "type": "join",
        "resource": "structures",
        "by": "insee_com",
        "of": "communes",
        "field": "population",
        "title": both("Habitants de la commune", "Inhabitants of the commune"),
        "impact": False,
    },
    "nom_commune": {
        "type": "join",
        "resource": "structures",
        "by": "insee_com",
        "of": "communes",
        "field": "nom",
        "title": both("Nom de la commune", "Name of the commune"),
        "impact": False,
    },
    "fiche_remplie": {
        "type": "availability",
        "resource": "structures",
        "fields": ["telephone", "demandes", "latitude", "longitude"],
        "title": both("Part de la fiche remplie", "Share of the card that is filled"),
        "digits": 2,
        "better": "more",
        "impact": False,
    },
    "offre_30km": {
        "type": "count_within",
        "resource": "communes",
        "of": [
            {"resource": "structures", "where": [LABELLED]},
            {"resource": "permanences", "weight": "calendar"},
        ],
        "radius": 30,
        "digits": 2,
        "weight": "population",
        "title": both("Offre à moins de 30 km", "Supply within 30 km"),
        "unit": both("France services à plein temps", "full-time counters"),
        "better": "more",
    },
    "distance_fs": {
        "type": "nearest_distance",
        "resource": "communes",
        "of": [{"resource": "structures", "where": [LABELLED]}],
        "digits": 1,
        "weight": "population",
        "bands": [10, 20, 30],
        "title": both("Distance à la France services la plus proche", "Distance to a counter"),
        "unit": both("km", "km"),
        "better": "less",
    },
    "population_departement": {
        "type": "join",
        "resource": "departements",
        "by": "code",
        "of": "communes",
        "on": "departement",
        "field": "population",
        "operation": "sum",
        "title": both("Habitants des communes", "Inhabitants of the communes"),
        "impact": False,
    },
    "fs_departement": {
        "type": "join",
        "resource": "departements",
        "by": "code",
        "of": "structures",
        "on": "departement",
        "field": "id_fs",
        "operation": "count",
        "title": both("France services du département", "Counters of the department"),
        "better": "more",
    },
    "fs_pour_10000": {
        "type": "ratio",
        "resource": "departements",
        "numerator": "fs_departement",
        "denominator": "population_departement",
        "per": 10_000,
        "digits": 2,
        "title": both("France services pour 10 000 habitants", "Counters per 10,000 inhabitants"),
        "better": "more",
    },
    **{
        f"acces_{radius}km": {
            "type": "group_share",
            "resource": "departements",
            "of": "communes",
            "by": "departement",
            "where": {"field": "distance_fs", "at_most": radius},
            "weight": "population",
            "digits": 3,
            "title": both(
                f"Part des habitants à moins de {radius} km",
                f"Share of inhabitants within {radius} km",
            ),
            "better": "more",
        }
        for radius in (10, 20, 30)
    },
}
TERRITORIES = [
    {
        "name": "departement",
        "title": both("Département", "Department"),
        "resource": "departements",
        "members": {"communes": "departement", "structures": "departement"},
    },
    {
        "name": "epci",
        "title": both("Intercommunalité", "Body of communes"),
        "resource": "epci",
        "members": {"communes": "epci"},
    },
    {
        "name": "commune",
        "title": both("Commune", "Commune"),
        "resource": "communes",
        "members": {"structures": "insee_com", "permanences": "insee_com"},
    },
]
REASONS = [
    {
        "code": "telephone_inconnu",
        "kind": "not_verified",
        "label": both("Téléphone non vérifié", "Telephone not verified"),
        "message": both(
            "Nous n'avons pas pu joindre ce numéro.", "We could not reach this number."
        ),
    },
    {"code": "deja_signale", "kind": "duplicate", "label": both("Déjà signalé", "Known already")},
]
WIDGETS: dict[str, dict[str, Any]] = {
    "carte": {
        "title": both("Carte des France services", "Map of the counters"),
        "resource": "structures",
        "views": [
            {
                "type": "map",
                "layers": [
                    {
                        "name": "points",
                        "type": "points",
                        "color_by": "statut",
                        "popup": {"title": "{lib_fs}", "fields": ["telephone"]},
                    }
                ],
            },
            {"type": "table", "columns": ["id_fs", "lib_fs", "statut", "telephone"]},
        ],
        "contribute": True,
    }
}


def communes() -> list[tuple[str, ...]]:
    """Code, name, department, body, population, latitude and longitude of each commune."""
    rows: list[tuple[str, ...]] = []
    for at, (code, _, south, west) in enumerate(DEPARTMENTS):
        for number, name in enumerate(NAMES, 1):
            up, across = divmod(number - 1, 5)
            place = (f"{south + up * STEP[0]:.4f}", f"{west + across * STEP[1]:.4f}")
            people = str(400 * number + 150 * at)
            if (code, number) == ("59", 10):
                place = ("", "")
            if (code, number) == ("36", 1):
                people = ""
            insee = f"{code}{number:03}"
            rows.append((insee, f"{name}-{code}", code, EPCI[at][0], people, *place))
    return rows


def tables() -> dict[str, list[tuple[str, ...]]]:
    """The rows of every resource, the header first."""
    names = {
        name: tuple(one["name"] for one in schema["fields"]) for name, schema in SCHEMAS.items()
    }
    known = {one[0]: one for one in communes()}
    people = {
        code: str(sum(int(one[4] or 0) for one in known.values() if one[2] == code))
        for code, *_ in DEPARTMENTS
    }
    counters = []
    for key, commune, state, telephone, requests in COUNTERS:
        _, town, department, _, _, latitude, longitude = known[commune]
        name = f"France services de {town}"
        place = (latitude, longitude)
        mail = f"referent{key}@fs.example"
        row = (key, name, state, commune, department, telephone, mail, requests, *place, "99")
        counters.append(row)
    stops = [
        (key, counter, place, commune, *known[commune][5:7], *when)
        for key, counter, place, commune, *when in STOPS
    ]
    return {
        "departements": [names["departements"], *((c, n, people[c]) for c, n, _, _ in DEPARTMENTS)],
        "epci": [names["epci"], *EPCI],
        "communes": [names["communes"], *known.values()],
        "structures": [names["structures"][:-1], *counters],
        "permanences": [names["permanences"], *stops],
    }


def write_territory(folder: Path) -> Path:
    """Write the data package; gives its folder."""
    (folder / "widgets").mkdir(parents=True, exist_ok=True)
    for name, rows in tables().items():
        (folder / f"{name}.csv").write_text(csv_of(rows), encoding="utf-8", newline="")
    for name, widget in WIDGETS.items():
        (folder / "widgets" / f"{name}.json").write_text(json.dumps(widget, ensure_ascii=False))
    (folder / "datapackage.json").write_text(json.dumps(descriptor(), ensure_ascii=False))
    return folder


def descriptor() -> dict[str, Any]:
    """The `datapackage.json`."""
    labels = {"structures": "{lib_fs}", "permanences": "{lieu}"}
    return {
        "name": "territoire",
        "title": "Territoire inventé",
        "licenses": [{"name": "etalab-2.0", "path": "https://www.etalab.gouv.fr/licence-ouverte"}],
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "encoding": "utf-8",
                "schema": schema,
                "retouche": {
                    "editable": name in labels,
                    "label": labels.get(name, "{nom}"),
                },
            }
            for name, schema in SCHEMAS.items()
        ],
        "retouche": {
            "locales": ["fr", "en"],
            "title": both("Territoire inventé", "Made-up territory"),
            "indicators": INDICATORS,
            "territories": TERRITORIES,
            "reasons": REASONS,
        },
    }


def csv_of(rows: Iterable[Sequence[str]]) -> str:
    """Rows as a file; only cells with a comma or a quote are quoted."""
    return "".join(",".join(map(_quoted, row)) + "\n" for row in rows)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text
