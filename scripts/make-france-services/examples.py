"""The pair of examples of each schema of the registry: a valid file, and one fault per line.

The valid file holds the first rows of the sample. In the invalid one, each row is a valid row with
the cells below replaced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tables import Row

VALID_ROWS = 4

Faults = Sequence[Mapping[str, str | None]]

FAULTS: Mapping[str, Faults] = {
    "france-services-structures": (
        {"id_fs": None},
        {"lib_fs": None},
        {"statut_label": "ouverte"},
        {"fs_itinerante": "parfois"},
        {"nb_agents": "1"},
        {"fs_telephone": "04 65 71"},
        {"fs_telephone": None, "fs_mail": None},
        {"fs_mail": "contact chez exemple"},
        {"fs_h_lundi": "de 9h à 12h"},
        {"latitude": "94.5"},
        {"insee_com": "5065"},
        {"com_zrr": "peut-être"},
        {"fs_satisfaction": "104.2"},
        {"fs_nombre_total_services": "1"},
        {"fs_sexe_homme": None},
        {"fs_distance_usagers_min": "80"},
        {"asso_thematique_principale": "divers"},
    ),
    "france-services-permanences": (
        {"id_permanence": "1"},
        {"id_fs": None},
        {"jour": "dimanche"},
        {"semaine": "une sur deux"},
        {"jour": None, "semaine": None},
        {"horaires": "le mardi matin"},
        {"dates": "13/01/2027"},
        {"du": "01/09/2026"},
        {"au": "2025-08-31"},
    ),
    "france-services-deploiement": (
        {"id": "Juin 2020"},
        {"date": "juin 2020"},
        {"nature": "projection"},
        {"nombre": "-3"},
        {"part_rural": "180"},
        {"source": None},
    ),
    "france-services-portage": (
        {"porteur": "Entreprise"},
        {"nombre": None},
        {"nombre": "quarante"},
        {"date": "2020-13-01"},
    ),
    "communes": (
        {"code": "5065"},
        {"nom": None},
        {"departement": "5"},
        {"code_postal": "5600"},
        {"codes_postaux": "05600, 05601"},
        {"population": "-1"},
        {"longitude": None},
        {"epci": "200067453"},
        {"zrr": "peut-être"},
        {"asso_nombre": "0"},
    ),
    "epci": (
        {"code": "20006745"},
        {"nom": None},
        {"longitude": None},
        {"code": "200067453"},
    ),
    "quartiers-prioritaires": (
        {"code": "quartier 1"},
        {"nom": None},
        {"insee_com": "5061"},
        {"latitude": "94.5"},
        {"longitude": None},
    ),
    "departements": (
        {"code": "5"},
        {"nom": None},
        {"region": "PACA"},
        {"population": "beaucoup"},
    ),
}


def valid(rows: Sequence[Row]) -> list[Row]:
    return list(rows[:VALID_ROWS])


def invalid(schema: str, key: str, rows: Sequence[Row]) -> list[Row]:
    """One row for each fault, then a row that repeats a key."""
    made: list[Row] = []
    for number, fault in enumerate(FAULTS[schema]):
        # A short table starts again: then keys come twice, which is a fault too.
        made.append({**rows[number % len(rows)], **fault})
    keys = {row[key] for row in made}
    repeated = next(row for row in rows if row[key] in keys)
    return [*made, repeated]
