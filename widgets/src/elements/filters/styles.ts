// The look of one filter, whatever its kind.

import { css } from "lit";

export const choiceStyles = css`
  :host {
    display: block;
    min-width: 0;
  }
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    max-width: 100%;
    padding: 0 0 4px;
    font-size: calc(0.9375 * var(--_rem));
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .choices {
    display: grid;
    max-height: 320px;
    overflow-y: auto;
  }
  label {
    display: flex;
    gap: 8px;
    align-items: center;
    min-height: 32px;
    padding: 2px 4px;
    border-radius: var(--_radius);
    font-size: calc(0.9375 * var(--_rem));
    line-height: 1.3;
    cursor: pointer;
  }
  .choices label:hover {
    background: var(--_raised);
  }
  label span {
    flex: 1 1 auto;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .choices input {
    flex: none;
    width: 20px;
    height: 20px;
    margin: 2px;
  }
  label:has(:focus-visible) {
    outline: 3px solid var(--_accent);
    outline-offset: -2px;
  }
  label :focus-visible {
    outline: none;
  }
  .missing {
    color: var(--_muted);
    font-style: italic;
  }
  small {
    flex: none;
    color: var(--_muted);
    font-size: calc(0.8125 * var(--_rem));
    font-variant-numeric: tabular-nums;
  }
  .none {
    color: var(--_muted);
  }
  .dot {
    flex: none;
    width: 12px;
    height: 12px;
    border: 1px solid var(--_line);
    border-radius: 50%;
  }
  .find {
    width: 100%;
    min-height: 34px;
    margin-bottom: 4px;
    font-size: calc(0.9375 * var(--_rem));
  }
  .more {
    padding: 0 4px;
    color: var(--_accent);
    font-size: calc(0.9375 * var(--_rem));
  }
  .note {
    margin: 4px;
    color: var(--_muted);
    font-size: calc(0.875 * var(--_rem));
  }
  .error {
    margin: 4px 0 0;
    font-size: calc(0.875 * var(--_rem));
  }
  .bounds {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(96px, 1fr));
    gap: 8px;
  }
  .bounds.dates {
    grid-template-columns: repeat(auto-fit, minmax(148px, 1fr));
  }
  .bounds label {
    display: block;
    padding: 0;
    color: var(--_muted);
    font-size: calc(0.875 * var(--_rem));
    cursor: auto;
  }
  .bounds input {
    width: 100%;
    min-height: 36px;
    min-width: 0;
  }
  .bounds label:has(:focus-visible) {
    outline: none;
  }
  .bounds :focus-visible {
    outline: 3px solid var(--_accent);
  }
  .waiting {
    display: grid;
    gap: 8px;
  }
  .waiting i {
    height: 22px;
    border-radius: var(--_radius);
    background: var(--_raised);
  }
`;
