"""Advice about the bot's token."""

from __future__ import annotations

from retouche.cli.advising.said import Advice, Said

TOKEN: dict[str, Advice] = {
    "token_missing": (
        Said(
            "There is no token: {fault}",
            "Make a project access token (Settings > Access tokens; role Developer, scopes api and "
            "write_repository) and put it there.",
        ),
        Said(
            "Il n’y a pas de jeton : {fault}",
            "Créez un jeton d’accès du projet (Paramètres > Jetons d’accès ; rôle Developer, "
            "portées api et write_repository) et mettez-le là.",
        ),
    ),
    "token_refused": (
        Said(
            "GitLab refuses the token: it was revoked, has ended, or is mistyped.",
            "Make a new one (Settings > Access tokens) and put it in the place of the old one; no "
            "restart is needed for a file.",
        ),
        Said(
            "GitLab refuse le jeton : révoqué, expiré ou mal recopié.",
            "Créez-en un nouveau (Paramètres > Jetons d’accès) et mettez-le à la place de "
            "l’ancien ; un fichier est relu sans redémarrage.",
        ),
    ),
    "token_scopes": (
        Said(
            "The token lacks the scopes {missing}.",
            "Make a new one with api and write_repository.",
        ),
        Said(
            "Il manque au jeton les portées {missing}.",
            "Créez-en un nouveau avec api et write_repository.",
        ),
    ),
    "token_scopes_right": (
        Said("The token has the scopes {scopes}."),
        Said("Le jeton a les portées {scopes}."),
    ),
    "token_broad": (
        Said(
            "The token may do more than it needs ({scopes}).",
            "Make a new one with api and write_repository alone.",
        ),
        Said(
            "Le jeton permet plus que nécessaire ({scopes}).",
            "Créez-en un nouveau avec seulement api et write_repository.",
        ),
    ),
    "token_endless": (
        Said(
            "The token never ends, so a copy of it is good for ever.",
            "Make a new one that ends within a year, and note the day.",
        ),
        Said(
            "Le jeton n’expire jamais : une copie servirait pour toujours.",
            "Créez-en un nouveau qui expire dans l’année, et notez la date.",
        ),
    ),
    "token_expired": (
        Said(
            "The token ended on {date}.",
            "Make a new one and put it in the place of the old one.",
        ),
        Said(
            "Le jeton a expiré le {date}.",
            "Créez-en un nouveau et mettez-le à la place de l’ancien.",
        ),
    ),
    "token_expires": (
        Said(
            "The token ends on {date}, in {days} day(s).",
            "Make a new one before that day and put it in the place of the old one.",
        ),
        Said(
            "Le jeton expire le {date}, dans {days} jour(s).",
            "Créez-en un nouveau avant et mettez-le à la place de l’ancien.",
        ),
    ),
    "token_lasts": (
        Said("The token is good until {date} ({days} days)."),
        Said("Le jeton est valable jusqu’au {date} ({days} jours)."),
    ),
    "token_administrator": (
        Said(
            "The token is that of {name}, an administrator of this GitLab.",
            "Use a project access token, or a user of its own without any other right.",
        ),
        Said(
            "Le jeton est celui de {name}, qui administre ce GitLab.",
            "Utilisez un jeton d’accès du projet, ou un compte dédié sans autre droit.",
        ),
    ),
    "token_bot": (
        Said("The token is that of the bot {name}."),
        Said("Le jeton est celui du robot {name}."),
    ),
    "token_person": (
        Said("The token is that of the user {name}, who must not review."),
        Said("Le jeton est celui du compte {name}, qui ne doit pas relire."),
    ),
    "role_missing": (
        Said(
            "{name} is no member of {project}.",
            "Invite it as Developer (Manage > Members).",
        ),
        Said(
            "{name} n’est pas membre de {project}.",
            "Invitez-le comme Developer (Gestion > Membres).",
        ),
    ),
    "role_low": (
        Said(
            "{name} is {role}: it can neither push nor open merge requests.",
            "Make it Developer (Manage > Members).",
        ),
        Said(
            "{name} est {role} : il ne peut ni pousser ni ouvrir de demande de fusion.",
            "Donnez-lui le rôle Developer (Gestion > Membres).",
        ),
    ),
    "role_high": (
        Said(
            "{name} is {role}: it could merge and change settings.",
            "Make it Developer (Manage > Members).",
        ),
        Said(
            "{name} est {role} : il pourrait fusionner et changer les réglages.",
            "Donnez-lui le rôle Developer (Gestion > Membres).",
        ),
    ),
    "role_right": (
        Said("{name} is Developer, which is enough and no more."),
        Said("{name} est Developer, ce qui suffit sans plus."),
    ),
}
