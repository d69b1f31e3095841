"""Readable French labels for column names."""

from __future__ import annotations

import pytest

from retouche.core.guessing.headings import title, titles


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("insee_com", "Code INSEE de la commune"),
        ("code_postal", "Code postal"),
        ("insee_dep", "Code du département"),
        ("lib_com", "Commune"),
        ("h_lundi", "Horaires du lundi"),
        ("prise_rdv", "Prise de rendez-vous"),
        ("nb_agents", "Nombre d’agents"),
        ("nbre_places", "Nombre de places"),
        ("prenom", "Prénom"),
        ("telephone", "Téléphone"),
        ("TELEPHONE", "Téléphone"),
        ("date_maj", "Date de mise à jour"),
        ("Xlong", "Longitude"),
        ("codesPostaux", "Codes postaux"),
        ("mail", "Adresse e-mail"),
        ("siret", "Numéro SIRET"),
        ("type_structure", "Type de la structure"),
        ("nom_structure", "Nom de la structure"),
        ("complement_adresse", "Complément d’adresse"),
        ("Nom de la commune", "Nom de la commune"),
        ("Région", "Région"),
        ("zzz_yyy", "Zzz yyy"),
        ("___", "___"),
    ],
)
def test_column_name_becomes_a_readable_label(name: str, label: str) -> None:
    assert title(name) == label


def test_word_for_the_rows_themselves_is_left_out() -> None:
    assert titles(["id_fs", "lib_fs", "type_fs"], entity="fs") == [
        "Identifiant",
        "Libellé",
        "Type",
    ]


def test_word_for_the_rows_stays_where_two_labels_would_be_the_same() -> None:
    assert titles(["id_fs", "type_fs", "type"], entity="fs") == ["Identifiant", "Type FS", "Type"]
