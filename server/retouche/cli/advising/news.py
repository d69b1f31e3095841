"""Advice about webhooks and sign-in."""

from __future__ import annotations

from retouche.cli.advising.said import Advice, Said

NEWS: dict[str, Advice] = {
    "webhooks_unseen": (
        Said(
            "The bot may not see the webhooks.",
            "Run this with RETOUCHE_REVIEWER_TOKEN set to a maintainer's token, or look at "
            "Settings > Webhooks.",
        ),
        Said(
            "Le robot n’a pas le droit de voir les webhooks.",
            "Relancez avec le jeton d’un mainteneur dans RETOUCHE_REVIEWER_TOKEN, ou regardez "
            "Paramètres > Webhooks.",
        ),
    ),
    "webhook_missing": (
        Said(
            "There is no webhook: what happens in GitLab is seen minutes later.",
            "Add one to {url} with push, comment and merge request events and a secret (Settings > "
            "Webhooks).",
        ),
        Said(
            "Il n’y a pas de webhook : ce qui se passe dans GitLab se voit des minutes plus tard.",
            "Ajoutez-en un vers {url} avec les événements push, commentaire et demande de fusion, "
            "et un secret (Paramètres > Webhooks).",
        ),
    ),
    "webhook_elsewhere": (
        Said(
            "The webhook goes elsewhere ({others}).",
            "Change its address to {url}, or RETOUCHE_BASE_URL.",
        ),
        Said(
            "Le webhook va ailleurs ({others}).",
            "Changez son adresse en {url}, ou RETOUCHE_BASE_URL.",
        ),
    ),
    "webhook_events": (
        Said(
            "The webhook {url} does not tell of {missing}.",
            "Tick those events in it (Settings > Webhooks).",
        ),
        Said(
            "Le webhook {url} ne signale pas {missing}.",
            "Cochez ces événements (Paramètres > Webhooks).",
        ),
    ),
    "webhook_branches": (
        Said(
            "The webhook {url} tells of pushes to {filter}, not to {branch}.",
            "Let it tell of all branches, or of {branch} too.",
        ),
        Said(
            "Le webhook {url} signale les poussées sur {filter}, pas sur {branch}.",
            "Faites-lui signaler toutes les branches, ou {branch} aussi.",
        ),
    ),
    "webhook_unverified": (
        Said(
            "The webhook {url} does not check our certificate, and would tell its secret to "
            "anybody.",
            "Tick “Enable SSL verification” in it.",
        ),
        Said(
            "Le webhook {url} ne vérifie pas notre certificat, et dirait son secret à n’importe "
            "qui.",
            "Cochez la vérification SSL.",
        ),
    ),
    "webhook_secret_unknown": (
        Said(
            "This server does not know the secret of the webhook {url}, and refuses what it sends.",
            "Put the secret where webhook_secret_env or webhook_secret_file of retouche.toml says.",
        ),
        Said(
            "Ce serveur ne connaît pas le secret du webhook {url}, et refuse ce qu’il envoie.",
            "Mettez le secret là où le dit webhook_secret_env ou webhook_secret_file de "
            "retouche.toml.",
        ),
    ),
    "webhook_secret_missing": (
        Said(
            "The webhook {url} has no secret, so this server refuses what it sends.",
            "Give it the secret that retouche.toml names.",
        ),
        Said(
            "Le webhook {url} n’a pas de secret, donc ce serveur refuse ce qu’il envoie.",
            "Donnez-lui le secret que nomme retouche.toml.",
        ),
    ),
    "webhook_disabled": (
        Said(
            "GitLab has switched the webhook {url} off after many failures.",
            "Make this server reachable from GitLab, then send a test from Settings > Webhooks.",
        ),
        Said(
            "GitLab a désactivé le webhook {url} après de nombreux échecs.",
            "Rendez ce serveur joignable depuis GitLab, puis envoyez un essai depuis Paramètres > "
            "Webhooks.",
        ),
    ),
    "webhook_paused": (
        Said(
            "GitLab has paused the webhook {url} until {until} after failures.",
            "Look at Recent events of that webhook, and make this server reachable from GitLab.",
        ),
        Said(
            "GitLab a suspendu le webhook {url} jusqu’à {until} après des échecs.",
            "Regardez les événements récents de ce webhook, et rendez ce serveur joignable depuis "
            "GitLab.",
        ),
    ),
    "webhook_right": (
        Said("The webhook {url} tells of all that matters."),
        Said("Le webhook {url} signale tout ce qui compte."),
    ),
    "oauth_missing": (
        Said(
            "Maintainers cannot sign in here with their GitLab accounts, so they review in GitLab.",
            "Add an application to GitLab with the redirect address {redirect} and the scope api, "
            "and put oauth_client_id and its secret's place in retouche.toml.",
        ),
        Said(
            "Les mainteneurs ne peuvent pas se connecter ici avec leur compte GitLab : ils "
            "relisent dans GitLab.",
            "Ajoutez une application à GitLab avec l’adresse de retour {redirect} et la portée "
            "api, et mettez oauth_client_id et l’endroit de son secret dans retouche.toml.",
        ),
    ),
    "oauth_right": (
        Said("Maintainers sign in with the application {client_id}."),
        Said("Les mainteneurs se connectent avec l’application {client_id}."),
    ),
}
