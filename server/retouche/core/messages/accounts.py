"""Sentences for signing in with an account of a forge, and for what a forge tells us by itself."""

from __future__ import annotations

SIGN_IN: dict[str, dict[str, str]] = {
    "gitlab_silent": {
        "en": "GitLab does not answer at the moment, or not as it should. Try again in a few"
        " minutes.",
        "fr": "GitLab ne répond pas pour le moment, ou pas comme il le devrait. Réessayez dans"
        " quelques minutes.",
    },
    "gitlab_denied": {
        "en": "GitLab did not sign you in: you refused, or your account may not use this"
        " application. Nothing was kept.",
        "fr": "GitLab ne vous a pas connecté : vous avez refusé, ou votre compte ne peut pas"
        " utiliser cette application. Rien n'a été conservé.",
    },
    "gitlab_application_refused": {
        "en": "GitLab does not take this server's application. The operator must check its"
        " identifier, its secret, its redirect address and its scope (api).",
        "fr": "GitLab n'accepte pas l'application de ce serveur. L'exploitant doit vérifier son"
        " identifiant, son secret, son adresse de redirection et sa portée (api).",
    },
    "sign_in_not_begun": {
        "en": "This sign-in was not begun in this browser, or more than ten minutes ago, or it is"
        " done already. Begin again.",
        "fr": "Cette connexion n'a pas été commencée dans ce navigateur, ou il y a plus de dix"
        " minutes, ou elle est déjà faite. Recommencez.",
    },
    "no_right_at_gitlab": {
        "en": "Your GitLab account[[ “{account}”]] may not merge in this project. A maintainer of"
        " the project can give it that right.",
        "fr": "Votre compte GitLab[[ « {account} »]] ne peut pas fusionner dans ce projet. Un"
        " mainteneur du projet peut lui donner ce droit.",
    },
    "no_gitlab_sign_in": {
        "en": "Nobody signs in with GitLab for the dataset “{dataset}”: no application is"
        " configured for it.",
        "fr": "Personne ne se connecte avec GitLab pour le jeu de données « {dataset} » : aucune"
        " application n'est configurée pour lui.",
    },
    "base_url_needed": {
        "en": "Signing in with GitLab needs the public address of this server: the operator names"
        " it in RETOUCHE_BASE_URL.",
        "fr": "La connexion avec GitLab demande l'adresse publique de ce serveur : l'exploitant"
        " l'indique dans RETOUCHE_BASE_URL.",
    },
}
HOOKS: dict[str, dict[str, str]] = {
    "no_hook_here": {
        "en": "The dataset “{dataset}” is not connected to GitLab.",
        "fr": "Le jeu de données « {dataset} » n'est pas relié à GitLab.",
    },
    "hook_without_secret": {
        "en": "No webhook secret is configured for this dataset, so nothing can be believed here.",
        "fr": "Aucun secret de webhook n'est configuré pour ce jeu de données : rien ne peut être"
        " cru ici.",
    },
    "hook_not_proved": {
        "en": "The webhook does not prove that it knows the secret: the signature or token is"
        " missing, wrong or too old.",
        "fr": "Le webhook ne prouve pas qu'il connaît le secret : la signature ou le jeton manque,"
        " est faux ou trop ancien.",
    },
}
ACCOUNTS: dict[str, dict[str, str]] = {**SIGN_IN, **HOOKS}
