"""Sentences for whoever operates a server: what is wrong with it, and what it means."""

from __future__ import annotations

OPERATING: dict[str, dict[str, str]] = {
    "queue_unavailable": {
        "en": "The queue of work cannot be reached. Work goes on, more slowly: workers look for"
        " it themselves.",
        "fr": "La file des tâches est injoignable. Le travail continue, plus lentement : les"
        " processus le cherchent eux-mêmes.",
    },
    "mail_not_sent": {
        "en": "Mails cannot be sent ({waiting} wait, the first after {attempts} attempts). They"
        " are kept and tried again.",
        "fr": "Des courriels ne partent pas ({waiting} en attente, le premier après {attempts}"
        " essais). Ils sont conservés et réessayés.",
    },
    "worker_silent": {
        "en": "No worker has given a sign of life for {seconds} seconds: mails, merge requests and"
        " clearing up wait. Start one (serve --role worker, or --role all).",
        "fr": "Aucun processus de travail n'a donné signe de vie depuis {seconds} secondes :"
        " courriels, demandes de fusion et entretien attendent. Lancez-en un (serve --role"
        " worker, ou --role all).",
    },
    "worker_absent": {
        "en": "No worker has been seen yet: mails, merge requests and clearing up wait. Start one"
        " (serve --role worker, or --role all).",
        "fr": "Aucun processus de travail n'a encore été vu : courriels, demandes de fusion et"
        " entretien attendent. Lancez-en un (serve --role worker, ou --role all).",
    },
    "disk_low": {
        "en": "The disk of the home folder has {free} bytes left, less than {threshold}. When it"
        " is full, corrections are refused; nothing that was acknowledged is lost.",
        "fr": "Il reste {free} octets sur le disque du serveur, moins que {threshold}. Quand il"
        " sera plein, les corrections seront refusées ; rien de ce qui fut confirmé n'est perdu.",
    },
    "check_hangs": {
        "en": "This could not be looked at within {seconds} seconds.",
        "fr": "L'examen n'a pas abouti en {seconds} secondes.",
    },
    "check_failed": {
        "en": "This could not be looked at: a defect, described in the log.",
        "fr": "L'examen a échoué : un défaut, décrit dans le journal du serveur.",
    },
    "token_ending": {
        "en": "The server's token for the data's repository ends in {days} day(s). Renew it in"
        " time: corrections would wait.",
        "fr": "Le jeton du serveur pour le dépôt des données expire dans {days} jour(s)."
        " Renouvelez-le à temps : les corrections attendraient.",
    },
    "token_ended": {
        "en": "The server's token for the data's repository has ended. Corrections wait for a new"
        " one.",
        "fr": "Le jeton du serveur pour le dépôt des données a expiré. Les corrections en"
        " attendent un nouveau.",
    },
}
