// The layout of the widget: by its own width, for it may stand in a narrow column of a wide page.

import { css } from "lit";

export const widgetStyles = css`
  :host {
    display: block;
    padding: var(--retouche-padding, 0);
    border-radius: var(--_radius);
    background: var(--_surface);
    text-align: start;
  }
  :host([theme="dark"]) {
    padding: var(--retouche-padding, 12px);
  }
  .widget {
    container: widget / inline-size;
    position: relative;
    display: flex;
    flex-direction: column;
    gap: var(--_gap);
  }
  .panel {
    display: flex;
    flex-direction: column;
    gap: var(--_gap);
    min-width: 0;
  }
  :host([data-full]),
  :host(:fullscreen) {
    padding: 16px;
    overflow: auto;
  }
  :host([data-full]) {
    position: fixed;
    inset: 0;
    z-index: 2147483000;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    justify-content: space-between;
  }
  h2 {
    flex: 1 1 11em;
    margin: 0;
    font-size: calc(1.375 * var(--_rem));
    font-weight: 650;
    line-height: 1.25;
    overflow-wrap: anywhere;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .finding {
    display: flex;
    flex: 1 1 420px;
    flex-wrap: wrap;
    gap: 8px;
    min-width: 0;
  }
  .finding:empty {
    display: none;
  }
  .finding retouche-search {
    flex: 1 1 200px;
    min-width: 0;
  }
  .tabs {
    display: flex;
    gap: 4px;
    overflow-x: auto;
    border-bottom: 1px solid var(--_line);
  }
  .tabs button {
    flex: none;
    min-height: 40px;
    border: 0;
    border-bottom: 3px solid transparent;
    border-radius: var(--_radius) var(--_radius) 0 0;
    background: none;
    color: var(--_muted);
    font-weight: 600;
  }
  .tabs button:hover {
    background: var(--_raised);
  }
  .tabs button:focus-visible {
    outline-offset: -3px;
  }
  .tabs button[aria-selected="true"] {
    border-bottom-color: var(--_accent);
    color: var(--_accent);
  }
  .views {
    display: inline-flex;
    flex-wrap: wrap;
    max-width: 100%;
    padding: 3px;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) + 2px);
    background: var(--_raised);
  }
  .views button {
    min-height: 34px;
    padding: 0 12px;
    border: 1px solid transparent;
    background: none;
    white-space: nowrap;
  }
  .views button[aria-pressed="true"] {
    border-color: var(--_control-line);
    background: var(--_surface);
    color: var(--_accent);
    font-weight: 600;
    box-shadow: 0 1px 2px rgb(0 0 0 / 0.12);
  }
  .badge {
    min-width: 1.5em;
    padding: 0 0.4em;
    border-radius: 1em;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: calc(0.8125 * var(--_rem));
    line-height: 1.5;
    text-align: center;
  }
  .told {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    justify-content: space-between;
    min-height: 36px;
  }
  .count {
    margin: 0;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--_gap);
    min-width: 0;
  }
  .view {
    min-width: 0;
  }
  .credits {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    align-items: center;
    margin: 0;
    padding: 8px 0 0;
    border-top: 1px solid var(--_line);
    color: var(--_muted);
    font-size: calc(0.875 * var(--_rem));
    list-style: none;
  }
  .credits a {
    display: inline-flex;
    min-height: 24px;
    align-items: center;
    color: inherit;
  }
  .credits img {
    display: block;
    width: auto;
    max-width: 100%;
  }
  /* Of a height that the page chose: the rows scroll, and all of it where there is little room. */
  :host([height]:not([height="auto"]):not([data-full]):not(:fullscreen)) {
    height: var(--_height);
    overflow: auto;
  }
  :host([height]:not([height="auto"]):not([data-full]):not(:fullscreen)) .widget {
    min-height: 100%;
  }
  :host([height]:not([height="auto"]):not([data-full]):not(:fullscreen)) .panel {
    flex: 1 1 auto;
  }
  :host([height]:not([height="auto"]):not([data-full]):not(:fullscreen)) .body {
    container-type: size;
    flex: 1 1 0;
    min-height: 240px;
    overflow: auto;
  }
  :host([height]:not([height="auto"]):not([data-full]):not(:fullscreen)) .view {
    --retouche-table-height: calc(100cqb - 52px);
    /* Less the search around a place, and the word on the base map. */
    --_map-height: max(240px, 100cqb - 132px);
  }
  @container widget (min-width: 56.25em) {
    .body.filtering {
      grid-template-columns: 280px minmax(0, 1fr);
      align-items: start;
    }
  }
  @container widget (max-width: 35em) {
    h2 {
      font-size: calc(1.1875 * var(--_rem));
    }
    .views {
      display: flex;
      flex: 1 1 100%;
    }
    .views button {
      flex: 1 1 auto;
      padding: 0 4px;
      font-size: calc(0.875 * var(--_rem));
    }
    .views svg {
      display: none;
    }
    .finding {
      flex: 1 1 100%;
    }
    .finding retouche-search {
      flex: 1 1 100%;
    }
    .finding button {
      flex: 1 1 0;
    }
    .actions {
      flex-wrap: nowrap;
      width: 100%;
    }
    .actions button {
      flex: 1 1 0;
      line-height: 1.25;
    }
  }
  @container widget (max-width: 21.25em) {
    .views button {
      flex-basis: 40%;
    }
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  @media print {
    .controls,
    .tabs,
    .actions,
    retouche-toolbar {
      display: none;
    }
  }
`;
