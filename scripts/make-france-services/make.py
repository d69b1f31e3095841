"""Make the France Services sample: the CSV files and schemas of datasets/france-services, and the
examples of the registry in schemas/, the outlines of the departments. Running it again writes the
same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import computed
import counters
import examples
import outlines
import places
import programme
import tours
from tables import Row, read_json, write_csv, write_json

from territory import Territory, against_department, bodies, districts

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = ROOT / "schemas"
DATASET = ROOT / "datasets" / "france-services"
DEPARTMENTS = ("05", "36", "59")

# Resource → schema of the registry, and the foreign keys that only make sense in the dataset.
RESOURCES = {
    "structures": "france-services-structures",
    "permanences": "france-services-permanences",
    "deploiement": "france-services-deploiement",
    "portage": "france-services-portage",
    "communes": "communes",
    "epci": "epci",
    "quartiers": "quartiers-prioritaires",
    "departements": "departements",
}
FOREIGN_KEYS = {
    "structures": (("insee_com", "communes", "code"), ("dep_insee", "departements", "code")),
    "permanences": (("id_fs", "structures", "id_fs"), ("insee_com", "communes", "code")),
    "communes": (("departement", "departements", "code"), ("epci", "epci", "code")),
    "quartiers": (("insee_com", "communes", "code"),),
}


def main() -> int:
    for needed in (places.DIVISIONS, places.TOWNS, places.POSTCODES, outlines.STATES):
        if not needed.exists():
            print(f"missing: {needed}\nsee the README beside this script", file=sys.stderr)
            return 2
    for resource, rows in sample().items():
        schema = read_json(REGISTRY / RESOURCES[resource] / "schema.json")
        write_dataset(resource, schema, rows)
        write_examples(RESOURCES[resource], schema, rows)
        print(f"{resource}: {len(rows)} rows")
    departments = {str(row["code"]): str(row["nom"]) for row in places.departments()}
    drawn = outlines.write(DATASET / "outlines" / "departements.geojson", departments)
    print(f"outlines: {drawn} departments")
    return 0


def sample() -> dict[str, Sequence[Row]]:
    everywhere = places.communes()
    communes = [one for one in everywhere if one.departement in DEPARTMENTS]
    listed = counters.counters(communes)
    territory = Territory(everywhere, communes)
    quarters = districts(communes)
    structures = counters.rows(listed, territory, quarters)
    means = counters.mean_scores(listed, territory)
    keys = {one.key: str(row["id_fs"]) for one, row in zip(listed, structures, strict=True)}
    return {
        "structures": structures,
        "permanences": tours.rows(listed, keys, communes),
        "deploiement": programme.deployment(),
        "portage": programme.holders(),
        "communes": [
            {
                **one.row(),
                **(told := territory.statistics(one)),
                "ifn_categ_departement": against_department(
                    float(str(told["score_ifn"])), means[one.departement]
                ),
            }
            for one in communes
        ],
        "epci": bodies(communes),
        "quartiers": quarters,
        "departements": places.departments(),
    }


def names(schema: dict[str, Any]) -> list[str]:
    return [field["name"] for field in schema["fields"]]


def write_dataset(resource: str, schema: dict[str, Any], rows: Sequence[Row]) -> None:
    """The CSV, and the registry's schema with the foreign keys and computed fields of the dataset.

    `resources` names the examples of the registry, which the dataset does not have. What the
    dataset computes is in no file.
    """
    own = {name: value for name, value in schema.items() if name != "resources"}
    own = computed.computing(resource, own)
    stored = [name for name in names(schema) if name not in computed.names(own)]
    kept = ({name: row.get(name) for name in stored} for row in rows)
    write_csv(DATASET / f"{resource}.csv", stored, kept)
    if resource in FOREIGN_KEYS:
        own["foreignKeys"] = [
            {"fields": [field], "reference": {"resource": other, "fields": [target]}}
            for field, other, target in FOREIGN_KEYS[resource]
        ]
    write_json(DATASET / "schemas" / f"{resource}.json", own)


def write_examples(name: str, schema: dict[str, Any], rows: Sequence[Row]) -> None:
    fields = names(schema)
    key = schema["primaryKey"][0]
    write_csv(REGISTRY / name / "valid.csv", fields, examples.valid(rows))
    write_csv(REGISTRY / name / "invalid.csv", fields, examples.invalid(name, key, rows))


if __name__ == "__main__":
    sys.exit(main())
