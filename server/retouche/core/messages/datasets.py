"""Sentences for data files and descriptors that cannot be used."""

from __future__ import annotations

FILES: dict[str, dict[str, str]] = {
    "encoding": {
        "en": "The file is not valid {encoding}[[: byte {offset}]][[ (line {line})]]."
        "[[ It looks like {hint}.]] Save it as {encoding}, or declare its real encoding in the"
        " resource's “encoding”; UTF-8 is the safe choice.",
        "fr": "Le fichier n'est pas un {encoding} valide[[ : octet {offset}]][[ (ligne {line})]]."
        "[[ Il ressemble à de l'{hint}.]] Enregistrez-le en {encoding}, ou déclarez son véritable"
        " encodage dans « encoding » ; UTF-8 est le choix sûr.",
    },
    "nul": {
        "en": "The file holds a NUL character[[ on line {line}]][[ (byte {offset})]], which no"
        " text file may hold. Remove it, or export the file again as text.",
        "fr": "Le fichier contient un caractère NUL[[ ligne {line}]][[ (octet {offset})]], interdit"
        " dans un fichier texte. Retirez-le, ou exportez de nouveau le fichier en texte.",
    },
    "quote": {
        "en": "A quote opened on line {line} is never closed, so the rest of the file is one cell."
        " Close it, or double the quotes that belong to the text.",
        "fr": "Un guillemet ouvert ligne {line} n'est jamais fermé : le reste du fichier devient"
        " une"
        " seule cellule. Fermez-le, ou doublez les guillemets qui font partie du texte.",
    },
    "header": {
        "en": "The header is not usable: column {position}[[ (“{name}”)]] has no name or a name"
        " that"
        " is already taken. Each column needs a name of its own.",
        "fr": "L'en-tête est inutilisable : la colonne {position}[[ (« {name} »)]] n'a pas de nom,"
        " ou porte un nom déjà pris. Chaque colonne doit avoir son propre nom.",
    },
    "empty_file": {
        "en": "The file is empty. It needs at least a first line with the names of its columns.",
        "fr": "Le fichier est vide. Il lui faut au moins une première ligne avec le nom de ses"
        " colonnes.",
    },
    "conflict_markers": {
        "en": "Line {line} holds marks of an unfinished git merge (<<<<<<<, =======, >>>>>>>)."
        " Finish the merge and commit the file again.",
        "fr": "La ligne {line} contient les marques d'une fusion git inachevée (<<<<<<<, =======,"
        " >>>>>>>). Terminez la fusion et validez de nouveau le fichier.",
    },
    "lfs_pointer": {
        "en": "The file is a Git LFS pointer, not the table itself. Commit the CSV without LFS.",
        "fr": "Le fichier est un pointeur Git LFS, pas le tableau lui-même. Versionnez le CSV sans"
        " LFS.",
    },
    "dialect": {
        "en": "The file is declared to have the delimiter “{delimiter}”, but looks as if it had"
        " “{found}”. Correct the resource's “dialect”, or the file.",
        "fr": "Le fichier est déclaré avec le séparateur « {delimiter} » mais semble avoir"
        " « {found} ». Corrigez le « dialect » de la ressource, ou le fichier.",
    },
    "not_csv": {
        "en": "The file is not a CSV file[[: it is of the kind {kind}]]. Export it as CSV.",
        "fr": "Le fichier n'est pas un CSV[[ : c'est un fichier de type {kind}]]. Exportez-le en"
        " CSV.",
    },
    "not_xlsx": {
        "en": "The file is no readable XLSX workbook[[ ({detail})]]. Save it again, or as CSV.",
        "fr": "Le fichier n'est pas un classeur XLSX lisible[[ ({detail})]]. Enregistrez-le de"
        " nouveau, ou en CSV.",
    },
    "upload_key_columns": {
        "en": "The file does not have the columns that tell which row is which[[: {expected}]]."
        "[[ It has: {found}.]]",
        "fr": "Le fichier n'a pas les colonnes qui désignent les lignes[[ : {expected}]]."
        "[[ Il a : {found}.]]",
    },
    "upload_row_length": {
        "en": "Rows of the file have more or fewer cells than its header[[ ({count})]]: {rows}.",
        "fr": "Des lignes du fichier ont plus ou moins de cellules que l'en-tête[[ ({count})]] :"
        " {rows}.",
    },
    "upload_empty_key": {
        "en": "Rows of the file have no key[[ ({count})]], so nobody can tell which they are:"
        " {rows}.",
        "fr": "Des lignes du fichier n'ont pas de clé[[ ({count})]] : on ne sait pas lesquelles"
        " elles sont : {rows}.",
    },
    "upload_repeated_key": {
        "en": "Rows of the file have the same key[[ ({count})]], such as “{key}”, so nobody can"
        " tell which is which: {rows}.",
        "fr": "Des lignes du fichier ont la même clé[[ ({count})]], par exemple « {key} » : on ne"
        " sait pas laquelle est laquelle : {rows}.",
    },
}
DIALECTS: dict[str, dict[str, str]] = {
    "dialect_delimiter": {
        "en": "“{delimiter}” cannot be a delimiter. It must be one character, such as a comma.",
        "fr": "« {delimiter} » ne peut pas être un séparateur. Il faut un seul caractère, comme"
        " le point-virgule.",
    },
    "dialect_quote": {
        "en": "“{quote}” cannot be the quote character. It must be one character, and not the"
        " delimiter.",
        "fr": "« {quote} » ne peut pas être le guillemet. Il faut un seul caractère, différent du"
        " séparateur.",
    },
    "dialect_unsupported": {
        "en": "This value of “{property}” in the dialect is not supported. Leave it out: the file"
        " must have one header line and doubled quotes.",
        "fr": "Cette valeur de « {property} » dans le dialecte n'est pas prise en charge. Retirez-"
        "la : le fichier doit avoir une ligne d'en-tête et des guillemets doublés.",
    },
    "encoding_unknown": {
        "en": "“{encoding}” is no known encoding. Write for instance utf-8 or windows-1252.",
        "fr": "« {encoding} » n'est pas un encodage connu. Écrivez par exemple utf-8 ou"
        " windows-1252.",
    },
    "encoding_unsupported": {
        "en": "Files in {encoding} cannot be edited. Convert the file to UTF-8; windows-1252 and"
        " ISO 8859-1 and -15 are read too.",
        "fr": "Les fichiers en {encoding} ne peuvent pas être corrigés. Convertissez le fichier en"
        " UTF-8 ; windows-1252 et ISO 8859-1 et -15 sont aussi lus.",
    },
}
SCHEMAS: dict[str, dict[str, str]] = {
    "schema_not_object": {
        "en": "The schema is missing or is not a JSON object. It needs a list of “fields”.",
        "fr": "Le schéma manque ou n'est pas un objet JSON. Il lui faut une liste « fields ».",
    },
    "schema_no_fields": {
        "en": "The schema has no fields. It needs a list “fields” with one entry per column.",
        "fr": "Le schéma n'a aucun champ. Il lui faut une liste « fields », une entrée par"
        " colonne.",
    },
    "schema_bad_field": {
        "en": "The field “{field}” of the schema is not usable: it needs a “name”, and"
        " “constraints” and “retouche” must be objects.",
        "fr": "Le champ « {field} » du schéma est inutilisable : il lui faut un « name », et"
        " « constraints » et « retouche » doivent être des objets.",
    },
    "schema_duplicate_field": {
        "en": "The schema has the field “{field}” twice. Each name may stand once.",
        "fr": "Le schéma contient deux fois le champ « {field} ». Chaque nom ne doit y figurer"
        " qu'une fois.",
    },
    "schema_unknown_type": {
        "en": "The field “{field}” has the type “{type}”, which Table Schema does not know. Use for"
        " instance string, integer, number, boolean or date.",
        "fr": "Le champ « {field} » a le type « {type} », inconnu de Table Schema. Utilisez par"
        " exemple string, integer, number, boolean ou date.",
    },
    "schema_key_unknown_field": {
        "en": "The primary key names “{field}”, which is no field of the schema.",
        "fr": "La clé primaire cite « {field} », qui n'est pas un champ du schéma.",
    },
    "schema_bad_key": {
        "en": "A key of the schema must be the name of a field or a list of such names.",
        "fr": "Une clé du schéma doit être le nom d'un champ ou une liste de tels noms.",
    },
    "schema_bad_foreign_key": {
        "en": "A foreign key of the schema is not usable: it needs “fields”, and a “reference” with"
        " as many “fields” and the name of a “resource”.",
        "fr": "Une clé étrangère du schéma est inutilisable : il lui faut des « fields » et une"
        " « reference » avec autant de « fields » et le nom d'une « resource ».",
    },
    "schema_bad_missing_values": {
        "en": "“missingValues” of the schema must be a list of texts.",
        "fr": "« missingValues » du schéma doit être une liste de textes.",
    },
    "schema_bad_checks": {
        "en": "“custom_checks” of the schema must be a list of objects with a “name” and “params”.",
        "fr": "« custom_checks » du schéma doit être une liste d'objets avec « name » et"
        " « params ».",
    },
    "field_option": {
        "en": "The field “{field}” has a value of “{option}” that cannot be applied. See Table"
        " Schema for what it may be.",
        "fr": "Le champ « {field} » a une valeur de « {option} » inapplicable. Voyez dans Table"
        " Schema ce qu'elle peut être.",
    },
    "bad_constraint": {
        "en": "The constraint “{constraint}” of the field “{field}” cannot be applied: its value is"
        " not one of the field's type.",
        "fr": "La contrainte « {constraint} » du champ « {field} » est inapplicable : sa valeur"
        " n'est pas du type du champ.",
    },
    "pattern_unsupported": {
        "en": "The pattern of the field “{field}” cannot be matched safely: {pattern}. Write it"
        " without look-around, back-references and repetitions above 1000.",
        "fr": "Le motif du champ « {field} » ne peut pas être appliqué sans risque : {pattern}."
        " Écrivez-le sans assertion avant ou arrière, référence arrière ni répétition au-delà de"
        " 1000.",
    },
}
PACKAGES: dict[str, dict[str, str]] = {
    "descriptor_not_object": {
        "en": "{path} must be a JSON object.",
        "fr": "{path} doit être un objet JSON.",
    },
    "descriptor_no_resources": {
        "en": "{path} names no resources. It needs a list “resources” with at least one CSV file.",
        "fr": "{path} ne cite aucune ressource. Il lui faut une liste « resources » avec au moins"
        " un fichier CSV.",
    },
    "descriptor_duplicate_resource": {
        "en": "Two resources are called “{resource}”. Each needs a name of its own.",
        "fr": "Deux ressources s'appellent « {resource} ». Chacune doit avoir son propre nom.",
    },
    "descriptor_bad_resource": {
        "en": "An entry of “resources” is not an object with a “name”.",
        "fr": "Une entrée de « resources » n'est pas un objet avec un « name ».",
    },
    "descriptor_bad_name": {
        "en": "“{name}” cannot be the name of a resource: small letters, digits, - _ and . only.",
        "fr": "« {name} » ne peut pas nommer une ressource : minuscules, chiffres, - _ et . seuls.",
    },
    "package_bad_name": {
        "en": "The “name” of {path} must be a text.",
        "fr": "Le « name » de {path} doit être un texte.",
    },
    "reserved_resource": {
        "en": "A resource cannot be called “{resource}”: its page would be hidden by one of the"
        " dataset's own pages. Give it another name.",
        "fr": "Une ressource ne peut pas s'appeler « {resource} » : sa page serait cachée par une"
        " page du jeu de données lui-même. Donnez-lui un autre nom.",
    },
    "personal_key": {
        "en": "The field “{field}” of “{resource}” is personal, so it cannot be part of the primary"
        " key, which is public. Choose another key, or take “personal” away.",
        "fr": "Le champ « {field} » de « {resource} » est personnel : il ne peut pas faire partie"
        " de la clé primaire, qui est publique. Choisissez une autre clé, ou retirez"
        " « personal ».",
    },
    "personal_label": {
        "en": "The field “{field}” of “{resource}” is personal, so the “label” of rows, which is"
        " public, cannot name it. Take it out of the label.",
        "fr": "Le champ « {field} » de « {resource} » est personnel : le « label » des lignes, qui"
        " est public, ne peut pas le citer. Retirez-le du libellé.",
    },
    "resource_not_csv": {
        "en": "The resource “{resource}” has the path {path}, which is no CSV file (.csv, .tsv or"
        " .txt).",
        "fr": "La ressource « {resource} » a pour chemin {path}, qui n'est pas un fichier CSV"
        " (.csv, .tsv ou .txt).",
    },
    "unsafe_path": {
        "en": "The path “{path}” is refused. It must be a relative path of at most 1,000"
        " characters, without “..”, and stay inside the repository.",
        "fr": "Le chemin « {path} » est refusé. Il doit être relatif, de 1 000 caractères au plus,"
        " sans « .. », et rester dans le dépôt.",
    },
    "file_missing": {
        "en": "The file {path} does not exist at this revision.",
        "fr": "Le fichier {path} n'existe pas à cette révision.",
    },
    "branch_gone": {
        "en": "The published branch[[ “{branch}”]] does not exist any more where the data live[[;"
        " the default branch there is “{default_branch}”]].",
        "fr": "La branche publiée[[ « {branch} »]] n'existe plus là où vivent les données[[ ; la"
        " branche par défaut y est « {default_branch} »]].",
    },
    "file_not_regular": {
        "en": "There is no regular file {path} at this revision: it was removed or moved, or is a"
        " link.",
        "fr": "Il n'y a pas de fichier ordinaire {path} à cette révision : il a été supprimé ou"
        " déplacé, ou c'est un lien.",
    },
    "file_not_json": {
        "en": "The file {path} is not valid JSON[[: {detail}]].",
        "fr": "Le fichier {path} n'est pas un JSON valide[[ : {detail}]].",
    },
    "foreign_key_target": {
        "en": "A foreign key of “{resource}” refers to[[ “{target}”,]] a resource or columns that"
        " the dataset does not have.",
        "fr": "Une clé étrangère de « {resource} » renvoie[[ à « {target} »,]] à une ressource ou à"
        " des colonnes absentes du jeu de données.",
    },
    "bad_secret_file": {
        "en": "The file {path} does not hold the server's secret any more. Put its backup back, or"
        " delete it: a new one is made, and follow-up links given before stop working.",
        "fr": "Le fichier {path} ne contient plus le secret du serveur. Remettez sa sauvegarde, ou"
        " supprimez-le : un autre sera créé, et les liens de suivi déjà donnés ne marcheront plus.",
    },
    "bad_extension": {
        "en": "The settings under “retouche” are not usable at {where}[[: {detail}]].",
        "fr": "Les réglages sous « retouche » sont inutilisables à {where}[[ : {detail}]].",
    },
    "file_unreadable": {
        "en": "The file {path} cannot be read.",
        "fr": "Le fichier {path} ne peut pas être lu.",
    },
    "not_a_regular_file": {
        "en": "{path} is a link or a folder, not a file. Commit the file itself.",
        "fr": "{path} est un lien ou un dossier, pas un fichier. Versionnez le fichier lui-même.",
    },
    "empty_folder": {
        "en": "The folder {path} holds no file to import.",
        "fr": "Le dossier {path} ne contient aucun fichier à importer.",
    },
    "file_names_refused": {
        "en": "git refuses the names of some files of the repository. Rename them.",
        "fr": "git refuse le nom de certains fichiers du dépôt. Renommez-les.",
    },
    "bad_ref": {
        "en": "“{ref}” is not a name that a branch may have here.",
        "fr": "« {ref} » n'est pas un nom de branche permis ici.",
    },
    "bad_repository_url": {
        "en": "The address of the repository is refused. It must be a local path or start with"
        " https://.",
        "fr": "L'adresse du dépôt est refusée. Il faut un chemin local ou une adresse en https://.",
    },
    "history_not_readable": {
        "en": "The branch “{branch}” of the repository cannot be read. Check its name and address.",
        "fr": "La branche « {branch} » du dépôt ne peut pas être lue. Vérifiez son nom et son"
        " adresse.",
    },
    "history_shallow": {
        "en": "The history of “{branch}” is cut off (a shallow clone). Fetch it whole with git"
        " fetch --unshallow.",
        "fr": "L'historique de « {branch} » est tronqué (clone superficiel). Récupérez-le en entier"
        " avec git fetch --unshallow.",
    },
    "other_history": {
        "en": "The project holds other work on “{branch}”. Give an empty project, or one that"
        " holds the beginning of this history.",
        "fr": "Le projet contient un autre travail sur « {branch} ». Donnez un projet vide, ou qui"
        " contient le début de cet historique.",
    },
}
