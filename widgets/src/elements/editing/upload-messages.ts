// What is said while a corrected copy of the data is taken in.

import type { Messages } from "../../model/messages";

export type UploadMessage =
  | "close"
  | "title"
  | "intro"
  | "choose"
  | "drop"
  | "chosen"
  | "paste"
  | "paste_hint"
  | "compare"
  | "comparing"
  | "nothing_given"
  | "found"
  | "same"
  | "updated"
  | "inserted"
  | "deleted"
  | "absent"
  | "absent_delete"
  | "notes"
  | "no_change"
  | "take"
  | "another"
  | "replaces"
  | "offline"
  | "wait"
  | "failed";

export const UPLOAD: Messages<UploadMessage> = {
  fr: {
    close: "Fermer",
    title: "Envoyer un fichier corrigé : {resource}",
    intro:
      "Téléchargez les données, corrigez-les dans votre tableur en gardant les titres et la colonne de la clé ({key}), puis donnez votre copie ici. Seules les cellules changées seront proposées, après une relecture.",
    choose: "Choisir un fichier CSV ou XLSX",
    drop: "ou déposez-le ici",
    chosen: "Fichier : {name}",
    paste: "Ou collez des lignes de votre tableur, titres compris",
    paste_hint: "Quelques lignes suffisent ; celles qui manquent restent comme elles sont.",
    compare: "Comparer avec ce qui est publié",
    comparing: "Comparaison en cours…",
    nothing_given: "Choisissez un fichier ou collez des lignes.",
    found: "{count} {count|ligne lue|lignes lues} :",
    same: "{count} {count|ligne identique|lignes identiques}",
    updated: "{count} {count|ligne modifiée|lignes modifiées}",
    inserted: "{count} {count|ligne ajoutée|lignes ajoutées}",
    deleted: "{count} {count|ligne retirée|lignes retirées}",
    absent: "{count} {count|ligne publiée absente|lignes publiées absentes} de votre copie",
    absent_delete: "Proposer aussi de retirer les lignes absentes",
    notes: "À savoir",
    no_change: "Votre copie dit la même chose que ce qui est publié : il n'y a rien à proposer.",
    take: "Vérifier {count} {count|ligne|lignes}",
    another: "Donner une autre copie",
    replaces:
      "Votre brouillon a déjà des corrections : celles qui portent sur les mêmes lignes seront remplacées.",
    offline: "Le serveur ne répond pas. Réessayez dans un moment.",
    wait: "D'autres fichiers sont en cours de comparaison. Réessayez dans {time}.",
    failed: "Le fichier n'a pas pu être comparé. {detail}",
  },
  en: {
    close: "Close",
    title: "Send a corrected file: {resource}",
    intro:
      "Download the data, correct it in your spreadsheet, keep the headings and the column of the key ({key}), then give your copy here. Only the changed cells will be proposed, after a review.",
    choose: "Choose a CSV or XLSX file",
    drop: "or drop it here",
    chosen: "File: {name}",
    paste: "Or paste rows from your spreadsheet, with the headings",
    paste_hint: "A few rows are enough; those that are missing stay as they are.",
    compare: "Compare with what is published",
    comparing: "Comparing…",
    nothing_given: "Choose a file or paste rows.",
    found: "{count} {count|row|rows} read:",
    same: "{count} {count|row is|rows are} the same",
    updated: "{count} changed {count|row|rows}",
    inserted: "{count} added {count|row|rows}",
    deleted: "{count} removed {count|row|rows}",
    absent: "{count} published {count|row is|rows are} not in your copy",
    absent_delete: "Propose to remove the rows that are not in it, too",
    notes: "Good to know",
    no_change: "Your copy says the same as what is published: there is nothing to propose.",
    take: "Review {count} {count|row|rows}",
    another: "Give another copy",
    replaces:
      "Your draft already has corrections: those on the same rows will be replaced.",
    offline: "The server does not answer. Try again in a moment.",
    wait: "Other files are being compared. Try again in {time}.",
    failed: "The file could not be compared. {detail}",
  },
};
