// What opening hours say.

import type { Messages } from "../../model/messages";

export const MESSAGES = {
  fr: {
    caption: "Horaires de la semaine",
    this_week: "Horaires de cette semaine",
    closed: "Fermé",
    all_day: "24 h sur 24",
    open: "Ouvert",
    open_until: "Ouvert, ferme à {time}",
    open_until_day: "Ouvert, ferme {day} à {time}",
    closed_now: "Fermé",
    opens_at: "Fermé, ouvre à {time}",
    opens_on: "Fermé, ouvre {day} à {time}",
    unknown: "À vérifier",
    tomorrow: "demain",
    on_date: "le {date}",
    today: "aujourd'hui",
    today_hours: "Aujourd'hui : {hours}",
    and: " et ",
    holiday: "C'est un jour férié : ces horaires peuvent ne pas s'appliquer.",
    closed_holidays: "Fermé les jours fériés.",
    other_holidays: "Autres horaires les jours fériés.",
  },
  en: {
    caption: "Hours of the week",
    this_week: "Hours of this week",
    closed: "Closed",
    all_day: "Open 24 hours",
    open: "Open",
    open_until: "Open, closes at {time}",
    open_until_day: "Open, closes {day} at {time}",
    closed_now: "Closed",
    opens_at: "Closed, opens at {time}",
    opens_on: "Closed, opens {day} at {time}",
    unknown: "To be checked",
    tomorrow: "tomorrow",
    on_date: "on {date}",
    today: "today",
    today_hours: "Today: {hours}",
    and: " and ",
    holiday: "Today is a public holiday: these hours may not apply.",
    closed_holidays: "Closed on public holidays.",
    other_holidays: "Other hours on public holidays.",
  },
} satisfies Messages<string>;

export type MessageName = keyof (typeof MESSAGES)["fr"];
