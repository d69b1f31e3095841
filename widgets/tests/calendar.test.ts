// The next passages of something that comes back, from rows that tell when.

import { describe, expect, test } from "vitest";
import { type CalendarFields, parityIn, passages, weekdayIn } from "../src/elements/cards/calendar";
import { dayOf, isoWeek, weekday, writeDay } from "../src/elements/hours/days";
import { isHoliday } from "../src/elements/hours/holidays";
import { formatDayHours } from "../src/elements/hours/writing";
import type { Row } from "../src/model/field";
import { Chance } from "./chance";

const FIELDS: CalendarFields = {
  day: "jour",
  weeks: "semaine",
  dates: "dates",
  hours: "horaires",
  from: "du",
  to: "au",
};
const SUNDAY = dayOf(2026, 11, 22);

function next(
  rows: Row | Row[],
  { day = SUNDAY, minute = 600, limit = 4 } = {},
): string[] {
  return passages([rows].flat(), FIELDS, { day, minute }, limit).map(
    (one) => `${writeDay(one.day)} ${one.text || formatDayHours(one.spans)}`.trim(),
  );
}

describe("passages", () => {
  test("come back each week", () => {
    const row = { jour: "mardi", semaine: "toutes", horaires: "Tu 09:00-12:00,13:30-15:00" };
    expect(next(row, { limit: 2 })).toEqual([
      "2026-11-24 09:00 - 12:00 / 13:30 - 15:00",
      "2026-12-01 09:00 - 12:00 / 13:30 - 15:00",
    ]);
  });

  test("come back every other week by its ISO number, over the turn of a year with 53", () => {
    const row = { jour: "jeudi", semaine: "impaire", horaires: "Th 09:00-12:00" };
    expect(next(row, { day: dayOf(2026, 12, 20) }).map((one) => one.slice(0, 10))).toEqual([
      "2026-12-31",
      "2027-01-07",
      "2027-01-21",
      "2027-02-04",
    ]);
  });

  test("leave public holidays out when the hours say so", () => {
    const row = { jour: "vendredi", semaine: "toutes", horaires: "Fr 09:00-12:00; PH off" };
    const days = next(row, { day: dayOf(2026, 12, 20), limit: 3 }).map((one) => one.slice(0, 10));
    expect(days).toEqual(["2027-01-08", "2027-01-15", "2027-01-22"]);
  });

  test("follow dates, hours of the week-day of each", () => {
    const row = { dates: "2026-11-14;2026-12-12;2027-05-08", horaires: "Sa 09:30-12:30; PH off" };
    expect(next(row)).toEqual(["2026-12-12 09:30 - 12:30"]);
    expect(next({ dates: "2026-12-15, 2026-12-20" })).toEqual(["2026-12-15", "2026-12-20"]);
    expect(next({ dates: "2026-12-15", horaires: "Sa 09:30-12:30" })).toEqual(["2026-12-15"]);
  });

  test("keep within the first and the last day", () => {
    const row = { jour: "lundi", horaires: "Mo 09:00-10:00", du: "2026-12-01", au: "2026-12-10" };
    expect(next(row)).toEqual(["2026-12-07 09:00 - 10:00"]);
    expect(next({ ...row, au: "2026-11-01" })).toEqual([]);
  });

  test("of today are told until their end", () => {
    const row = { jour: "Dimanche", horaires: "Su 09:00-12:00" };
    expect(next(row, { minute: 700, limit: 1 })).toEqual(["2026-11-22 09:00 - 12:00"]);
    expect(next(row, { minute: 720, limit: 1 })).toEqual(["2026-11-29 09:00 - 12:00"]);
  });

  test("with hours that are not understood show them as they are", () => {
    const row = { jour: "lundi", horaires: "le matin <b>" };
    expect(next(row, { limit: 1 })).toEqual(["2026-11-23 le matin <b>"]);
  });

  test("that nothing dates are not made up", () => {
    expect(next({ jour: "", horaires: "le matin" })).toEqual([]);
    expect(next({ jour: "un jour", horaires: "09:00 - 12:00" })).toEqual([]);
    const hours = { horaires: "Mo 09:00-12:00" };
    expect(next(hours, { limit: 1 })).toEqual(["2026-11-23 09:00 - 12:00"]);
  });

  test("of several rows are in order, by day and hour, and at most as many as asked for", () => {
    const rows: Row[] = [
      { jour: "mardi", horaires: "Tu 14:00-15:00" },
      { jour: "mardi", horaires: "Tu 09:00-10:00" },
      { jour: "lundi", semaine: "paire", horaires: "Mo 09:00-10:00" },
    ];
    expect(next(rows, { limit: 3 })).toEqual([
      "2026-11-23 09:00 - 10:00",
      "2026-11-24 09:00 - 10:00",
      "2026-11-24 14:00 - 15:00",
    ]);
  });

  test("keep what their row says, whatever the row", () => {
    const chance = new Chance(7);
    const words = "lundi mardi mercredi jeudi vendredi samedi".split(" ");
    for (let turn = 0; turn < 100; turn += 1) {
      const jour = chance.of(words);
      const semaine = chance.of(["toutes", "paire", "impaire"]);
      const day = SUNDAY + chance.below(400);
      const row = { jour, semaine, horaires: "09:00-12:00; PH off" };
      const found = passages([row], FIELDS, { day, minute: 0 }, 10);
      expect(found.length).toBe(10);
      for (const one of found) {
        expect(one.day).toBeGreaterThanOrEqual(day);
        expect(weekday(one.day)).toBe(words.indexOf(jour));
        expect(isHoliday(one.day)).toBe(false);
        const parity = parityIn(semaine);
        if (parity !== null) expect(isoWeek(one.day) % 2).toBe(parity);
      }
    }
  });
});

test("days and weeks are known by their words in both languages", () => {
  expect(["Lundi", "wednesday", "Su", "sam.", "férié", ""].map(weekdayIn)).toEqual([
    ...[0, 2, 6, 5, null, null],
  ]);
  expect(["paire", "Semaines impaires", "odd", "even weeks", "toutes", ""].map(parityIn)).toEqual([
    ...[0, 1, 1, 0, null, null],
  ]);
});
