// Opening hours: read, written back, and asked whether it is open.

import { describe, expect, test } from "vitest";
import { parseDayHours } from "../src/elements/hours/daily";
import {
  dayOf,
  isoWeek,
  readDay,
  wallClock,
  weekday,
  writeDay,
} from "../src/elements/hours/days";
import { easter, isHoliday } from "../src/elements/hours/holidays";
import { MESSAGES } from "../src/elements/hours/messages";
import { DAYS, hoursOfDays, MONTHS, parseHours } from "../src/elements/hours/reading";
import {
  holidaysOf,
  type Hours,
  isOpen,
  isWeekly,
  nextChange,
  onDay,
} from "../src/elements/hours/rules";
import { statusAt } from "../src/elements/hours/words";
import { formatDayHours, formatHours } from "../src/elements/hours/writing";
import { speaker } from "../src/model/messages";
import { Chance } from "./chance";
import EXAMPLES from "./hours.examples.json";

const SUNDAY = dayOf(2026, 11, 22);
const MONDAY = SUNDAY + 1;
const at = (day: number, time: string): { day: number; minute: number } => {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return { day, minute: hour * 60 + minute };
};
const read = (text: string): Hours => {
  const found = parseHours(text);
  expect(found, text).not.toBeNull();
  return found!;
};
const spansOf = (text: string, day: number): string =>
  formatDayHours(onDay(read(text), day).spans);

describe("days", () => {
  test("a day is counted, written and read back", () => {
    expect(writeDay(SUNDAY)).toBe("2026-11-22");
    expect(readDay("2026-11-22")).toBe(SUNDAY);
    expect(readDay("2026-02-30")).toBeNull();
    expect(readDay("demain")).toBeNull();
    expect(weekday(SUNDAY)).toBe(6);
    expect(weekday(dayOf(1969, 12, 29))).toBe(0);
  });

  test("weeks are numbered as ISO 8601 does, at the turn of the year too", () => {
    const weeks: [string, number][] = [
      ["2026-01-01", 1],
      ["2026-11-22", 47],
      ["2026-12-31", 53],
      ["2027-01-03", 53],
      ["2027-01-04", 1],
      ["2024-12-30", 1],
      ["2021-01-03", 53],
    ];
    for (const [text, week] of weeks) expect(isoWeek(readDay(text)!), text).toBe(week);
  });

  test("a wall clock is that of the place, whatever the reader's own", () => {
    const moment = new Date("2026-11-22T23:30:00Z");
    expect(wallClock(moment)).toEqual(at(MONDAY, "00:30"));
    expect(wallClock(moment, "America/Martinique")).toEqual(at(SUNDAY, "19:30"));
    expect(wallClock(moment, "Nowhere/At_All")).toEqual(at(MONDAY, "00:30"));
    expect(wallClock(new Date("2026-07-14T10:00:00Z"))).toEqual(at(dayOf(2026, 7, 14), "12:00"));
  });

  test("Easter and the holidays that follow it are computed", () => {
    const sundays = [
      ...["2000-04-23", "2008-03-23", "2024-03-31"],
      ...["2025-04-20", "2026-04-05", "2038-04-25"],
    ];
    for (const one of sundays) expect(writeDay(easter(Number(one.slice(0, 4))))).toBe(one);
    const holidays = Array.from({ length: 365 }, (_, index) => dayOf(2026, 1, 1) + index)
      .filter(isHoliday)
      .map(writeDay);
    expect(holidays).toEqual([
      ...["2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25"],
      ...["2026-07-14", "2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25"],
    ]);
  });
});

describe("the hours of one day", () => {
  test("are read as spans", () => {
    expect(parseDayHours("09:00 - 12:00 / 13:30 - 17:00")).toEqual([
      { from: 540, to: 720 },
      { from: 810, to: 1020 },
    ]);
    expect(parseHours(" 9:00 - 24:00 ")).toEqual({ kind: "day", spans: [{ from: 540, to: 1440 }] });
  });

  test("that make no sense are not understood", () => {
    const faults = [
      ...["", "fermé", "9h-12h", "09:00 - 25:00", "09:00 - 09:00"],
      "13:00 - 17:00 / 09:00 - 12:00",
    ];
    for (const text of faults) expect(parseDayHours(text), text).toBeNull();
  });
});

