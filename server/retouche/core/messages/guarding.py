"""Sentences for what keeps floods and robots out."""

from __future__ import annotations

GUARDING: dict[str, dict[str, str]] = {
    "paused": {
        "en": "The reviewers of this dataset take no corrections at present.[[ {message}]]",
        "fr": "Les relecteurs de ce jeu de données ne prennent pas de corrections pour l'instant."
        "[[ {message}]]",
    },
    "proof_required": {
        "en": "Many contributions are arriving: your browser must do a short calculation before"
        " this one can be sent.",
        "fr": "Beaucoup de contributions arrivent : votre navigateur doit faire un court calcul"
        " avant que celle-ci puisse être envoyée.",
    },
}
