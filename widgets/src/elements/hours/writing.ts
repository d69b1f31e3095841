// Opening hours written back to a cell, in the form that `reading.ts` reads.

import { DAYS, MONTHS } from "./reading";
import {
  type DateSpan,
  type Hours,
  MIDNIGHT,
  type PartialDate,
  type Rule,
  type Span,
  type WeekdaySpan,
} from "./rules";

/** Hours of one day as `09:00 - 12:00 / 13:30 - 17:00`, rules in OpenStreetMap's syntax. */
export function formatHours(hours: Hours): string {
  if (hours.kind === "day") return formatDayHours(hours.spans);
  const rules = hours.rules
    .map((rule, index) => (index ? (rule.joined ? ", " : "; ") : "") + ruleText(rule))
    .join("");
  return hours.otherwise ? `${rules} || "${hours.otherwise}"` : rules;
}

export function formatDayHours(spans: readonly Span[]): string {
  return spans.map(({ from, to }) => `${time(from)} - ${time(to)}`).join(" / ");
}

/** `09:00`; the end of a day is `24:00`. */
export function time(minute: number): string {
  const within = minute > MIDNIGHT ? minute - MIDNIGHT : minute;
  return `${two(Math.floor(within / 60))}:${two(within % 60)}`;
}

const two = (number: number): string => String(number).padStart(2, "0");

function ruleText(rule: Rule): string {
  const { dates, weeks, weekdays, holidays, spans, state, comment } = rule;
  const days = weekdays.map(weekdaysText).join(",");
  const named = { "": days, too: `PH,${days}`, only: `PH ${days}`.trim() }[holidays];
  const parts = [
    dates.map(datesText).join(","),
    weeks.length ? `week ${weeks.map(weeksText).join(",")}` : "",
    named,
    spans.map(({ from, to }) => `${time(from)}-${time(to)}`).join(","),
  ].filter(Boolean);
  if (!parts.length && state === "open") parts.push("24/7");
  if (state !== "open" && (parts.length || state === "off" || !comment)) parts.push(state);
  if (comment) parts.push(`"${comment}"`);
  return parts.join(" ");
}

const weeksText = ({ from, to, step }: { from: number; to: number; step: number }): string =>
  from === to && step === 1 ? two(from) : `${two(from)}-${two(to)}${step > 1 ? `/${step}` : ""}`;

function weekdaysText({ from, to, nth }: WeekdaySpan): string {
  if (nth.length) return `${DAYS[from]}[${nth.join(",")}]`;
  return from === to ? DAYS[from]! : `${DAYS[from]}-${DAYS[to]}`;
}

function datesText({ from, to }: DateSpan): string {
  const first = dateText(from);
  const same = from.year === to.year && from.month === to.month && from.day === to.day;
  return same ? first : `${first}-${dateText(to)}`;
}

function dateText({ year, month, day }: PartialDate): string {
  return [
    year === null ? "" : String(year).padStart(4, "0"),
    month === null ? "" : MONTHS[month - 1],
    day === null ? "" : two(day),
  ]
    .filter(Boolean)
    .join(" ");
}
