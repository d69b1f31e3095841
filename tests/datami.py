"""Made-up Datami pages, with the files they name: one has the layout of the identity cards of
France services (81 columns, 14 charts in the card), filled with invented rows."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SITE = "https://git.example/demo/cards/-/raw/main"

COLUMNS = [
    "id_fs", "lib_fs", "fs_statut", "fs_adresse", "fs_telephone", "fs_mail", "fs_h_lundi",
    "fs_h_mardi", "fs_h_mercredi", "fs_h_jeudi", "fs_h_vendredi", "fs_h_samedi", "latitude",
    "longitude", "lib_com", "ifn_com", "dep_lib", "dep_insee", "typo_territoire",
    "com_population", "com_densite", "com_densite_categ", "com_zrr", "com_score_ifn",
    "com_ifn_categ", "ifn_categ", "com_pauvrete", "com_chomage", "com_65etplus",
    "nbre_qpv_rayon_30km", "nbre_fs_rayon_30km", "fs_sexe_femme", "fs_sexe_homme",
    "fs_age_moins_de_18_ans", "fs_age_entre_18_et_26_ans", "fs_age_entre_27_et_45_ans",
    "fs_age_entre_45_et_55_ans", "fs_age_entre_55_et_62_ans", "fs_age_plus_de_62_ans",
    "fs_age_non_connu", "fs_nombre_total_services", "fs_satisfaction",
    "fs_distance_usagers_avg", "fs_distance_usagers_min", "fs_distance_usagers_max",
    "fs_nbre_trajet_moins_5km", "fs_nbre_trajet_entre_5km_10km", "fs_nbre_trajet_plus_10km",
    "fs_dgfip", "fs_caf", "fs_cnam", "fs_cnav_ou_carsat", "fs_la_poste", "fs_pole_emploi",
    "fs_le_ministere_de_la_justice", "fs_le_ministere_de_l_interieur__ants", "fs_la_msa",
    "thematique_alimentaire", "thematique_banque_et_mutuelle", "thematique_covid19",
    "thematique_ecoles_petite_enfance_et_jeunesse", "thematique_emploi_et_insertion",
    "thematique_environnement__dechets", "thematique_inclusion_numerique",
    "thematique_logement_energie_mobilite", "thematique_microcredit_surendettement",
    "thematique_sante", "thematique_services_publics_regaliens_justice_citoyennete_etc",
    "thematique_social_solidarite_retraite", "thematique_tourisme_et_culture",
    "nbre_asso_rayon_30km", "asso_thematique_principale", "terr_thematique_asso_principale",
    "asso_theme_actions_sociales", "asso_theme_citoyennete", "asso_theme_jeunesse_et_famille",
    "asso_theme_developpement_economique", "asso_theme_emploi_formation_et_education",
    "asso_theme_logement_environnement_mobilite", "asso_theme_protection_civile",
    "asso_theme_sante",
]  # fmt: skip
DENSITIES = ("Dense", "Peu dense", "Très peu dense")
TOPICS = ("sante", "citoyennete", "protection_civile")
ROWS = 9


def table() -> bytes:
    """The made-up CSV of the identity cards, with semicolons as the page says."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for number in range(1, ROWS + 1):
        writer.writerow([_cell(name, number) for name in COLUMNS])
    return written.getvalue().encode()


def _cell(name: str, number: int) -> str:
    words = {
        "id_fs": str(number),
        "lib_fs": f"Guichet du Val {number}",
        "fs_statut": "Association" if number % 2 else "Collectivité",
        "fs_adresse": f"{number} rue du Moulin",
        "fs_telephone": f"01 99 00 00 {number:02d}",
        "fs_mail": f"guichet{number}@example.org",
        "latitude": f"{44 + number / 10:.3f}",
        "longitude": f"{2 + number / 10:.3f}",
        "lib_com": f"Val {number}",
        "ifn_com": f"0{number}100",
        "dep_lib": "Ain" if number % 3 else "Aube",
        "dep_insee": "01" if number % 3 else "10",
        "typo_territoire": "Rural" if number % 2 else "Urbain",
        "com_densite_categ": DENSITIES[number % 3],
        "com_zrr": "true" if number % 2 else "false",
        "com_ifn_categ": ("Forte", "Modérée", "Faible")[number % 3],
        "ifn_categ": ("Haute", "Moyenne")[number % 2],
        "asso_thematique_principale": TOPICS[number % 3],
        "terr_thematique_asso_principale": TOPICS[(number + 1) % 3],
    }
    if name in words:
        return words[name]
    if name.startswith("fs_h_"):
        return "" if name == "fs_h_samedi" else "09:00 - 12:00 / 14:00 - 17:00"
    if name in ("com_densite", "com_score_ifn", "com_pauvrete", "com_chomage", "com_65etplus"):
        return f"{number + 0.5:.1f}"
    return str(number * (len(name) % 7 + 2))


