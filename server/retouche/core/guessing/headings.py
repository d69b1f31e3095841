"""Readable French labels for the column names of open data: `code_postal` → “Code postal”.

Words alone: nothing here looks at the cells.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

WHOLE = {
    "ad": "Adresse",
    "adr": "Adresse",
    "adresse_mail": "Adresse e-mail",
    "ape": "Code APE",
    "asso": "Association",
    "code_commune": "Code INSEE de la commune",
    "code_com": "Code INSEE de la commune",
    "code_dep": "Code du département",
    "code_dpt": "Code du département",
    "code_reg": "Code de la région",
    "codes_postaux": "Codes postaux",
    "com": "Commune",
    "comm": "Commentaire",
    "complement_adresse": "Complément d’adresse",
    "adresse_cplmt": "Complément d’adresse",
    "adresse_complement": "Complément d’adresse",
    "complement_d_adresse": "Complément d’adresse",
    "coordonneesxy": "Coordonnées",
    "courriel": "Adresse e-mail",
    "cp": "Code postal",
    "dep": "Département",
    "email": "Adresse e-mail",
    "e_mail": "Adresse e-mail",
    "id": "Identifiant",
    "insee": "Code INSEE",
    "insee_com": "Code INSEE de la commune",
    "insee_dep": "Code du département",
    "insee_reg": "Code de la région",
    "lat": "Latitude",
    "lng": "Longitude",
    "lon": "Longitude",
    "long": "Longitude",
    "mail": "Adresse e-mail",
    "date_mise_en_service": "Date de mise en service",
    "maj": "Mise à jour",
    "naf": "Code NAF",
    "prise_rdv": "Prise de rendez-vous",
    "rdv": "Rendez-vous",
    "reg": "Région",
    "rna": "Numéro RNA",
    "siren": "Numéro SIREN",
    "siret": "Numéro SIRET",
    "tel": "Téléphone",
    "url": "Adresse web",
    "web": "Site web",
    "xlong": "Longitude",
    "ylat": "Latitude",
}

HEADS = {
    "adr": "Adresse",
    "ad": "Adresse",
    "adresse": "Adresse",
    "categorie": "Catégorie",
    "code": "Code",
    "date": "Date",
    "h": "Horaires",
    "heure": "Heure",
    "horaire": "Horaires",
    "horaires": "Horaires",
    "id": "Identifiant",
    "ident": "Identifiant",
    "identifiant": "Identifiant",
    "insee": "Code INSEE",
    "lib": "Libellé",
    "libelle": "Libellé",
    "mail": "E-mail",
    "nature": "Nature",
    "nb": "Nombre",
    "nbr": "Nombre",
    "nbre": "Nombre",
    "nombre": "Nombre",
    "nom": "Nom",
    "num": "Numéro",
    "numero": "Numéro",
    "siren": "Numéro SIREN",
    "siret": "Numéro SIRET",
    "statut": "Statut",
    "tel": "Téléphone",
    "telephone": "Téléphone",
    "type": "Type",
}

# Article and noun, as they follow a head: “Code du département”, “Horaires du lundi”.
COMPLEMENTS = {
    "amenageur": "de l’aménageur",
    "arrondissement": "de l’arrondissement",
    "association": "de l’association",
    "canton": "du canton",
    "com": "de la commune",
    "commune": "de la commune",
    "contact": "du contact",
    "creation": "de création",
    "debut": "de début",
    "dep": "du département",
    "departement": "du département",
    "dimanche": "du dimanche",
    "dpt": "du département",
    "ecole": "de l’école",
    "enseigne": "de l’enseigne",
    "epci": "de l’EPCI",
    "equipement": "de l’équipement",
    "etablissement": "de l’établissement",
    "fermeture": "de fermeture",
    "fin": "de fin",
    "insee": "INSEE",
    "jeudi": "du jeudi",
    "lieu": "du lieu",
    "local": "local",
    "lundi": "du lundi",
    "maj": "de mise à jour",
    "mardi": "du mardi",
    "mercredi": "du mercredi",
    "naissance": "de naissance",
    "operateur": "de l’opérateur",
    "ouverture": "d’ouverture",
    "postal": "postal",
    "postaux": "postaux",
    "reg": "de la région",
    "region": "de la région",
    "samedi": "du samedi",
    "service": "du service",
    "site": "du site",
    "siren": "SIREN",
    "siret": "SIRET",
    "station": "de la station",
    "structure": "de la structure",
    "vendredi": "du vendredi",
    "voie": "de la voie",
}

_ACRONYMS = (
    "ars caf carsat ccas cnam cnav dgfip epci ept fs ifn insee iris msa naf pmi pmr qpv rna rsa "
    "siren siret sms sncf uai url zrr"
)
ACRONYMS = frozenset(_ACRONYMS.split())

_ACCENTED_WORDS = (
    "accès accessibilité activité âge agréé aménageur année associé bâtiment bénévole capacité "
    "catégorie civilité clé clôture communauté compétence complément conformité coordonnées "
    "création décès dénomination densité département début délai démarche dépôt désignation "
    "détail difficulté durée échéance école économique élève électrique électronique résident élu "
    "employés énergie enquête entité équipement établissement étage état étude événement "
    "fermé fréquence géographique généré handicapés hébergement hôpital identité "
    "immatriculation indemnité intercommunalité intérêt intitulé itinérance libellé "
    "labellisé labellisée légal lumière maître marché matériel matière médiathèque médiation "
    "ménage métier métropole modalité musée nationalité nécessaire numéro "
    "numérique opérateur pauvreté payé période pièce préfecture précision prénom "
    "présence présentation président priorité procédure propriétaire propriété publié qualité "
    "réalisé réception réf référence référent région régime règlement réseau réservation "
    "résidence résumé santé scolarisés sécurité sélection sexe siège société spécialité "
    "spécifique succès supérieur sûreté théâtre thématique thème titulaire trésorerie unité "
    "validé validité véhicule vélo"
)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


ACCENTED = {
    _plain(word) + plural: word + plural for word in _ACCENTED_WORDS.split() for plural in ("", "s")
} | {
    "pdc": "points de charge",
    "pl": "places",
    "cplmt": "complément",
    "dep": "département",
    "lib": "libellé",
    "nbre": "nombre",
    "nb": "nombre",
    "nbr": "nombre",
    "num": "numéro",
    "tel": "téléphone",
    "telephone": "téléphone",
    "tx": "taux",
    "pop": "population",
    "rdv": "rendez-vous",
    "com": "commune",
    "reg": "région",
    "maj": "mise à jour",
}


def words(name: str) -> list[str]:
    """The words of a column name, without accents and case: `codesPostaux` → codes, postaux."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", " ", _plain(name))
    return re.findall(r"[a-z0-9]+", spaced.lower())


