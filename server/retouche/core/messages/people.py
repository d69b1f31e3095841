"""Sentences about what belongs to persons: addresses in cells, mails, erasure."""

from __future__ import annotations

PRIVACY: dict[str, dict[str, str]] = {
    "private-contact": {
        "en": "{it} looks like the number or address of a person. What is published stays in the"
        " history for good: prefer that of the office.",
        "fr": "{it} ressemble au numéro ou à l'adresse d'une personne. Ce qui est publié reste dans"
        " l'historique pour toujours : préférez ceux du service.",
    },
    "private-contact:mobile": {
        "en": "{it} looks like a mobile number. If it is a person's own, do not publish it: it"
        " would stay in the history for good. A mobile of the office is fine.",
        "fr": "{it} ressemble à un numéro de mobile. Si c'est celui d'une personne, ne le publiez"
        " pas : il resterait dans l'historique pour toujours. Un mobile du service convient.",
    },
    "private-contact:mail": {
        "en": "{it} looks like the mail address of a person. Prefer an address of the office, such"
        " as contact@…: what is published stays in the history for good.",
        "fr": "{it} ressemble à l'adresse d'une personne. Préférez une adresse du service, comme"
        " contact@… : ce qui est publié reste dans l'historique pour toujours.",
    },
}
PEOPLE: dict[str, dict[str, str]] = {
    "mail_unreachable": {
        "en": "The mail server cannot be reached.[[ ({detail})]]",
        "fr": "Le serveur de courrier est injoignable.[[ ({detail})]]",
    },
    "mail_deferred": {
        "en": "The mail server puts it off (answer {status}).",
        "fr": "Le serveur de courrier remet à plus tard (réponse {status}).",
    },
    "mail_not_secured": {
        "en": "The mail server offers no encryption, and the password is not sent without it.",
        "fr": "Le serveur de courrier ne propose pas de chiffrement, et le mot de passe n'est pas"
        " envoyé sans lui.",
    },
    "mail_not_signed_in": {
        "en": "The mail server does not take the user and password of RETOUCHE_SMTP_URL.",
        "fr": "Le serveur de courrier n'accepte pas l'utilisateur et le mot de passe de"
        " RETOUCHE_SMTP_URL.",
    },
    "mail_sender_refused": {
        "en": "The mail server does not take mails from RETOUCHE_MAIL_FROM (answer {status}).",
        "fr": "Le serveur de courrier n'accepte pas l'expéditeur de RETOUCHE_MAIL_FROM (réponse"
        " {status}).",
    },
    "mail_refused": {
        "en": "The mail server refuses this mail for good (answer {status}).",
        "fr": "Le serveur de courrier refuse ce message définitivement (réponse {status}).",
    },
    "bad_mail_address": {
        "en": "This is not a mail address. Write it like name@example.org.",
        "fr": "Ce n'est pas une adresse électronique. Écrivez-la comme nom@exemple.fr.",
    },
    "still_undecided": {
        "en": "The proposal is not decided. Reject or withdraw it first.",
        "fr": "La proposition n'est pas décidée. Rejetez-la ou retirez-la d'abord.",
    },
    "content_is_published": {
        "en": "What the proposal says is published, so it is part of the history."
        " docs/personal-data.md tells what can be done.",
        "fr": "Ce que dit la proposition est publié et fait partie de l'historique."
        " docs/personal-data.md dit ce qui peut être fait.",
    },
}
