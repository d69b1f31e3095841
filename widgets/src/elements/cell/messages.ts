// What cells say beside their values.

import type { Messages } from "../../model/messages";

export const MESSAGES: Messages<
  "none" | "external" | "more" | "close" | "show_image" | "image_of" | "image_failed" | "image_from"
> = {
  fr: {
    none: "pas de valeur",
    external: "(autre site, nouvel onglet)",
    more: "Lire la suite",
    close: "Fermer",
    show_image: "Afficher l'image",
    image_of: "{field}",
    image_failed: "L'image n'a pas pu être chargée.",
    image_from: "L'image vient du site {host}.",
  },
  en: {
    none: "no value",
    external: "(another site, new tab)",
    more: "Read more",
    close: "Close",
    show_image: "Show the image",
    image_of: "{field}",
    image_failed: "The image could not be loaded.",
    image_from: "The image comes from the site {host}.",
  },
};
