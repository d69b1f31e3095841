// Under a chart: its values before and after a proposal, where they differ.

import { html, type TemplateResult } from "lit";
import type { ChartModel } from "../elements/charts/model";
import type { Locale } from "../model/texts";
import { previewWords } from "./messages";

const MOST = 12;

/** A value of a chart that is not the same on both sides; null where a side has none. */
export interface ChangedFigure {
  label: string;
  before: string | null;
  after: string | null;
}

/** The values that differ, in the order of the chart after, then what only the one before has. */
export function changedFigures(
  before: ChartModel | null,
  after: ChartModel | null,
): ChangedFigure[] {
  const old = figuresOf(before);
  const next = figuresOf(after);
  const labels = new Set([...next.keys(), ...old.keys()]);
  return [...labels].flatMap((label) => {
    const pair = { before: old.get(label) ?? null, after: next.get(label) ?? null };
    return pair.before === pair.after ? [] : [{ label, ...pair }];
  });
}

function figuresOf(model: ChartModel | null): Map<string, string> {
  const found = new Map<string, string>();
  const several = (model?.series.length ?? 0) > 1;
  for (const { name, points } of model?.series ?? []) {
    for (const { label, value, text, unit } of points) {
      if (value === null) continue;
      const said = [text, unit ?? model!.unit].filter(Boolean).join("\u00a0");
      found.set(several && name ? `${label} · ${name}` : label, said);
    }
  }
  return found;
}

/** Both sides of what changes in a chart, in words. */
export function figureNote(
  before: ChartModel | null,
  after: ChartModel | null,
  locale: Locale,
): TemplateResult {
  const say = previewWords(locale);
  const changed = changedFigures(before, after);
  if (!changed.length) return html`<p class="said">${say("chart_same")}</p>`;
  const rest = changed.length - MOST;
  const group = after?.pointsName || before?.pointsName || say("chart_group");
  return html`<div class="compared">
    <table>
      <caption>
        ${say("chart")}
      </caption>
      <thead>
        <tr>
          <th scope="col">${group}</th>
          <th scope="col">${say("before")}</th>
          <th scope="col">${say("after")}</th>
        </tr>
      </thead>
      <tbody>
        ${changed.slice(0, MOST).map(
          (one) =>
            html`<tr>
              <th scope="row">${one.label}</th>
              <td>${one.before ?? say("chart_none")}</td>
              <td>${one.after ?? say("chart_none")}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${rest > 0 ? html`<p class="said">${say("chart_more", { n: rest })}</p>` : ""}
  </div>`;
}