describe("rules", () => {
  test.each([
    ["24/7", MONDAY, "00:00 - 24:00"],
    ["Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00", MONDAY, "09:00 - 12:00 / 13:30 - 17:00"],
    ["Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00", MONDAY + 5, "09:00 - 12:00"],
    ["Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00", SUNDAY, ""],
    ["Mo-Fr 09:00-17:00; We off", MONDAY + 2, ""],
    ["Mo-Fr 09:00-17:00; Mo 12:00-13:00 off", MONDAY, "09:00 - 12:00 / 13:00 - 17:00"],
    ["Mo-Fr 09:00-12:00, Mo 14:00-16:00", MONDAY, "09:00 - 12:00 / 14:00 - 16:00"],
    ["Mo-Fr 09:00-12:00; Mo 14:00-16:00", MONDAY, "14:00 - 16:00"],
    ["Sa-Mo 10:00-11:00", SUNDAY, "10:00 - 11:00"],
    ["week 1-53/2 Tu 09:00-12:00", MONDAY + 1, ""],
    ["week 2-52/2 Tu 09:00-12:00", MONDAY + 1, "09:00 - 12:00"],
    ["week 01-53/2: Tu 09:00-12:00", MONDAY + 8, "09:00 - 12:00"],
    ["Jan-Mar,Nov Mo 09:00-12:00", MONDAY, "09:00 - 12:00"],
    ["Oct 15-Mar 15 Mo 09:00-12:00", MONDAY, "09:00 - 12:00"],
    ["Jan-Oct Mo 09:00-12:00", MONDAY, ""],
    ["Nov 21,23 09:00-12:00", MONDAY, "09:00 - 12:00"],
    ["2026 Dec 25-2027 Jan 03 off; Mo 09:00-12:00", dayOf(2026, 12, 28), "09:00 - 12:00"],
    ["Mo 09:00-12:00; 2026 Dec 25-2027 Jan 03 off", dayOf(2026, 12, 28), ""],
    ["2027 Mo 09:00-12:00", MONDAY, ""],
    ["Mo[4] 09:00-12:00", MONDAY, "09:00 - 12:00"],
    ["Mo[-1] 09:00-12:00", MONDAY, ""],
    ["Mo[-1] 09:00-12:00", MONDAY + 7, "09:00 - 12:00"],
    ["We 09:00-12:00; PH off", dayOf(2026, 11, 11), ""],
    ["We 09:00-12:00", dayOf(2026, 11, 11), "09:00 - 12:00"],
    ["Sa,PH 10:00-11:00", dayOf(2026, 11, 11), "10:00 - 11:00"],
    ["PH Sa 10:00-11:00", dayOf(2026, 11, 11), ""],
    ["Mo 22:00-02:00", MONDAY, "22:00 - 02:00"],
    ['Mo unknown "sur rendez-vous"', MONDAY, ""],
  ])("%s on day %i is %j", (text, day, spans) => {
    expect(spansOf(text, day)).toBe(spans);
  });

  test.each(EXAMPLES)("%s is read, and valid for the server too", (text) => {
    expect(read(text).kind).toBe("rules");
  });

  test("comments are told on their days", () => {
    const hours = read('Mo 09:00-12:00 "sur rendez-vous"; Tu off "congés" || "par téléphone"');
    expect(onDay(hours, MONDAY).comments).toEqual(["sur rendez-vous"]);
    expect(onDay(hours, MONDAY + 1)).toMatchObject({ spans: [], comments: ["congés"] });
    expect(hours).toMatchObject({ otherwise: "par téléphone" });
    expect(onDay(read('"sur rendez-vous"'), MONDAY).unknown).toBe(true);
    expect(onDay(read('""'), MONDAY).unknown).toBe(true);
  });

  test.each([
    ...["Mo-Fr 08:00-25:00", "lundi 09:00-12:00", "mo 09:00-12:00", "Mo 9h-12h", "Mo-", "week", ""],
    ...["Mo-Fr: 09:00-12:00", "Mo 10:00-12:00 14:00-15:00", "Mo-Fr 09:00", "Mo-Fr 09:00-12:00;"],
    ...["week 54 Mo", "week 20-10 Mo", "Feb 30 off", "Mo[6] 10:00-12:00", "2026-2024 Mo", 'Mo "x'],
    ...["SH off", "PH,SH off", "PH +1 day off", "easter off", "Mo sunrise-sunset", "10:00+"],
    ...["Mo 10:00-16:00/90", "Mo || Tu 10:00-12:00", '"été":', "Mo;;Tu", "fermé", "<b>Mo</b>"],
  ])("%s is not understood", (text) => {
    expect(parseHours(text)).toBeNull();
  });

  test("what is read is the same after it was written and read again", () => {
    const chance = new Chance(4);
    for (let turn = 0; turn < 600; turn += 1) {
      const text = anyHours(chance);
      const hours = read(text);
      expect(parseHours(formatHours(hours)), `${text} → ${formatHours(hours)}`).toEqual(hours);
    }
  });

  test("what is written keeps the form it had", () => {
    for (const text of [
      "Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00; PH off",
      "24/7",
      "week 01-53/2 Tu 09:00-12:00",
      'Dec 25 off "fermé"',
      '"sur rendez-vous"',
      "09:00 - 12:00 / 13:30 - 17:00",
      "PH,Su 10:00-12:00",
      "2026 Dec 25-2027 Jan 03 off",
    ]) {
      expect(formatHours(read(text))).toBe(text);
    }
  });

  test("the next change is the first moment from which the answer differs", () => {
    const chance = new Chance(5);
    for (let turn = 0; turn < 150; turn += 1) {
      const hours = read(anyHours(chance));
      const start = { day: MONDAY + chance.below(20), minute: chance.below(1440) };
      const open = isOpen(hours, start) === true;
      const change = nextChange(hours, start);
      const until = change ? (change.at.day - start.day) * 1440 + change.at.minute : Infinity;
      if (change) expect(change.open).toBe(!open);
      for (let probe = 0; probe < 40; probe += 1) {
        const reach = until === Infinity ? 20_000 : until - start.minute;
        const moment = start.minute + Math.floor((reach * probe) / 40);
        const when = { day: start.day + Math.floor(moment / 1440), minute: moment % 1440 };
        expect(isOpen(hours, when) === true, formatHours(hours)).toBe(open);
      }
      if (change) expect(isOpen(hours, change.at) === true).toBe(!open);
    }
  });

  test("hours are weekly, and say something of holidays, or not", () => {
    expect(isWeekly(read("Mo-Fr 09:00-12:00; PH off"))).toBe(true);
    expect(isWeekly(read("week 1-53/2 Mo 09:00-12:00"))).toBe(false);
    expect(holidaysOf(read("Mo-Fr 09:00-12:00; PH off"))).toBe("closed");
    expect(holidaysOf(read("Mo-Fr,PH 09:00-12:00"))).toBe("other");
    expect(holidaysOf(read("Mo-Fr 09:00-12:00"))).toBe("");
  });
});