def _card() -> dict[str, Any]:
    tags = {
        "terr_thematique_asso_principale": "Thématique principale",
        "com_densite_categ": "Densité",
        "typo_territoire": "Typologie de territoire",
        "ifn_categ": "Catégorie IFN",
    }
    tagged = {name: {"position": "tags", "block_title": {"fr": title}}
              for name, title in tags.items()}  # fmt: skip
    return {
        "mini": {
            "lib_fs": {"position": "title"},
            "fs_adresse": {"position": "adress"},
            "lib_com": {"position": "adress"},
            "dep_lib": {"position": "adress"},
            "fs_telephone": {"position": "description", "titleIcon": "phone-outline"},
            "fs_mail": {"position": "description", "titleIcon": "at"},
            "fs_h_lundi_": {"position": "infos", "block_title": {"fr": "Horaires"}, "right": True,
                            "titleIcon": "clock", "hide_on_mini_map": True},
            **tagged,
        },
        "detail": {
            "lib_fs": {"position": "title"},
            "fs_adresse": {"position": "adress", "prefix": {"fr": "Adresse : "}},
            "lib_com": {"position": "adress", "prefix": {"fr": "Commune : "}},
            "ifn_com": {"position": "adress", "prefix": {"fr": "Code postal : "}},
            "dep_lib": {"position": "adress", "prefix": {"fr": "Département : "}},
            "insee_com_": {"position": "adress"},
            "fs_statut": {"position": "resume", "block_title": {"fr": "Type de structure :"}},
            "id_fs": {"position": "resume", "right": True,
                      "block_title": {"fr": "Identifiant France services :"}},
            "fs_telephone": {"position": "infos", "prefix": {"fr": "Téléphone :"},
                             "block_title": {"fr": "Coordonnées de la France services"}},
            "fs_mail": {"position": "infos", "prefix": {"fr": "Email :"}},
            **tagged,
        },
        "templates": {
            "COMMENTED_dep_insee": {"use_on_detail": True, "paragraphs": [
                {"text": {"fr": "Commune de {{ lib_com }}"}}]},
            "COMMENTED_fs_h_lundi": {"use_on_detail": True, "paragraphs": [
                {"text": {"fr": "<b>Lundi</b> : {{ fs_h_lundi }}"}}]},
        },
        "minimap": {
            "activate": True, "position": "map_top", "right_side": True,
            "mapOptions": {
                "zoom_item": 13, "height": 220, "marker_icon": "map-marker", "marker_height": 45,
                "marker_width": 45, "marker_color": "#4a4a4a",
                "item_geo_fields": {"latitude": "latitude", "longitude": "longitude"},
            },
        },
        "minivizs": _charts(),
    }  # fmt: skip


def _chart(kind: str, title: str, cols: int, series: Mapping[str, tuple[str, str]],
           **more: Any) -> dict[str, Any]:  # fmt: skip
    return {
        "activate": True, "viztype": kind, "title": {"fr": title}, "cols": cols,
        "serieFromFields": [
            {"field": name, "title": {"fr": label}, **({"bgColor": color} if color else {})}
            for name, (label, color) in series.items()
        ],
        **more,
    }  # fmt: skip


