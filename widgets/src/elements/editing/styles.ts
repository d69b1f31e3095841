// The look of forms: fields, chips, days, lists of values.

import { css } from "lit";

export const inputStyles = css`
  :host {
    display: block;
  }
  .field {
    display: grid;
    gap: 4px;
    justify-items: stretch;
  }
  .label {
    font-weight: 600;
  }
  .label .quiet {
    font-weight: 400;
  }
  p {
    margin: 0;
  }
  .quiet {
    color: var(--_muted);
  }
  .small,
  button.small {
    font-size: calc(0.875 * var(--_rem));
    line-height: 1.4;
  }
  button.small {
    min-height: 28px;
  }
  button.icon.small {
    width: 24px;
    min-height: 24px;
  }
  .hints {
    font-size: calc(0.875 * var(--_rem));
    line-height: 1.4;
    white-space: pre-line;
  }
  .wide {
    width: 100%;
  }
  .figure {
    width: min(12em, 100%);
    font-variant-numeric: tabular-nums;
  }
  .day {
    flex: 0 1 auto;
  }
  input.day {
    width: 9em;
  }
  .calendar {
    width: 2.9em;
    padding-inline: 0.5em;
  }
  .row,
  .choice,
  .span {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    align-items: center;
  }
  .choice {
    gap: 6px;
    min-height: 32px;
  }
  textarea {
    display: block;
    min-height: 5em;
    resize: vertical;
    field-sizing: content;
    max-height: 24em;
  }
  .reading {
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .warning {
    color: var(--_warn);
  }
  .previous {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    align-items: center;
    color: var(--_muted);
    overflow-wrap: anywhere;
  }
  .options {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 4px;
    border: 1px solid var(--_control-line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.22);
    overflow: auto;
    list-style: none;
  }
  .options[hidden] {
    display: none;
  }
  [role="option"] {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
    min-height: 32px;
    padding: 4px 8px;
    border-radius: calc(var(--_radius) - 2px);
    cursor: pointer;
  }
  [role="option"]:hover {
    background: var(--_raised);
  }
  [role="option"][aria-selected="true"] {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .code {
    font-size: 0.875em;
    opacity: 0.85;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin: 0 0 6px;
    padding: 0;
    list-style: none;
  }
  .chips .tag {
    display: inline-flex;
    gap: 2px;
    align-items: center;
    padding-right: 2px;
  }
  input.time {
    width: 4.5em;
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
  .days {
    display: grid;
    gap: 6px;
    justify-items: start;
  }
  .days .day {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    align-items: center;
  }
  .name {
    min-width: 6em;
  }
  .spans {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
  }
  .span {
    gap: 4px;
  }
`;
