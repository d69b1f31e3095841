// What the control of opening hours says.

import type { Messages } from "../../model/messages";

export const HOURS: Messages<"closed" | "from" | "to" | "copy_to_days" | "copy_to_open"> = {
  fr: {
    closed: "Fermé",
    from: "Plage {number}, de (HH:MM)",
    to: "Plage {number}, à (HH:MM)",
    copy_to_days: "Copier sur les autres jours de semaine",
    copy_to_open: "Copier sur les autres jours",
  },
  en: {
    closed: "Closed",
    from: "Hours {number}, from (HH:MM)",
    to: "Hours {number}, to (HH:MM)",
    copy_to_days: "Copy to the other weekdays",
    copy_to_open: "Copy to the other days",
  },
};