def _charts() -> list[dict[str, Any]]:
    """The fourteen charts of the reference card, in its order; two of them are off."""
    ages = [one for one in COLUMNS if one.startswith("fs_age_")]
    operators = COLUMNS[COLUMNS.index("fs_dgfip") : COLUMNS.index("fs_la_msa") + 1]
    topics = [one for one in COLUMNS if one.startswith("thematique_")]
    themes = [one for one in COLUMNS if one.startswith("asso_theme_")]
    distances = ("fs_distance_usagers_avg", "fs_distance_usagers_min", "fs_distance_usagers_max")
    sentences = [
        "{{ lib_fs }} se trouve à {{ lib_com }} ({{ dep_insee }}).",
        "{{ com_population }} habitants.",
        "{{ com_densite }} habitants par km2.",
        "{{ nbre_qpv_rayon_30km }} quartiers prioritaires.",
        "Zone de revitalisation : <b>{{ com_zrr }}</b>.",
        "Score {{ com_score_ifn }} ({{ com_ifn_categ }}).",
        "Pauvreté : {{ com_pauvrete }} %.",
        "Chômage : {{ com_chomage }} %.",
        "65 ans et plus : {{ com_65etplus }} %.",
    ]
    palette = ["#a6cee3", "#1f78b4", "#e31a1c", "#351C75", "#ff7f00", "#33a02c", "#fdbf6f",
               "#fb9a99"]  # fmt: skip
    plain = {name: (name.replace("_", " "), "") for name in COLUMNS}
    return [
        _chart("big-values", "France services à moins de 30 km", 4,
               {"nbre_fs_rayon_30km": ("", "#d0e428")}, serieUnit="France services",
               showOnMiniCard=True),
        {"activate": True, "viztype": "text-templated", "title": {"fr": "Typologie du territoire"},
         "cols": 8, "templates": [{"text": {"fr": one}} for one in sentences]},
        _chart("simple-donut", "Usagers par sexe", 5,
               {"fs_sexe_femme": ("Femmes", "#1bd8ac"), "fs_sexe_homme": ("Hommes", "#e7c03f")},
               showTotal=True),
        _chart("barchart-horizontal", "Usagers par tranche d'âge", 7,
               {name: plain[name] for name in ages}, serieName="Usagers", serieUnit="pers.",
               serieColor="#d81b47"),
        _chart("big-values", "Activités", 6,
               {"fs_nombre_total_services": ("Nombre de demandes traitées", "#0B5394")},
               serieUnit="demandes"),
        _chart("big-values", "Satisfaction des usagers", 6,
               {"fs_satisfaction": ("Pourcentage de satisfaction", "#427e28")},
               serieUnit="% de satisfaction", showOnMiniCard=True),
        _chart("big-values", "Distances parcourues", 4,
               {"fs_distance_usagers_avg": ("Distance moyenne", "#9fc5e8")}, serieUnit="km"),
        {**_chart("barchart-horizontal", "Distance (en km)", 7,
                  {name: plain[name] for name in distances}, distributed=True), "activate": False},
        {**_chart("barchart-horizontal", "Distance (usagers)", 6,
                  {name: plain[name] for name in distances}, offsetDatalabelsX=20),
         "activate": False},
        _chart("simple-donut", "Trajets par distance", 8,
               {"fs_nbre_trajet_moins_5km": ("entre 0 et 5 km", "#9fc5e8"),
                "fs_nbre_trajet_entre_5km_10km": ("5 à 10 km", "#7f9db9"),
                "fs_nbre_trajet_plus_10km": ("plus de 10 km", "#4F6274")},
               showTotal=True, chartHeight="300px"),
        _chart("barchart-vertical", "Services par opérateur", 12,
               {name: plain[name] for name in operators}, serieName="Actes", chartHeight="350px",
               serieColor="#ac1bd8"),
        _chart("barchart-vertical", "Thématiques hors opérateurs", 12,
               {name: plain[name] for name in topics}, serieName="Services", chartHeight="350px",
               serieColor="#D07EE8"),
        _chart("big-values", "Vitalité associative", 5,
               {"nbre_asso_rayon_30km": ("Associations à moins de 30 km", "#0b5394"),
                "asso_thematique_principale": ("Thématique principale", "#c90076")}),
        _chart("barchart-vertical", "Associations par thématique", 7,
               {name: (name.removeprefix("asso_theme_"), color)
                for name, color in zip(themes, palette, strict=True)},
               serieName="Associations", distributed=True, noLegend=True),
    ]  # fmt: skip


