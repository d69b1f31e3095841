"""Advice about protected branches and push rules."""

from __future__ import annotations

from retouche.cli.advising.said import Advice, Said

BRANCHES: dict[str, Advice] = {
    "protections_unseen": (
        Said(
            "The bot may not see the protected branches.",
            "Run this with RETOUCHE_REVIEWER_TOKEN set to a maintainer's token, or look at "
            "Settings > Repository > Protected branches.",
        ),
        Said(
            "Le robot n’a pas le droit de voir les branches protégées.",
            "Relancez avec le jeton d’un mainteneur dans RETOUCHE_REVIEWER_TOKEN, ou regardez "
            "Paramètres > Dépôt > Branches protégées.",
        ),
    ),
    "published_open": (
        Said(
            "The published branch {branch} is not protected: the bot and every Developer can write "
            "to it.",
            "Protect it: push No one, merge Maintainers, no force push (Settings > Repository > "
            "Protected branches).",
        ),
        Said(
            "La branche publiée {branch} n’est pas protégée : le robot et tout Developer peuvent y "
            "écrire.",
            "Protégez-la : pousser Personne, fusionner Maintainers, sans force (Paramètres > Dépôt "
            "> Branches protégées).",
        ),
    ),
    "published_push_bot": (
        Said(
            "The rule “{rule}” lets the bot push to {branch}; the most permissive rule counts.",
            "Set Allowed to push to No one in that rule.",
        ),
        Said(
            "La règle « {rule} » laisse le robot pousser sur {branch} ; la plus permissive compte.",
            "Mettez « Personne » à Autorisé à pousser dans cette règle.",
        ),
    ),
    "published_push": (
        Said(
            "The rule “{rule}” lets people push to {branch} without a merge request.",
            "Set Allowed to push to No one in that rule.",
        ),
        Said(
            "La règle « {rule} » laisse pousser sur {branch} sans demande de fusion.",
            "Mettez « Personne » à Autorisé à pousser dans cette règle.",
        ),
    ),
    "published_merge_bot": (
        Said(
            "The rule “{rule}” lets the bot merge into {branch}.",
            "Set Allowed to merge to Maintainers in that rule.",
        ),
        Said(
            "La règle « {rule} » laisse le robot fusionner dans {branch}.",
            "Mettez « Maintainers » à Autorisé à fusionner dans cette règle.",
        ),
    ),
    "published_merge_nobody": (
        Said(
            "Nobody may merge into {branch}: no proposal can be accepted.",
            "Set Allowed to merge to Maintainers.",
        ),
        Said(
            "Personne ne peut fusionner dans {branch} : aucune proposition ne sera acceptée.",
            "Mettez « Maintainers » à Autorisé à fusionner.",
        ),
    ),
    "published_forced": (
        Said(
            "The rule “{rule}” lets the history of {branch} be rewritten.",
            "Switch Allowed to force push off in that rule.",
        ),
        Said(
            "La règle « {rule} » permet de réécrire l’historique de {branch}.",
            "Désactivez Autorisé à forcer dans cette règle.",
        ),
    ),
    "published_protected": (
        Said("{branch} takes merges by maintainers alone."),
        Said("{branch} n’accepte que les fusions par les mainteneurs."),
    ),
    "proposals_open": (
        Said(
            "The branches {branches} are not protected: every Developer can write to proposals.",
            "Protect proposals/*: push the bot alone, force push allowed (a named user needs "
            "Premium; without it, keep other people below Developer).",
        ),
        Said(
            "Les branches {branches} ne sont pas protégées : tout Developer peut écrire dans les "
            "propositions.",
            "Protégez proposals/* : pousser le robot seul, force permise (nommer un compte demande "
            "Premium ; sans lui, gardez les autres sous Developer).",
        ),
    ),
    "proposals_closed": (
        Said(
            "The rules {rules} keep the bot from pushing to {branches}: no proposal arrives.",
            "Add a rule proposals/* with the bot under Allowed to push.",
        ),
        Said(
            "Les règles {rules} empêchent le robot de pousser sur {branches} : aucune proposition "
            "n’arrive.",
            "Ajoutez une règle proposals/* avec le robot à Autorisé à pousser.",
        ),
    ),
    "proposals_not_forced": (
        Said(
            "The rules {rules} forbid rewriting {branches}: proposals cannot be re-made when the "
            "data moves, and end in conflicts.",
            "Switch Allowed to force push on in the rule for proposals/*.",
        ),
        Said(
            "Les règles {rules} interdisent de réécrire {branches} : les propositions ne peuvent "
            "pas être refaites quand les données avancent, et finissent en conflit.",
            "Activez Autorisé à forcer dans la règle de proposals/*.",
        ),
    ),
    "proposals_broad": (
        Said(
            "The rules {rules} let others than the bot push to {branches}; the most permissive "
            "rule counts.",
            "Leave the bot alone under Allowed to push in those rules.",
        ),
        Said(
            "Les règles {rules} laissent d’autres que le robot pousser sur {branches} ; la plus "
            "permissive compte.",
            "Ne laissez que le robot à Autorisé à pousser dans ces règles.",
        ),
    ),
    "proposals_protected": (
        Said("The bot alone writes to {branches}."),
        Said("Seul le robot écrit dans {branches}."),
    ),
    "rules_unseen": (
        Said(
            "The bot may not see the push rules.",
            "Run this with RETOUCHE_REVIEWER_TOKEN set to a maintainer's token, or look at "
            "Settings > Repository > Push rules.",
        ),
        Said(
            "Le robot n’a pas le droit de voir les règles de poussée.",
            "Relancez avec le jeton d’un mainteneur dans RETOUCHE_REVIEWER_TOKEN, ou regardez "
            "Paramètres > Dépôt > Règles de poussée.",
        ),
    ),
    "rule_pattern": (
        Said(
            "The push rule {rule} ({pattern}) refuses “{text}”.",
            "Widen it so that it lets Retouche's pushes pass (Settings > Repository > Push rules).",
        ),
        Said(
            "La règle de poussée {rule} ({pattern}) refuse « {text} ».",
            "Élargissez-la pour laisser passer ce que pousse Retouche (Paramètres > Dépôt > Règles "
            "de poussée).",
        ),
    ),
    "rule_file_size": (
        Said(
            "The push rule max_file_size ({limit} MB) refuses {path}.",
            "Raise it above the size of the file, or to 0.",
        ),
        Said(
            "La règle max_file_size ({limit} Mo) refuse {path}.",
            "Augmentez-la au-delà de la taille du fichier, ou mettez 0.",
        ),
    ),
    "rule_commits": (
        Said(
            "The push rule {rule} refuses commits of Retouche, which are neither signed nor carry "
            "a Signed-off-by.",
            "Switch it off (Settings > Repository > Push rules).",
        ),
        Said(
            "La règle {rule} refuse les commits de Retouche, ni signés ni marqués Signed-off-by.",
            "Désactivez-la (Paramètres > Dépôt > Règles de poussée).",
        ),
    ),
    "rule_identity": (
        Said(
            "The push rule {rule} takes commits of known users only, and ours are by {author}.",
            "Switch it off, or set author in retouche.toml to the bot's own name and address.",
        ),
        Said(
            "La règle {rule} n’accepte que les commits de comptes connus, et les nôtres sont de "
            "{author}.",
            "Désactivez-la, ou mettez dans author de retouche.toml le nom et l’adresse du robot.",
        ),
    ),
    "rules_right": (
        Said("No push rule refuses what Retouche pushes."),
        Said("Aucune règle de poussée ne refuse ce que pousse Retouche."),
    ),
}