def titles(names: Sequence[str], *, entity: str | None = None) -> list[str]:
    """A label per column. `entity` is the word that names the rows themselves (`fs` of `id_fs`).

    It is left out where that leaves no two columns with one label: `type_fs` → “Type”.
    """
    short = [title(name, entity=entity) for name in names]
    seen = Counter(short)
    return [
        brief if seen[brief] == 1 else title(name) for name, brief in zip(names, short, strict=True)
    ]


def title(name: str, *, entity: str | None = None) -> str:
    """The label of one column; a name that already reads as words is kept as it is."""
    if re.search(r"\s", name.strip()):
        return name.strip()
    found = words(name)
    if entity and len(found) > 1 and entity in (found[0], found[-1]):
        found = found[:-1] if found[-1] == entity else found[1:]
    if not found:
        return name
    whole = WHOLE.get("_".join(found))
    if whole:
        return whole
    text = _with_complement(found) or _spelled(found, name)
    return text[:1].upper() + text[1:]


def _with_complement(found: list[str]) -> str | None:
    head, rest = found[0], found[1:]
    if not rest or head not in HEADS:
        return None
    if head == "lib" and len(rest) == 1 and rest[0] in COMPLEMENTS:
        # “Libellé de la commune” is what everybody calls the commune.
        return COMPLEMENTS[rest[0]].split(" ")[-1].split("’")[-1]
    if HEADS[head] == "Nombre":
        noun = _spelled(rest, "")
        return f"Nombre d’{noun}" if noun[0] in "aâeéèêioôu" else f"Nombre de {noun}"
    if all(word in COMPLEMENTS for word in rest):
        return " ".join([HEADS[head], *(COMPLEMENTS[word] for word in rest)])
    if head in ("h", "ad"):  # too short to be read as a word of its own
        return None
    return f"{HEADS[head]} {_spelled(rest, '')}"


def _spelled(found: list[str], name: str) -> str:
    if len(found) == 1 and unicodedata.normalize("NFC", name).isascii() is False:
        return name  # it has its accents already
    return " ".join(
        word.upper() if word in ACRONYMS else ACCENTED.get(word, word) for word in found
    )