SCHEMA = {
    "fields": [
        {"name": "id_fs", "type": "string", "title": "Identifiant"},
        {"name": "lib_fs", "type": "string", "title": "Nom", "description": "Nom du guichet"},
        {"name": "fs_satisfaction", "type": "number", "title": "Satisfaction"},
        {"name": "com_densite_categ", "type": "string", "title": "Densité",
         "constraints": {"enum": list(DENSITIES)}},
    ],
    "primaryKey": "id_fs",
}  # fmt: skip
CUSTOM = {
    "fields": [
        {"name": "id_fs", "locked": True, "primaryKey": True},
        {"name": "fs_mail", "subtype": "email"},
        {"name": "fs_satisfaction", "subtype": "percent", "unit": "%", "round": {"digits": 1}},
        {"name": "com_densite_categ", "subtype": "tag", "definitions": [
            {"value": "Dense", "label": "Dense", "bgColor": "#1f78b4"},
            {"value": "Peu dense", "label": "Peu dense", "bgColor": "#a6cee3"},
        ]},
        {"name": "com_zrr", "hide": True},
    ]
}  # fmt: skip
MAP = {
    "center": [2.5, 45.0], "zoom": 6, "height": 800,
    "item_geo_fields": {"latitude": "latitude", "longitude": "longitude"},
    "layers_visibility": {"is_activated": True, "switches_type": "checkbox", "layers_switches": [
        {"label": "Guichets", "layers": ["all-points"], "default_visible": True}]},
    "map_layers": {
        "all_points_layer": {
            "is_activated": True, "layer_id": "all-points", "is_default_visible": True,
            "direct_to_detail": True, "has_popup": True,
            "circle_color": ["match", ["get", "com_densite_categ"], "Dense", "#e31a1c", "#333333"],
            "popup_config": {"action": {"fr": "cliquez pour + d'infos"}, "fields_settings": {
                "lib_fs": {"position": "main_title"}, "lib_com": {"position": "info"}}},
        },
    },
}  # fmt: skip


def options() -> dict[str, Any]:
    """The options of the identity cards' one tab."""
    return {
        "separator": ";", "lockcolumns": True, "height": "650px",
        "schema": {"file": f"{SITE}/json/schema.json"},
        "fields-custom-properties": {"file": f"{SITE}/json/schema-custom_props.json"},
        "pagination": {"itemsPerRow": 3, "itemsPerPageCards": 6},
        "cardsview": {"activate": True, "default": True},
        "mapview": {"activate": True, "default": True, "maps": [
            {"title": {"fr": "CARTOGRAPHIE"}, "cols": 12, "height": 800,
             "file": f"{SITE}/json/map-settings.json"}]},
        "datavizview_": {"activate": True},
        "customfilters": {"activate": True, "filterfields": [
            {"name": "com_ifn_categ", "filtering": "OR"},
            {"name": "dep_lib", "filtering": "OR"},
            {"name": "terr_thematique_asso_principale", "filtering": "OR"},
            {"name": "com_zrr", "filtering": "RADIO"},
            {"name": "asso_thematique_principale", "filtering": "OR"}]},
        "cardssettings": _card(),
    }  # fmt: skip


def page() -> str:
    """The page of the identity cards."""
    files = [{
        "title": "Liste des France Services (échantillon)", "activate": True, "default-tab": True,
        "gitfile": f"{SITE}/data/france_service.csv", "onlypreview": True, "options": options(),
        "creditslogos": [
            {"imageUrl": "https://logos.example/a.png", "url": "https://www.mednum.example/",
             "imageHeight": "15px"}],
    }]  # fmt: skip
    return html_page(
        "datami-multi-files",
        title="Fiches d'identité des France Services",
        options={"display": "horizontal"},
        gitfiles=files,
        locale="fr",
    )


def html_page(tag: str, **attributes: Any) -> str:
    """A page with one tag; what is no text is written as JSON over several lines."""
    written = "\n".join(
        f'  {name}="{html.escape(one if isinstance(one, str) else json.dumps(one, indent=1))}"'
        for name, one in attributes.items()
    )
    return f"<!doctype html>\n<title>Cards</title>\n<main>\n<{tag}\n{written}></{tag}>\n</main>\n"


def write_page(folder: Path) -> tuple[Path, Path]:
    """The page of the identity cards, and a folder with the files that it names."""
    files = folder / "files"
    (files / "data").mkdir(parents=True)
    (files / "json").mkdir()
    (files / "data" / "france_service.csv").write_bytes(table())
    for name, value in (("schema", SCHEMA), ("schema-custom_props", CUSTOM), ("map-settings", MAP)):
        (files / "json" / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    path = folder / "fiches.html"
    path.write_text(page(), encoding="utf-8")
    return path, files
