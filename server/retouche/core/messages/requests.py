"""Sentences for request bodies and query parameters that cannot be understood."""

from __future__ import annotations

BODIES: dict[str, dict[str, str]] = {
    "malformed": {
        "en": "The request cannot be understood. The API's description says what it may hold.",
        "fr": "La demande est incompréhensible. La description de l'API dit ce qu'elle peut"
        " contenir.",
    },
    "bad_request": {
        "en": "The request cannot be understood. The API's description says what it may hold.",
        "fr": "La demande est incompréhensible. La description de l'API dit ce qu'elle peut"
        " contenir.",
    },
    "method_not_allowed": {
        "en": "This address does not take the method[[ {method}]].",
        "fr": "Cette adresse n'accepte pas la méthode[[ {method}]].",
    },
    "too_slow": {
        "en": "The request took too long to arrive. Send it again.",
        "fr": "La demande a mis trop de temps à arriver. Envoyez-la de nouveau.",
    },
    "bad_json": {
        "en": "The body is not valid JSON[[: {detail}]].",
        "fr": "Le corps de la demande n'est pas un JSON valide[[ : {detail}]].",
    },
    "too_deep": {
        "en": "The JSON is nested too deeply[[: at most {limit} levels]].",
        "fr": "Le JSON est trop profondément imbriqué[[ : {limit} niveaux au plus]].",
    },
    "duplicate_json_key": {
        "en": "An object of the JSON has the key “{key}” twice. Each may stand once.",
        "fr": "Un objet du JSON contient deux fois la clé « {key} ». Chacune ne doit y figurer"
        " qu'une fois.",
    },
    "lone_surrogate": {
        "en": "The JSON holds half of a character (a lone surrogate). Write the whole character.",
        "fr": "Le JSON contient une moitié de caractère (surrogate isolé). Écrivez le caractère"
        " entier.",
    },
    "trap_filled": {
        "en": "A hidden field that nobody can see was filled in. Empty it and try once more.",
        "fr": "Un champ caché que personne ne voit a été rempli. Videz-le et réessayez.",
    },
    "wrong_type": {
        "en": "The value has not the right type[[: {expected} is expected]].",
        "fr": "La valeur n'a pas le bon type[[ : {expected} est attendu]].",
    },
    "unknown_property": {
        "en": "There is no property “{property}” here.[[ Known are: {known}.]]",
        "fr": "La propriété « {property} » n'existe pas ici.[[ Sont connues : {known}.]]",
    },
    "missing_property": {
        "en": "The property “{property}” is needed here.",
        "fr": "La propriété « {property} » est nécessaire ici.",
    },
    "bad_choice": {
        "en": "This value is not one of the choices[[: {allowed}]].",
        "fr": "Cette valeur n'est pas parmi les choix possibles[[ : {allowed}]].",
    },
    "bad_value": {
        "en": "This value has not the form that is expected here.",
        "fr": "Cette valeur n'a pas la forme attendue ici.",
    },
    "empty_value": {
        "en": "This may not be empty.",
        "fr": "Cet élément ne doit pas être vide.",
    },
    "bad_commit_id": {
        "en": "“{value}” is no full commit id. Give its 40 hexadecimal digits.",
        "fr": "« {value} » n'est pas un identifiant de commit complet. Donnez ses 40 chiffres"
        " hexadécimaux.",
    },
    "bad_source": {
        "en": "The source must be a web address that starts with https:// or http://.",
        "fr": "La source doit être une adresse web commençant par https:// ou http://.",
    },
    "control_character": {
        "en": "The text holds a control character. Only tabs and line ends are allowed.",
        "fr": "Le texte contient un caractère de contrôle. Seuls la tabulation et le retour à la"
        " ligne sont permis.",
    },
    "bad_gzip": {
        "en": "The body is not valid gzip.",
        "fr": "Le corps de la demande n'est pas un gzip valide.",
    },
    "media_type": {
        "en": "Send[[ {expected}]].[[ “{given}” is not taken here.]]",
        "fr": "Envoyez[[ du {expected}]].[[ « {given} » n'est pas accepté ici.]]",
    },
    "unsupported": {
        "en": "This form of data is not supported.",
        "fr": "Cette forme de données n'est pas prise en charge.",
    },
}
PARAMETERS: dict[str, dict[str, str]] = {
    "unknown_field": {
        "en": "There is no column “{field}”.[[ Known are: {known}.]]",
        "fr": "La colonne « {field} » n'existe pas.[[ Sont connues : {known}.]]",
    },
    "unknown_operator": {
        "en": "The column “{field}” cannot be filtered with “{operator}”.[[ Known are: {known}.]]",
        "fr": "La colonne « {field} » ne se filtre pas avec « {operator} ».[[ Sont connus :"
        " {known}.]]",
    },
    "unknown_parameter": {
        "en": "There is no parameter “{parameter}”. A filter is written column__operator=value.",
        "fr": "Le paramètre « {parameter} » n'existe pas. Un filtre s'écrit"
        " colonne__opérateur=valeur.",
    },
    "unexpected_parameter": {
        "en": "The parameter “{parameter}” means nothing here.[[ Known are: {known}.]]",
        "fr": "Le paramètre « {parameter} » n'a pas de sens ici.[[ Sont connus : {known}.]]",
    },
    "parameter_needed": {
        "en": "The parameter “{parameter}” is needed.",
        "fr": "Le paramètre « {parameter} » est nécessaire.",
    },
    "repeated_parameter": {
        "en": "The parameter “{parameter}” is given more than once. Give it once.",
        "fr": "Le paramètre « {parameter} » est donné plusieurs fois. Donnez-le une seule fois.",
    },
    "bad_filter_value": {
        "en": "“{value}” cannot be compared[[ with the column “{field}”]][[: {expected} is"
        " expected]].",
        "fr": "« {value} » ne peut pas être comparé[[ à la colonne « {field} »]][[ : {expected} est"
        " attendu]].",
    },
    "bad_sort": {
        "en": "“{value}” is no order. Write asc or desc.",
        "fr": "« {value} » n'est pas un ordre de tri. Écrivez asc ou desc.",
    },
    "bad_page": {
        "en": "“{value}” is no page number or size[[: write a whole number from 1 to {most}]]"
        "[[: write a whole number, {expected}]].",
        "fr": "« {value} » n'est pas un numéro ou une taille de page[[ : écrivez un entier de 1 à"
        " {most}]][[ : écrivez un entier, {expected}]].",
    },
    "bad_page_size": {
        "en": "“{value}” is no page size[[: write a whole number, {expected}]].",
        "fr": "« {value} » n'est pas une taille de page[[ : écrivez un entier, {expected}]].",
    },
    "bad_near": {
        "en": "“{value}” is no place. Write latitude,longitude in degrees, such as 44.56,6.08.",
        "fr": "« {value} » n'est pas un lieu. Écrivez latitude,longitude en degrés, comme"
        " 44.56,6.08.",
    },
    "bad_radius": {
        "en": "“{value}” is no radius. Write a number of metres, such as 30000.",
        "fr": "« {value} » n'est pas un rayon. Écrivez un nombre de mètres, comme 30000.",
    },
    "radius_without_near": {
        "en": "A radius needs a place: add near=latitude,longitude.",
        "fr": "Un rayon demande un lieu : ajoutez near=latitude,longitude.",
    },
    "bad_bbox": {
        "en": "“{value}” is no rectangle. Write west,south,east,north in degrees.",
        "fr": "« {value} » n'est pas un rectangle. Écrivez ouest,sud,est,nord en degrés.",
    },
    "no_position": {
        "en": "The rows of “{resource}” have no position on the map.",
        "fr": "Les lignes de « {resource} » n'ont pas de position sur la carte.",
    },
    "too_many_filters": {
        "en": "Too many filters[[: at most {limit}]].",
        "fr": "Trop de filtres[[ : {limit} au plus]].",
    },
    "too_many_words": {
        "en": "Too many words to search for[[: at most {limit}]].",
        "fr": "Trop de mots à chercher[[ : {limit} au plus]].",
    },
    "bad_by": {
        "en": "Group by at least one column[[ and at most {limit}]], separated by commas.",
        "fr": "Groupez par au moins une colonne[[ et au plus {limit}]], séparées par des virgules.",
    },
    "bad_measure": {
        "en": "“{value}” is no measure.[[ Known are: {known}.]]",
        "fr": "« {value} » n'est pas une mesure.[[ Sont connues : {known}.]]",
    },
    "name_clash": {
        "en": "The column “{field}” has the name of a measure and cannot be grouped by.",
        "fr": "La colonne « {field} » porte le nom d'une mesure et ne peut pas servir à grouper.",
    },
    "not_numeric": {
        "en": "The column “{field}” holds no numbers, so it has no sum or mean.",
        "fr": "La colonne « {field} » ne contient pas de nombres : elle n'a ni somme ni moyenne.",
    },
}
