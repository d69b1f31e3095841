"""The nomenclature *Actes* of local authorities: `Commande publique/Marchés publics`."""

from __future__ import annotations

import unicodedata

from retouche.core.judging.checks.check import Finding, Params, RowCheck, text_check

MATTERS = (
    "Commande publique",
    "Urbanisme",
    "Domaine et patrimoine",
    "Fonction publique",
    "Institutions et vie politique",
    "Libertés publiques et pouvoirs de police",
    "Finances locales",
    "Domaines de compétences par thèmes",
    "Autres domaines de compétences",
)


def nomenclature(params: Params) -> RowCheck:
    return text_check("nomenclature-actes-value", params, test=nomenclature_fault)


def nomenclature_fault(text: str) -> Finding | None:
    matter, slash, _ = text.partition("/")
    if not slash:
        return Finding("no_slash")
    if _plain(matter) in KNOWN and "/ " not in text:
        return None
    if _plain(matter.rstrip()) in KNOWN or "/ " in text:
        return Finding("spaces_at_slash")
    return Finding("unknown_matter", {"matter": matter, "known": MATTERS})


def _plain(text: str) -> str:
    """Without accents and case, which the nomenclature leaves free."""
    spread = unicodedata.normalize("NFD", text.lower())
    return "".join(one for one in spread if unicodedata.category(one) != "Mn")


KNOWN = frozenset(map(_plain, MATTERS))
