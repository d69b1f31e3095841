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
    "proof_refused": {
        "en": "The calculation that your browser did has expired or was used before: it must be"
        " done once more.",
        "fr": "Le calcul fait par votre navigateur a expiré ou a déjà servi : il doit être refait.",
    },
    "sender_blocked": {
        "en": "The reviewers of this dataset take no contributions from you or from your network."
        " If this is a mistake, write to those who publish it[[: {contact}]].",
        "fr": "Les relecteurs de ce jeu de données ne prennent pas de contributions de votre part"
        " ou de votre réseau. Si c'est une erreur, écrivez à ceux qui le publient[[ : {contact}]].",
    },
    "sent_too_fast": {
        "en": "This was sent within {limit} seconds, sooner than a form is filled in. Nothing is"
        " lost: wait a moment and send it again.",
        "fr": "L'envoi est venu en moins de {limit} secondes, plus vite qu'un formulaire ne se"
        " remplit. Rien n'est perdu : attendez un instant et envoyez à nouveau.",
    },
    "too_many_minute": {
        "en": "No more than {limit} contributions a minute are taken from one network. Nothing is"
        " lost: try again in a moment.",
        "fr": "Pas plus de {limit} contributions par minute sont prises d'un même réseau. Rien"
        " n'est perdu : réessayez dans un instant.",
    },
    "too_many_day": {
        "en": "No more than {limit} contributions a day are taken from one network. Try again"
        " tomorrow, or send several corrections as one.",
        "fr": "Pas plus de {limit} contributions par jour sont prises d'un même réseau. Réessayez"
        " demain, ou envoyez plusieurs corrections en une fois.",
    },
    "too_many_dataset": {
        "en": "Very many contributions to this dataset are arriving: more than {limit} a minute."
        " Nothing is lost: try again in a moment.",
        "fr": "Un très grand nombre de contributions à ce jeu de données arrivent : plus de {limit}"
        " par minute. Rien n'est perdu : réessayez dans un instant.",
    },
    "crowded": {
        "en": "Many large requests are being worked on, and there is no room for another one now."
        " Try again in a moment.",
        "fr": "Beaucoup de grandes demandes sont en cours de traitement, et il n'y a plus de place"
        " pour une autre en ce moment. Réessayez dans un instant.",
    },
    "too_many_calls": {
        "en": "No more than {limit} of these requests a minute are taken from one network. Try"
        " again in a moment.",
        "fr": "Pas plus de {limit} demandes de ce genre par minute sont prises d'un même réseau."
        " Réessayez dans un instant.",
    },
}
