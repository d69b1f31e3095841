// What the dialogs of sharing, downloading and embedding say.

import type { Messages } from "../../model/messages";

export type Name =
  | "share"
  | "share_help"
  | "share_native"
  | "address"
  | "copy"
  | "copied"
  | "copy_by_hand"
  | "download"
  | "which"
  | "filtered"
  | "whole"
  | "csv"
  | "csv_help"
  | "xlsx"
  | "xlsx_help"
  | "parquet"
  | "parquet_help"
  | "standards"
  | "json"
  | "json_help"
  | "geojson"
  | "geojson_help"
  | "permanent"
  | "embed"
  | "element"
  | "element_help"
  | "iframe"
  | "iframe_help"
  | "builder"
  | "close";

export const MESSAGES: Messages<Name> = {
  fr: {
    share: "Partager",
    share_help: "Cette adresse montre ce que vous voyez : vue, filtres, recherche et fiche ouverte.",
    share_native: "Partager avec…",
    address: "Adresse",
    copy: "Copier",
    copied: "Copié",
    copy_by_hand: "Le texte est sélectionné : copiez-le avec Ctrl+C (ou ⌘C).",
    download: "Télécharger",
    which: "Lignes",
    filtered: "Lignes filtrées ({count})",
    whole: "Toutes les lignes ({count})",
    csv: "CSV",
    csv_help: "le texte des cellules, tel quel",
    xlsx: "XLSX",
    xlsx_help: "pour un tableur",
    parquet: "Parquet",
    parquet_help: "pour l’analyse de données",
    standards: "Toutes les lignes, au format d’un autre standard",
    json: "JSON",
    json_help: "pour un programme",
    geojson: "GeoJSON",
    geojson_help: "pour une carte",
    permanent: "Adresse permanente de cette version du fichier",
    embed: "Intégrer dans une page",
    element: "Élément",
    element_help: "S'adapte à la page. Le script n'est à mettre qu'une fois.",
    iframe: "Cadre (iframe)",
    iframe_help: "Pour les sites qui n'acceptent pas de script.",
    builder: "Choisir la vue, les filtres, la hauteur, les couleurs…",
    close: "Fermer",
  },
  en: {
    share: "Share",
    share_help: "This address shows what you see: view, filters, search and open card.",
    share_native: "Share with…",
    address: "Address",
    copy: "Copy",
    copied: "Copied",
    copy_by_hand: "The text is selected: copy it with Ctrl+C (or ⌘C).",
    download: "Download",
    which: "Rows",
    filtered: "Filtered rows ({count})",
    whole: "All rows ({count})",
    csv: "CSV",
    csv_help: "the cells' text, as it is",
    xlsx: "XLSX",
    xlsx_help: "for a spreadsheet",
    parquet: "Parquet",
    parquet_help: "for data analysis",
    standards: "All rows, as another standard has them",
    json: "JSON",
    json_help: "for a program",
    geojson: "GeoJSON",
    geojson_help: "for a map",
    permanent: "Permanent address of this version of the file",
    embed: "Embed in a page",
    element: "Element",
    element_help: "Adapts to the page. The script is needed only once.",
    iframe: "Frame (iframe)",
    iframe_help: "For sites that accept no script.",
    builder: "Choose the view, filters, height, colours…",
    close: "Close",
  },
};
