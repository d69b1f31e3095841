// What a project changes for people: sentences, indicators before and after, who gains and loses.

import { html, nothing, type TemplateResult } from "lit";
import type { Locale } from "../../model/texts";
import { formatNumber } from "../../model/values";
import type { Access, Band, Impact, IndicatorImpact } from "./calls";
import type { Touched } from "./canvas";
import type { ScenarioWords } from "./messages";

/** Rows of the table beside the map; the others are in the API. */
export const SHOWN = 50;

/** A value of an indicator as a reader reads it. */
export function valueText(
  value: number | string | null | undefined,
  { digits, unit }: Pick<IndicatorImpact, "digits" | "unit">,
  locale: Locale,
): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "string") {
    const number = Number(value);
    if (!/^-?\d+(\.\d+)?$/.test(value)) return value;
    return valueText(number, { digits, unit }, locale);
  }
  const text = formatNumber(value, locale, digits ?? undefined);
  return unit ? `${text} ${unit}` : text;
}

/** What there is more, with its sign; the empty text where nothing is known or changes. */
export function differenceText(
  { before, after, digits, unit }: Pick<IndicatorImpact, "before" | "after" | "digits" | "unit">,
  locale: Locale,
): string {
  if (typeof before !== "number" || typeof after !== "number" || before === after) return "";
  const text = valueText(Math.abs(after - before), { digits, unit }, locale);
  return `${after > before ? "+" : "−"} ${text}`;
}

/** The indicators of which places can be shown on a map, those that people gain or lose by. */
export const mappable = (impact: Impact): IndicatorImpact[] =>
  impact.indicators.filter(({ rows }) =>
    rows.some((one) => one.latitude !== null && one.longitude !== null && one.gains !== null),
  );

export function touchedBy(indicator: IndicatorImpact): Touched[] {
  return indicator.rows.flatMap(({ latitude, longitude, people, gains }): Touched[] => {
    if (gains === null || latitude === null || longitude === null) return [];
    return [{ latitude, longitude, gain: gains, people: people ?? 0 }];
  });
}

function counted(
  { rows, people }: { rows: number; people: number | null },
  say: ScenarioWords,
): string {
  if (!rows) return "–";
  return people === null ? say("rows", { count: rows }) : say("people", { count: people });
}

export function indicatorsTable(
  impact: Impact,
  say: ScenarioWords,
  locale: Locale,
): TemplateResult {
  const head = ["indicator", "before", "after", "difference", "gained", "lost"] as const;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${say("indicators")}>
    <table>
      <caption>${say("indicators")}</caption>
      <thead><tr>${head.map((one) => html`<th scope="col">${say(one)}</th>`)}</tr></thead>
      <tbody>
        ${impact.indicators.map(
          (one) =>
            html`<tr>
              <th scope="row">${one.title}</th>
              <td>${valueText(one.before, one, locale)}</td>
              <td>${valueText(one.after, one, locale)}</td>
              <td>${differenceText(one, locale) || say("unchanged")}</td>
              <td>${counted(one.gained, say)}</td>
              <td>${counted(one.lost, say)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function accessTable(access: Access, say: ScenarioWords, locale: Locale): TemplateResult {
  const caption = say("access", { title: access.title });
  const count = (value: number): string => formatNumber(value, locale, 0);
  const lines = (bands: readonly Band[]): TemplateResult[] =>
    bands.map(
      (band) =>
        html`<tr>
          <th scope="row">${say("within", { km: formatNumber(band.kilometres, locale) })}</th>
          <td>${count(band.before)}</td>
          <td>${count(band.after)}</td>
          <td>${count(band.gained)}</td>
          <td>${count(band.lost)}</td>
        </tr>`,
    );
  const head = html`<thead>
    <tr>
      <td></td>
      ${(["before", "after", "gained", "lost"] as const).map(
        (one) => html`<th scope="col">${say(one)}</th>`,
      )}
    </tr>
  </thead>`;
  const changed = access.territories.filter(({ bands }) =>
    bands.some((one) => one.gained || one.lost),
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}>
      <table><caption>${caption}</caption>${head}<tbody>${lines(access.bands)}</tbody></table>
    </div>
    ${changed.map(
      (one) =>
        html`<details>
          <summary>${one.label}</summary>
          <div class="scroll" tabindex="0" role="region" aria-label=${`${caption}, ${one.label}`}>
            <table><caption>${one.label}</caption>${head}<tbody>${lines(one.bands)}</tbody></table>
          </div>
        </details>`,
    )}`;
}

/** The table that says what the coloured points of the map say. */
export function touchedTable(
  indicator: IndicatorImpact,
  say: ScenarioWords,
  locale: Locale,
): TemplateResult {
  const caption = `${say("touched")}${locale === "fr" ? " : " : ": "}${indicator.title}`;
  const rows = indicator.rows.filter(({ gains }) => gains !== null);
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}>
      <table>
        <caption>${caption}</caption>
        <thead>
          <tr>
            ${(["place", "inhabitants", "before", "after", "effect"] as const).map(
              (one) => html`<th scope="col">${say(one)}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.slice(0, SHOWN).map(
            (row) =>
              html`<tr>
                <th scope="row">${row.label}</th>
                <td>${row.people === null ? "–" : formatNumber(row.people, locale, 0)}</td>
                <td>${valueText(row.before, indicator, locale)}</td>
                <td>${valueText(row.after, indicator, locale)}</td>
                <td>${say(row.gains ? "gains" : "loses")}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${Math.max(rows.length, indicator.total_rows) > SHOWN
      ? html`<p class="quiet small">${say("touched_rest", { count: SHOWN })}</p>`
      : nothing}`;
}
