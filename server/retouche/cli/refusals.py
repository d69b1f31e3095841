"""Why a command ends with exit code 2, in English and French.

Each entry is (English, French); `{names}` are filled with printable values.
"""

from __future__ import annotations

REFUSALS: dict[str, tuple[str, str]] = {
    "already_a_package": (
        "{path} already exists; choose another folder with -o.",
        "{path} existe déjà ; choisissez un autre dossier avec -o.",
    ),
    "backup_damaged": (
        "{path} is damaged and nothing of it was put back. Not as they were written: {names}.",
        "{path} est endommagé et rien n’en a été restauré. Différents de ce qui fut écrit : "
        "{names}.",
    ),
    "backup_exists": (
        "{path} exists already; give a new file.",
        "{path} existe déjà ; indiquez un nouveau fichier.",
    ),
    "backup_form": (
        "{path} is a backup in form {found}, which this version does not read.",
        "{path} est une sauvegarde de forme {found}, que cette version ne lit pas.",
    ),
    "backup_running": (
        "Another process is making a backup of {path}, or into it.",
        "Un autre processus fait une sauvegarde de {path}, ou y écrit.",
    ),
    "backup_schema": (
        "The backup was made by Retouche {version}, whose journal has form {found} and not {known}"
        ": restore it with that version, then upgrade.",
        "La sauvegarde a été faite par Retouche {version}, dont le journal a la forme {found} et "
        "non {known} : restaurez-la avec cette version, puis mettez à jour.",
    ),
    "bad_column": (
        "There is no column {column}; the columns are {known}.",
        "Il n’y a pas de colonne {column} ; les colonnes sont {known}.",
    ),
    "bad_key": (
        "The row key {key} has {given} part(s), and a row of {resource} is named by {names}.",
        "La clé {key} a {given} partie(s) ; une ligne de {resource} est désignée par {names}.",
    ),
    "bad_output": (
        "With several formats, write --output FORMAT=FILE for one of them, not {output}.",
        "Avec plusieurs formats, écrivez --output FORMAT=FICHIER, et non {output}.",
    ),
    "bad_record": (
        "{path} is not the record of datasets that serve writes ({detail}); restore it from a "
        "backup.",
        "{path} n’est pas la liste des jeux de données qu’écrit serve ({detail}) ; restaurez-la "
        "depuis une sauvegarde.",
    ),
    "bad_setting": (
        "A setting is not usable: {detail}.",
        "Un réglage est inutilisable : {detail}.",
    ),
    "cannot_listen": (
        "The server cannot listen on {host}:{port}: {detail}.",
        "Le serveur ne peut pas écouter sur {host}:{port} : {detail}.",
    ),
    "cannot_read": ("{path} cannot be read: {detail}.", "{path} ne peut pas être lu : {detail}."),
    "cannot_write": (
        "{path} cannot be written: {detail}.",
        "{path} ne peut pas être écrit : {detail}.",
    ),
    "dataset_taken": (
        "{home} already serves another source as {name}: {source}; use another --home.",
        "{home} sert déjà une autre source sous le nom {name} : {source} ; changez de --home.",
    ),
    "empty_home": (
        "{home} holds no dataset; run retouche serve first, or give --home.",
        "{home} ne contient aucun jeu de données ; lancez retouche serve, ou donnez --home.",
    ),
    "gitlab_unreachable": (
        "The project {repository} of {name} cannot be read, and there is no earlier copy to serve. "
        "{detail} Start again once that is mended.",
        "Le projet {repository} de {name} ne peut pas être lu, et il n’y en a pas de copie à "
        "servir. {detail} Relancez quand ce sera réparé.",
    ),
    "home_is_mount": (
        "{path} is a mount point, which nothing can be renamed to; use a folder below it as home.",
        "{path} est un point de montage, que rien ne peut remplacer ; prenez pour home un dossier "
        "au-dessous.",
    ),
    "home_not_empty": (
        "{path} is not empty; a backup is put back into a new home alone.",
        "{path} n’est pas vide ; une sauvegarde se restaure seulement dans un nouveau dossier.",
    ),
    "journal_not_empty": (
        "The database that RETOUCHE_DATABASE_URL names holds rows already; a backup is put back "
        "into an empty one alone.",
        "La base que nomme RETOUCHE_DATABASE_URL contient déjà des lignes ; une sauvegarde se "
        "restaure seulement dans une base vide.",
    ),
    "lives_elsewhere": (
        "{name} lives in the GitLab project {source}: serve it with a retouche.toml that says so.",
        "{name} vit dans le projet GitLab {source} : servez-le avec un retouche.toml qui le dit.",
    ),
    "lives_here": (
        "{home} holds {name} itself (from {source}); bring it to GitLab with retouche move, or use "
        "another --home.",
        "{home} contient {name} lui-même (venu de {source}) ; amenez-le à GitLab avec retouche "
        "move, ou changez de --home.",
    ),
    "merge_columns": (
        "Both sides changed the columns of {path}: ours is kept, and the file is to be decided.",
        "Les deux côtés ont changé les colonnes de {path} : le nôtre est gardé, le fichier reste "
        "à trancher.",
    ),
    "merge_impossible": (
        "{path} cannot be merged by cells; ours is kept, and the file is to be decided. {detail}",
        "{path} ne peut pas être fusionné par cellules ; le nôtre est gardé, le fichier reste à "
        "trancher. {detail}",
    ),
    "merge_keyless": (
        "{resource} has no primaryKey to tell its rows apart: ours is kept, and {path} is to be "
        "decided.",
        "{resource} n’a pas de primaryKey pour distinguer ses lignes : le nôtre est gardé, {path} "
        "reste à trancher.",
    ),
    "home_in_use": (
        "A server runs on {home}; stop it first.",
        "Un serveur tourne sur {home} ; arrêtez-le d’abord.",
    ),
    "move_interrupted": (
        "{name} is not moved yet: {detail} When that is mended, run this again: it goes on.",
        "{name} n’est pas encore déplacé : {detail} Relancez ensuite : le déplacement continue.",
    ),
    "move_not_ready": (
        "The project is not ready: {what} {do}",
        "Le projet n’est pas prêt : {what} {do}",
    ),
    "move_other_history": (
        "{repository} holds other work on {branch}; give an empty project, or one that holds the "
        "beginning of this history.",
        "{repository} contient un autre travail sur {branch} ; donnez un projet vide, ou qui "
        "contient le début de cet historique.",
    ),
    "move_push_refused": (
        "GitLab does not take the branch {branch}: {detail} Set RETOUCHE_REVIEWER_TOKEN to a "
        "maintainer's token, or let Developers push to it until the move is done.",
        "GitLab refuse la branche {branch} : {detail} Mettez le jeton d’un mainteneur dans "
        "RETOUCHE_REVIEWER_TOKEN, ou laissez les Developers y pousser le temps du déplacement.",
    ),
    "move_unfinished": (
        "The move of {name} to GitLab was interrupted: run retouche move again.",
        "Le déplacement de {name} vers GitLab a été interrompu : relancez retouche move.",
    ),
    "move_unfinished_decisions": (
        "Decisions that a stop interrupted could not be finished: {names}",
        "Des décisions interrompues par un arrêt n’ont pas pu être terminées : {names}",
    ),
    "moved_elsewhere": (
        "{name} already lives in {source}.",
        "{name} vit déjà dans {source}.",
    ),
    "nameless_user": (
        "The system has no name for you; say who decides with --as.",
        "Le système ne vous connaît pas de nom ; dites qui décide avec --as.",
    ),
    "no_bundled": (
        "This installation lacks the bundled dataset; name a folder or a CSV file to serve.",
        "Cette installation n’a pas le jeu de données fourni ; nommez un dossier ou un CSV.",
    ),
    "no_datami": (
        "{path} has no Datami tag (datami-file, datami-multi-files, datami-explowiki).",
        "{path} n’a pas de balise Datami (datami-file, datami-multi-files, datami-explowiki).",
    ),
    "no_descriptor": (
        "{path} holds no datapackage.json; make a data package with retouche init.",
        "{path} ne contient pas de datapackage.json ; créez-en un avec retouche init.",
    ),
    "no_elements": (
        "The widgets are not built ({path} lacks them); run make setup.",
        "Les widgets ne sont pas construits (il en manque dans {path}) ; lancez make setup.",
    ),
    "no_header": (
        "{path} needs a first line with the names of its columns; add it and run this again.",
        "{path} doit commencer par une ligne avec les noms de ses colonnes ; ajoutez-la.",
    ),
    "no_project": (
        'There is no such dataset with forge = "gitlab"; there are: {known}.',
        'Il n’y a pas de tel jeu de données avec forge = "gitlab" ; il y a : {known}.',
    ),
    "no_repository": (
        "{path} is not in a git repository.",
        "{path} n’est pas dans un dépôt git.",
    ),
    "no_resource_of_path": (
        "No resource of the data package is {path}.",
        "Aucune ressource du jeu de données n’est {path}.",
    ),
    "no_such_dataset": (
        "There is no dataset, folder or file {name}; known datasets: {known}.",
        "Il n’y a ni jeu de données, ni dossier, ni fichier {name} ; jeux connus : {known}.",
    ),
    "no_such_path": (
        "There is no file or folder {path}.",
        "Il n’y a ni fichier ni dossier {path}.",
    ),
    "not_a_backup": (
        "{path} is not a file that retouche backup wrote.",
        "{path} n’est pas un fichier écrit par retouche backup.",
    ),
    "not_a_target": (
        "{path} is neither a data package folder, a CSV file (.csv, .tsv, .txt) nor a .toml file.",
        "{path} n’est ni un dossier de données, ni un fichier CSV (.csv, .tsv, .txt), ni un .toml.",
    ),
    "not_a_toml": (
        "{path} is no retouche.toml.",
        "{path} n’est pas un retouche.toml.",
    ),
    "not_an_export": (
        "{path} is no earlier copy made by export, and nothing else is replaced; choose another.",
        "{path} n’est pas une copie faite par export, et rien d’autre n’est remplacé ; changez.",
    ),
    "not_published": (
        "The repository {repository} of {name} has no branch {branch} with a datapackage.json.",
        "Le dépôt {repository} de {name} n’a pas de branche {branch} avec un datapackage.json.",
    ),
    "not_servable": (
        "What {repository} publishes cannot be served as {name}: {detail}",
        "Ce que publie {repository} ne peut pas être servi sous le nom {name} : {detail}",
    ),
    "other_home": (
        "The repository of {name} is in another home, which shares this database: a dataset of "
        "several machines lives in GitLab, or the machines share one home. {home} is not that one.",
        "Le dépôt de {name} est dans un autre dossier, qui partage cette base : un jeu de données "
        "de plusieurs machines vit dans GitLab, ou les machines partagent un dossier. {home} n’est "
        "pas celui-là.",
    ),
    "other_secret": (
        "The servers of this database have another RETOUCHE_SECRET_KEY: sessions and follow-up "
        "links of this one would not hold there. Give it the same.",
        "Les serveurs de cette base ont une autre RETOUCHE_SECRET_KEY : les sessions et les liens "
        "de suivi de celui-ci n’y vaudraient rien. Donnez-lui la même.",
    ),
    "port_in_use": (
        "Port {port} of {host} is in use; choose another with --port.",
        "Le port {port} de {host} est occupé ; choisissez-en un autre avec --port.",
    ),
    "reserved_name": (
        "A dataset cannot be called {name}: it is an address of the server itself.",
        "Un jeu de données ne peut pas s’appeler {name} : c’est une adresse du serveur lui-même.",
    ),
    "no_reviewer_token": (
        "{name} lives in GitLab, where you decide with your own right: set RETOUCHE_REVIEWER_TOKEN "
        "to an access token of yours with the scope api.",
        "{name} vit dans GitLab, où vous décidez de votre propre droit : mettez dans "
        "RETOUCHE_REVIEWER_TOKEN un jeton d’accès à vous, de portée api.",
    ),
    "reviewer_token_refused": (
        "The GitLab of {name} does not take the token in RETOUCHE_REVIEWER_TOKEN: it has ended, "
        "was revoked or is mistyped. Make a new one of your own, with the scope api.",
        "Le GitLab de {name} refuse le jeton de RETOUCHE_REVIEWER_TOKEN : il est expiré, révoqué "
        "ou mal recopié. Créez-en un nouveau à vous, de portée api.",
    ),
    "page_too_large": (
        "{path} is larger than a page can be ({limit}).",
        "{path} est plus gros qu’une page ne peut l’être ({limit}).",
    ),
    "restore_running": (
        "Another process is restoring {path}.",
        "Un autre processus restaure {path}.",
    ),
    "secret_missing": (
        "{place}, where the secret of {name} should be, holds none; put it there and run this "
        "again.",
        "{place}, où devrait être le secret de {name}, n’en contient pas ; mettez-le là et "
        "relancez.",
    ),
    "secret_not_shared": (
        "A server of role {role} shares its database with others: set RETOUCHE_SECRET_KEY to one "
        "value for all of them.",
        "Un serveur de rôle {role} partage sa base avec d’autres : donnez à RETOUCHE_SECRET_KEY "
        "une même valeur pour tous.",
    ),
    "several_datasets": (
        "{home} holds several datasets ({names}); choose one with --dataset.",
        "{home} contient plusieurs jeux de données ({names}) ; choisissez avec --dataset.",
    ),
    "toml_bad_author": (
        "{path}: author is a name and an address, Name <name@example.org>, not {author} ({name}).",
        "{path} : author est un nom et une adresse, Nom <nom@exemple.org>, pas {author} ({name}).",
    ),
    "toml_bad_branch": (
        "{path}: {branch} is not a branch name ({name}).",
        "{path} : {branch} n’est pas un nom de branche ({name}).",
    ),
    "toml_bad_choice": (
        "{path}: {key} is one of {allowed}, not {value} ({name}).",
        "{path} : {key} vaut l’un de {allowed}, pas {value} ({name}).",
    ),
    "toml_bad_forge": (
        '{path}: forge is "embedded" or "gitlab", not {forge} ({name}).',
        '{path} : forge vaut "embedded" ou "gitlab", pas {forge} ({name}).',
    ),
    "toml_bad_name": (
        "{path}: a dataset's name is part of branch names: a-z, 0-9, '.', '_' and '-', without "
        "'..', and without '.' or '.lock' at the end; not {name}.",
        "{path} : le nom d’un jeu fait partie de noms de branches : a-z, 0-9, « . », « _ » et "
        "« - », sans « .. », et sans « . » ni « .lock » à la fin ; pas {name}.",
    ),
    "toml_bad_project": (
        "{path}: project is a path such as group/project, or a number, not {project} ({name}).",
        "{path} : project est un chemin comme groupe/projet, ou un nombre, pas {project} ({name}).",
    ),
    "toml_bad_project_address": (
        "{path}: a GitLab project is named by the address it is cloned from, such as "
        "https://gitlab.example/group/project.git, not {repository} ({name}).",
        "{path} : un projet GitLab est désigné par l’adresse d’où on le clone, comme "
        "https://gitlab.example/groupe/projet.git, pas {repository} ({name}).",
    ),
    "toml_bad_repository": (
        "{path}: repository is a path or an https address, not {repository} ({name}).",
        "{path} : repository est un chemin ou une adresse https, pas {repository} ({name}).",
    ),
    "toml_bad_variable": (
        "{path}: {key} is the name of an environment variable, never the secret itself ({name}).",
        "{path} : {key} est le nom d’une variable d’environnement, jamais le secret ({name}).",
    ),
    "toml_duplicate_name": (
        "{path}: two datasets are called {name}.",
        "{path} : deux jeux de données s’appellent {name}.",
    ),
    "toml_gitlab_key": (
        '{path}: {key} is for forge = "gitlab" ({name}).',
        '{path} : {key} est pour forge = "gitlab" ({name}).',
    ),
    "toml_missing_key": ("{path}: {name} lacks {key}.", "{path} : il manque {key} à {name}."),
    "toml_no_datasets": (
        "{path} names no dataset: write a [[datasets]] part for each.",
        "{path} ne nomme aucun jeu de données : écrivez une partie [[datasets]] pour chacun.",
    ),
    "toml_no_token": (
        "{path}: {name} lacks the bot's token; say where it is with token_env or token_file.",
        "{path} : il manque à {name} le jeton du robot ; dites où il est avec token_env ou "
        "token_file.",
    ),
    "toml_not_text": ("{path}: {key} must be text.", "{path} : {key} doit être un texte."),
    "toml_project_elsewhere": (
        "{path}: the address {repository} does not end with the project {project} ({name}).",
        "{path} : l’adresse {repository} ne finit pas par le projet {project} ({name}).",
    ),
    "toml_secret": (
        "{path}: {key} must not be written here; name where it is with a key that ends in _env or "
        "_file.",
        "{path} : {key} ne s’écrit pas ici ; dites où il est avec une clé qui finit par _env ou "
        "_file.",
    ),
    "toml_secret_address": (
        "{path}: the repository of {name} must be an address without a user or a secret.",
        "{path} : repository de {name} doit être une adresse sans utilisateur ni secret.",
    ),
    "toml_syntax": ("{path} is not TOML: {detail}.", "{path} n’est pas du TOML : {detail}."),
    "toml_two_places": (
        "{path}: say where {key} is with _env or with _file, not both ({name}).",
        "{path} : dites où est {key} avec _env ou avec _file, pas les deux ({name}).",
    ),
    "toml_unknown_key": ("{path}: unknown key {key}.", "{path} : clé inconnue {key}."),
    "purge_bad_mail": (
        "--contact is a mail address, such as name@example.org.",
        "--contact est une adresse électronique, comme nom@exemple.fr.",
    ),
    "purge_content_of_one": (
        "--content needs --proposal: it erases what one proposal says.",
        "--content demande --proposal : cela efface ce que dit une proposition.",
    ),
    "purge_of_what": (
        "The retention period is 0 (for ever): say what to erase with --older-than, --contact or "
        "--proposal.",
        "La durée de conservation est 0 (toujours) : dites quoi effacer avec --older-than, "
        "--contact ou --proposal.",
    ),
    "purge_one_dataset": (
        "Say which dataset the proposal belongs to with --dataset.",
        "Dites à quel jeu appartient la proposition avec --dataset.",
    ),
    "reject_which": (
        "Name one proposal, or a source with --source-of; not both.",
        "Nommez une proposition, ou une provenance avec --source-of ; pas les deux.",
    ),
    "undo_of_what": (
        "Say what is to be undone by one of --proposal, --source-of, or --from with --to.",
        "Dites ce qui est à annuler par --proposal, --source-of, ou --from avec --to : un seul.",
    ),
    "unknown_revision": (
        "There is no revision {revision} in {path}.",
        "Il n’y a pas de révision {revision} dans {path}.",
    ),
    "unsure": (
        "It is not certain how {path} is written ({doubts}): run retouche init {path} and answer.",
        "On ne sait pas avec certitude comment {path} est écrit ({doubts}) : "
        "lancez retouche init {path} et répondez.",
    ),
    "unsure_alone": (
        "It is not certain how {path} is written ({doubts}): pass --yes to take {encoding} and "
        "{delimiter}, or --encoding and --delimiter.",
        "On ne sait pas avec certitude comment {path} est écrit ({doubts}) : passez --yes pour "
        "prendre {encoding} et {delimiter}, ou bien --encoding et --delimiter.",
    ),
}
