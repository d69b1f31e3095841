// How cards look: what small cards and whole cards share, then the grid of small ones.

import { css } from "lit";

export const blockStyles = css`
  .block,
  .marks,
  .mini-charts {
    margin: 0;
  }
  .heading {
    margin: 0 0 4px;
    font-size: calc(0.9375 * var(--_rem));
    font-weight: 600;
    line-height: 1.35;
  }
  dl,
  dd,
  dt,
  ul,
  figure {
    margin: 0;
    padding: 0;
  }
  ul {
    list-style: none;
  }
  .block > p {
    margin: 0 0 4px;
    overflow-wrap: anywhere;
  }
  address {
    display: flex;
    gap: 8px;
    font-style: normal;
  }
  address > span {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  address .icon,
  .fields .icon {
    flex: none;
    width: 1.125em;
    height: 1.5em;
    color: var(--_muted);
  }
  .fields > div {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    padding: 2px 0;
  }
  .fields > div:not(.labelled) {
    flex-wrap: nowrap;
  }
  .fields dt {
    display: flex;
    gap: 8px;
    color: var(--_muted);
  }
  .fields dd {
    flex: 1 1 auto;
    min-width: 0;
    max-width: 100%;
  }
  .tag-list {
    display: grid;
    gap: 4px;
  }
  .tag-list > div {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    align-items: baseline;
  }
  .tag-list dt {
    color: var(--_muted);
    font-size: 0.875em;
  }
  .tag-list dd {
    min-width: 0;
    max-width: 100%;
  }
  .links a {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-height: 28px;
    overflow-wrap: anywhere;
  }
  .gone .title {
    text-decoration: line-through;
  }
  .changed {
    padding: 0 4px;
    border-radius: 3px;
    background: var(--_changed-surface);
    color: var(--_text);
  }
  .waiting {
    min-height: 48px;
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  .waiting.map {
    height: 260px;
  }
  .waiting.chart {
    height: 240px;
  }
  .figure figcaption {
    color: var(--_muted);
    font-size: 0.875em;
    line-height: 1.35;
  }
  .values {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 24px;
    margin-top: 4px;
  }
  .value {
    margin: 0;
    padding-inline-start: 10px;
    border-inline-start: 4px solid var(--_series, var(--_accent));
    line-height: 1.25;
    overflow-wrap: anywhere;
  }
  .number {
    font-size: calc(1.75 * var(--_rem));
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }
  .number.long {
    font-size: calc(1.125 * var(--_rem));
  }
  .value .unit {
    font-size: 0.875em;
  }
  .value .label {
    display: block;
    color: var(--_muted);
    font-size: 0.875em;
  }
  .sentences {
    margin-top: 4px;
  }
  .sentences li {
    padding: 3px 0 3px 14px;
    border-inline-start: 3px solid var(--_line);
  }
  .note {
    margin: 4px 0 0;
    color: var(--_muted);
    font-size: 0.875em;
  }
  .marks {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .mark {
    display: inline-flex;
    gap: 4px;
    align-items: center;
    padding: 0 8px;
    border-radius: 1em;
    background: var(--_raised);
    font-size: calc(0.8125 * var(--_rem));
    line-height: 24px;
  }
  .mark .icon {
    width: 1em;
    height: 1em;
  }
  .mark.pending {
    background: var(--_warn-surface);
    color: var(--_warn);
  }
  .mark.draft {
    background: var(--_changed-surface);
    color: var(--_text);
  }
`;

export const cardsStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .list {
    --_room: calc((100% - (var(--_per-row, 3) - 1) * var(--_gap)) / var(--_per-row, 3));
    display: grid;
    --_least: min(calc(16.5 * var(--_rem)), 100%);
    grid-template-columns: repeat(auto-fill, minmax(max(var(--_least), var(--_room)), 1fr));
    gap: var(--_gap);
    scroll-margin-top: 12px;
  }
  .list:focus-visible {
    outline-offset: 4px;
  }
  .list.older {
    opacity: 0.55;
    transition: opacity 0.15s 0.15s;
  }
  .mini,
  .ghost {
    display: flex;
    flex-direction: column;
    gap: 10px;
    min-width: 0;
    padding: 16px;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) + 2px);
    background: var(--_surface);
  }
  .mini {
    position: relative;
    transition:
      border-color 0.12s,
      box-shadow 0.12s;
  }
  .mini:hover {
    border-color: var(--_accent);
    box-shadow: 0 2px 10px rgb(0 0 0 / 0.1);
  }
  .mini.drafted {
    border-color: var(--_warn);
  }
  h3 {
    margin: 0;
    font-size: calc(1.0625 * var(--_rem));
    font-weight: 650;
    line-height: 1.35;
    overflow-wrap: anywhere;
  }
  .title {
    display: inline;
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    color: var(--_text);
    font: inherit;
    text-align: start;
    text-decoration: none;
    white-space: normal;
  }
  .title:hover {
    background: none;
    text-decoration: underline;
  }
  .title::after {
    content: "";
    position: absolute;
    inset: 0;
    border-radius: inherit;
  }
  .title:focus-visible {
    outline: none;
  }
  .title:focus-visible::after {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }
  .mini .block a,
  .mini button:not(.title),
  .mini retouche-picture,
  .mini retouche-minimap,
  .mini retouche-related {
    position: relative;
    z-index: 1;
  }
  .mini address,
  .mini .fields {
    font-size: calc(0.9375 * var(--_rem));
  }
  .mini-charts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(calc(9.375 * var(--_rem)), 100%), 1fr));
    gap: 12px;
  }
  .mini .number {
    font-size: calc(1.375 * var(--_rem));
  }
  .mini .number.long {
    font-size: var(--_rem);
  }
  .mini .value:only-child .label {
    display: none;
  }
  .mini .figure figcaption {
    font-size: calc(0.8125 * var(--_rem));
  }
  .actions {
    display: flex;
    justify-content: flex-end;
    margin: auto -8px -8px 0;
  }
  .actions button {
    color: var(--_accent);
    font-size: calc(0.9375 * var(--_rem));
  }
  .ghost i {
    display: block;
    height: 16px;
    border-radius: 4px;
    background: var(--_raised);
    animation: breathe 1.2s ease-in-out infinite alternate;
  }
  .ghost i:first-child {
    width: 70%;
    height: 22px;
  }
  .ghost .big {
    height: 44px;
  }
  .ghost i:nth-child(even) {
    width: 85%;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  nav {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: center;
    margin-top: 16px;
  }
  nav [aria-disabled="true"] {
    opacity: 0.55;
    cursor: not-allowed;
  }
  nav p {
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
  .state {
    padding: 32px 16px;
    border: 1px dashed var(--_line);
    border-radius: calc(var(--_radius) + 2px);
    text-align: center;
  }
  .state p {
    margin: 0 0 12px;
  }
  @container (max-width: 30em) {
    nav span {
      display: none;
    }
    nav {
      justify-content: space-between;
    }
  }
  @media print {
    .mini {
      break-inside: avoid;
    }
    .actions,
    nav {
      display: none;
    }
  }
`;