describe("open now", () => {
  const week = hoursOfDays([
    ...Array<string>(5).fill("09:00 - 12:00 / 13:30 - 17:00"),
    null,
  ])!;
  const status = (hours: Hours, day: number, time: string, locale: "fr" | "en" = "fr"): string =>
    statusAt(hours, at(day, time), locale, speaker(MESSAGES, locale)).text;

  test("tells when it closes and when it opens", () => {
    expect(status(week, MONDAY, "14:00")).toBe("Ouvert, ferme à 17:00");
    expect(status(week, MONDAY, "12:00")).toBe("Fermé, ouvre à 13:30");
    expect(status(week, MONDAY, "17:00")).toBe("Fermé, ouvre demain à 09:00");
    expect(status(week, SUNDAY - 2, "18:00")).toBe("Fermé, ouvre lundi à 09:00");
    expect(status(week, SUNDAY - 1, "18:00", "en")).toBe("Closed, opens on Monday at 09:00");
    expect(status(week, SUNDAY, "18:00", "en")).toBe("Closed, opens tomorrow at 09:00");
  });

  test("goes on past midnight and from one span into the next", () => {
    const nights = read("Fr-Sa 22:00-02:00; Su 02:00-05:00");
    expect(status(nights, MONDAY + 4, "23:00")).toBe("Ouvert, ferme à 02:00");
    expect(status(nights, MONDAY + 5, "23:00")).toBe("Ouvert, ferme à 05:00");
    expect(status(read("24/7"), MONDAY, "03:00")).toBe("Ouvert");
    const days = read("Mo-Fr 00:00-24:00");
    expect(status(days, MONDAY, "03:00")).toBe("Ouvert, ferme samedi à 00:00");
  });

  test("knows far days by their date, and that some never come", () => {
    expect(status(read("2027 Jan 12 09:00-12:00"), MONDAY, "10:00")).toBe(
      "Fermé, ouvre le mardi 12 janvier à 09:00",
    );
    expect(status(read("off"), MONDAY, "10:00")).toBe("Fermé");
    expect(status(read('"sur rendez-vous"'), MONDAY, "10:00")).toBe("À vérifier");
  });
});

/** Opening hours made by chance of all that is read. */
function anyHours(chance: Chance): string {
  if (chance.below(8) === 0) return "09:00 - 12:00 / 13:30 - 17:00";
  const rules = Array.from({ length: 1 + chance.below(3) }, () => anyRule(chance));
  return rules.reduce((text, rule) => `${text}; ${rule}`);
}

function anyRule(chance: Chance): string {
  const time = (): string =>
    `${String(chance.below(24)).padStart(2, "0")}:${chance.of(["00", "15", "30", "45"])}`;
  const span = (): string => {
    const from = time();
    const to = time();
    return from === to ? "08:00-24:00" : `${from}-${to}`;
  };
  const month = (): string => chance.of(MONTHS);
  const dates = chance.of([
    ...["", "", "", month(), `${month()} 03-${month()} 25`, "2026", "2026 Dec 24-31"],
  ]);
  const weeks = chance.of(["", "", "", "week 01-53/2", "week 2,4,10-20"]);
  const days = chance.of([
    ...["", `${chance.of(DAYS)}-${chance.of(DAYS)}`, chance.of(DAYS), "Mo,We", "PH", "PH,Su"],
    ...["Mo[1,-1]", "PH Mo-Fr"],
  ]);
  const spans = chance.of(["", span(), `${span()},${span()}`]);
  const state = chance.of(["", "", "off", "closed", "open", "unknown"]);
  const comment = chance.of(["", "", '"sur rendez-vous"']);
  return [dates, weeks, days, spans, state, comment].filter(Boolean).join(" ") || "24/7";
}
