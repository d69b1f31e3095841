// The look of charts.

import { css } from "lit";

export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
  }
  figure {
    display: flex;
    flex: 1;
    flex-direction: column;
    margin: 0;
  }
  figcaption {
    margin-bottom: 8px;
    line-height: 1.35;
  }
  .title {
    display: block;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .subtitle,
  .note {
    display: block;
    margin: 0;
    color: var(--_muted);
    font-size: calc(0.8125 * var(--_rem));
  }
  .note {
    margin-top: 8px;
  }
  .plot {
    position: relative;
  }
  svg {
    display: block;
    overflow: visible;
    max-width: 100%;
  }
  svg text {
    font-family: inherit;
    pointer-events: none;
  }
  .selectable [data-mark] {
    cursor: pointer;
  }
  .marks {
    position: absolute;
    inset: -4px;
    border-radius: var(--_radius);
    pointer-events: none;
    overflow: hidden;
    clip-path: none;
  }
  .marks > * {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .tip {
    position: absolute;
    top: 0;
    left: 0;
    z-index: 1;
    width: max-content;
    max-width: min(260px, 100%);
    padding: 4px 10px;
    border-radius: var(--_radius);
    background: var(--_text);
    color: var(--_surface);
    font-size: calc(0.8125 * var(--_rem));
    line-height: 1.4;
    overflow-wrap: anywhere;
    pointer-events: none;
  }
  .tip strong {
    display: block;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin: auto 0 0 -8px;
    padding-top: 8px;
  }
  .tools button {
    min-height: 28px;
    padding: 0 8px;
    color: var(--_muted);
    font-size: calc(0.8125 * var(--_rem));
  }
  .tools svg.icon {
    width: 1em;
    height: 1em;
  }
  .table {
    max-height: 420px;
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: calc(0.875 * var(--_rem));
  }
  th,
  td {
    padding: 5px 8px;
    border-bottom: 1px solid var(--_line);
    font-weight: 400;
    text-align: left;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  thead th {
    position: sticky;
    top: 0;
    background: var(--_surface);
    color: var(--_muted);
    font-weight: 600;
  }
  tfoot > tr > * {
    border-bottom: 0;
    font-weight: 600;
  }
  .number {
    text-align: right;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  thead .number {
    white-space: normal;
  }
  .figures {
    display: flex;
    flex-wrap: wrap;
    gap: 16px 24px;
    container-type: inline-size;
  }
  .figure {
    flex: 1 1 calc(9.375 * var(--_rem));
    min-width: 0;
    padding-left: 12px;
    border-left: 4px solid var(--_mark, var(--_accent));
  }
  .figure .value {
    display: block;
    font-size: clamp(1.375 * var(--_rem), 7cqi, 1.875 * var(--_rem));
    font-weight: 600;
    line-height: 1.2;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  .figure .value.words {
    font-size: calc(1.125 * var(--_rem));
    letter-spacing: 0;
  }
  .figure .unit {
    font-size: var(--_rem);
    font-weight: 400;
    letter-spacing: 0;
  }
  .figure .label {
    color: var(--_muted);
    font-size: calc(0.875 * var(--_rem));
  }
  :host([compact]) .figure .value {
    font-size: calc(1.25 * var(--_rem));
  }
  .sentences {
    margin: 0;
    padding-left: 1.1em;
  }
  .sentences li + li {
    margin-top: 4px;
  }
  .timeline {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .timeline li {
    position: relative;
    padding: 0 0 14px 22px;
    border-left: 2px solid var(--_line);
    margin-left: 6px;
  }
  .timeline li:first-child {
    border-image: linear-gradient(transparent 10px, var(--_line) 10px) 1;
  }
  .timeline li:last-child {
    padding-bottom: 0;
    border-color: transparent;
    border-image: none;
  }
  .timeline li::before {
    content: "";
    position: absolute;
    top: 5px;
    left: -8px;
    width: 14px;
    height: 14px;
    border: 3px solid var(--_surface);
    border-radius: 50%;
    background: var(--_mark, var(--_accent));
  }
  .timeline time {
    display: block;
    color: var(--_muted);
    font-size: calc(0.8125 * var(--_rem));
  }
  .waiting {
    border-radius: var(--_radius);
    background: var(--_raised);
  }
`;
