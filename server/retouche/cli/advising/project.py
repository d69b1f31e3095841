"""Advice about the settings of a project."""

from __future__ import annotations

from retouche.cli.advising.said import Advice, Said

PROJECT: dict[str, Advice] = {
    "project_missing": (
        Said(
            "There is no project {project} that the token may see.",
            "Check repository and project in retouche.toml, and the bot's membership.",
        ),
        Said(
            "Il n’y a pas de projet {project} que le jeton puisse voir.",
            "Vérifiez repository et project dans retouche.toml, et que le robot est membre.",
        ),
    ),
    "project_archived": (
        Said("{project} is archived: nothing can be written.", "Unarchive it."),
        Said("{project} est archivé : rien ne peut y être écrit.", "Désarchivez-le."),
    ),
    "project_empty": (
        Said(
            "{project} has no commit yet.",
            "Push a data package to it, or bring one there with retouche move.",
        ),
        Said(
            "{project} n’a encore aucun commit.",
            "Poussez-y un jeu de données, ou amenez-en un avec retouche move.",
        ),
    ),
    "requests_disabled": (
        Said(
            "Merge requests are switched off in {project}.",
            "Switch them on (Settings > General > Visibility and features).",
        ),
        Said(
            "Les demandes de fusion sont désactivées dans {project}.",
            "Activez-les (Paramètres > Général > Visibilité et fonctionnalités).",
        ),
    ),
    "branch_not_default": (
        Said(
            "retouche.toml names the branch {branch}, and the project's default is {default}.",
            "Leave branch out to follow the default, unless this is meant.",
        ),
        Said(
            "retouche.toml nomme la branche {branch}, alors que celle du projet est {default}.",
            "Retirez branch pour suivre celle du projet, sauf si c’est voulu.",
        ),
    ),
    "branch_right": (
        Said("The published branch is {branch}."),
        Said("La branche publiée est {branch}."),
    ),
    "branch_missing": (
        Said(
            "The project has no branch {branch}.",
            "Check branch in retouche.toml, or the default branch of the project.",
        ),
        Said(
            "Le projet n’a pas de branche {branch}.",
            "Vérifiez branch dans retouche.toml, ou la branche par défaut du projet.",
        ),
    ),
    "merge_method": (
        Said(
            "The merge method is {method}: each merge makes the other proposals wait for a rebase.",
            "Choose “Merge commit” (Settings > Merge requests).",
        ),
        Said(
            "La méthode de fusion est {method} : chaque fusion fait attendre les autres "
            "propositions.",
            "Choisissez « Commit de fusion » (Paramètres > Demandes de fusion).",
        ),
    ),
    "merge_method_right": (
        Said("Merge requests become merge commits."),
        Said("Les demandes de fusion deviennent des commits de fusion."),
    ),
    "squash": (
        Said(
            "Squashing is {option}: the published history loses which commit was proposed.",
            "Choose “Do not allow” for squash commits (Settings > Merge requests).",
        ),
        Said(
            "L’écrasement vaut {option} : l’historique publié ne dit plus quel commit fut proposé.",
            "Choisissez « Ne pas autoriser » pour l’écrasement (Paramètres > Demandes de fusion).",
        ),
    ),
    "pipelines_needed": (
        Said(
            "Merging needs a pipeline, and retouche.toml says that none is run: nothing can be "
            "merged.",
            'Set pipelines = "run", or let skipped pipelines pass (Settings > Merge requests).',
        ),
        Said(
            "Fusionner exige un pipeline, et retouche.toml dit de n’en lancer aucun : rien ne peut "
            "être fusionné.",
            'Mettez pipelines = "run", ou laissez passer les pipelines ignorés (Paramètres > '
            "Demandes de fusion).",
        ),
    ),
    "branches_kept": (
        Said(
            "Branches stay after their merge.",
            "Tick “Enable delete source branch by default” (Settings > Merge requests).",
        ),
        Said(
            "Les branches restent après leur fusion.",
            "Cochez la suppression de la branche source par défaut (Paramètres > Demandes de "
            "fusion).",
        ),
    ),
    "issues_closed": (
        Said(
            "A merged text such as “Closes #4” closes issues.",
            "Untick “Auto-close referenced issues on default branch” (Settings > Repository > "
            "Branch defaults).",
        ),
        Said(
            "Un texte fusionné comme « Closes #4 » ferme des tickets.",
            "Décochez la fermeture automatique des tickets référencés (Paramètres > Dépôt > "
            "Valeurs par défaut des branches).",
        ),
    ),
    "template_actions": (
        Said(
            "The description template for merge requests ({place}) holds quick actions.",
            "Take the lines that begin with / out of it.",
        ),
        Said(
            "Le modèle de description des demandes de fusion ({place}) contient des actions "
            "rapides.",
            "Retirez-en les lignes qui commencent par /.",
        ),
    ),
    "commit_template": (
        Said(
            "{name} copies descriptions into commits, where they cannot be erased.",
            "Take %{{description}} out of it (Settings > Merge requests).",
        ),
        Said(
            "{name} recopie les descriptions dans les commits, d’où rien ne s’efface.",
            "Retirez-en %{{description}} (Paramètres > Demandes de fusion).",
        ),
    ),
}
