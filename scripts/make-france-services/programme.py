"""The published figures of the programme: its deployment, its aims, who runs the first counters.

These are not invented. The holders add up to 458 where 460 is announced: the figures stay as they
were published, and a check of the dataset says so.
"""

from __future__ import annotations

from tables import Row

SOURCE = "Description publique du programme France services"


def deployment() -> list[Row]:
    return [
        {
            "id": "2020-01",
            "date": "2020-01-01",
            "precision_date": "jour",
            "nature": "constat",
            "libelle": "460 premières France services labellisées",
            "nombre": 460,
            "objectif": 2000,
            "source": SOURCE,
        },
        {
            "id": "2020-06",
            "date": "2020-06-30",
            "precision_date": "jour",
            "nature": "constat",
            "libelle": "534 France services labellisées",
            "nombre": 534,
            "objectif": 2000,
            "part_rural": 80,
            "part_zrr": 50,
            "source": SOURCE,
            "commentaire": "30 bus dans les quartiers prioritaires à l'été 2020.",
        },
        {
            "id": "2020-09",
            "date": "2020-09-01",
            "precision_date": "mois",
            "nature": "constat",
            "libelle": "856 France services labellisées",
            "nombre": 856,
            "objectif": 2000,
            "source": SOURCE,
        },
        {
            "id": "2022-01-objectif",
            "date": "2022-01-01",
            "precision_date": "année",
            "nature": "objectif",
            "libelle": "Objectif : au moins 2 000 en 2022",
            "nombre": 2000,
            "source": SOURCE,
        },
        {
            "id": "2022-09",
            "date": "2022-09-01",
            "precision_date": "estimée",
            "nature": "constat",
            "libelle": "2 379 France services labellisées",
            "nombre": 2379,
            "objectif": 2500,
            "source": SOURCE,
            "commentaire": "La source ne donne pas de date : elle est estimée.",
        },
        {
            "id": "2022-12-objectif",
            "date": "2022-12-31",
            "precision_date": "année",
            "nature": "objectif",
            "libelle": "Objectif : une par canton soit environ 2 500 en 2022",
            "nombre": 2500,
            "source": SOURCE,
        },
    ]


def holders() -> list[Row]:
    figures = (
        ("État", "sous-préfectures", 4),
        ("Association", None, 53),
        ("La Poste", None, 40),
        ("Mutualité sociale agricole", None, 30),
        ("Collectivité territoriale", None, 331),
    )
    return [
        {
            "porteur": holder,
            "precision": detail,
            "date": "2020-01-01",
            "nombre": number,
            "source": SOURCE,
        }
        for holder, detail, number in figures
    ]
