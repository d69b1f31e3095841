// In a card: what a proposal does to its row, each changed field with both its values.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Resource } from "../model/field";
import type { Locale } from "../model/texts";
import { requestLabels } from "../state/labels";
import type { Session } from "../state/session";
import { theme } from "../styles/theme";
import type { Mark, Side } from "./changes";
import { changeTemplate, markIcon, markWords, wordsOf } from "./marks";
import { previewWords } from "./messages";

export class RetouchePreviewChanges extends LitElement {
  static override properties = {
    session: { attribute: false },
    resource: { attribute: false },
    mark: { attribute: false },
    side: { attribute: false },
    most: { attribute: false },
    locale: { attribute: false },
  };
  static override styles = [
    theme,
    css`
      :host {
        display: block;
        margin: 6px 0;
        padding: 8px 10px;
        border: 1px solid var(--_warn);
        border-left-width: 4px;
        border-radius: var(--_radius);
        background: var(--_changed-surface);
        color: var(--_text);
        font-size: calc(0.9375 * var(--_rem));
      }
      p {
        display: flex;
        gap: 6px;
        align-items: center;
        margin: 0;
        font-weight: 600;
      }
      svg {
        flex: none;
        width: 1.1em;
        height: 1.1em;
      }
      dl {
        margin: 4px 0 0;
      }
      dl > div {
        margin-top: 4px;
      }
      dt {
        color: var(--_muted);
        font-size: calc(0.8125 * var(--_rem));
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      ins {
        font-weight: 600;
        text-decoration: none;
      }
      .none {
        color: var(--_muted);
        font-style: italic;
      }
      .rest {
        margin-top: 4px;
        color: var(--_muted);
        font-weight: 400;
      }
    `,
  ];

  declare session: Session;
  declare resource: Resource;
  declare mark: Mark;
  declare side: Side;
  /** Fields that are listed. */
  declare most: number;
  declare locale: Locale;

  protected override render(): TemplateResult {
    const { session, resource, mark, locale } = this;
    const say = previewWords(locale);
    const fields = Object.entries(mark.cells).flatMap(([name, cell]) => {
      const field = resource.field(name);
      return field ? [{ field, cell }] : [];
    });
    const listed = fields.slice(0, this.most);
    for (const { field, cell } of listed) {
      if (field.foreignKey) requestLabels(session, field, [cell.old, cell.new]);
    }
    const rest = fields.length - listed.length;
    return html`<p>${markIcon(mark)} ${markWords(mark, this.side, locale)}</p>
      ${listed.length
        ? html`<dl>
            ${listed.map(
              ({ field, cell }) =>
                html`<div>
                  <dt>${field.label(locale)}</dt>
                  <dd>
                    ${changeTemplate(
                      wordsOf(session, field, cell.old),
                      wordsOf(session, field, cell.new),
                      locale,
                    )}
                  </dd>
                </div>`,
            )}
          </dl>`
        : nothing}
      ${rest > 0 ? html`<p class="rest">${say("changes_more", { n: rest })}</p>` : nothing}`;
  }
}

customElements.get("retouche-preview-changes") ??
  customElements.define("retouche-preview-changes", RetouchePreviewChanges);
