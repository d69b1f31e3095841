// How a table looks. Places and widths of columns are in a sheet of each table (`sheet.ts`).

import { css } from "lit";

export const tableStyles = css`
  :host {
    display: block;
    position: relative;
    min-width: 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: flex-end;
    margin-bottom: 8px;
    position: relative;
  }
  .bar button {
    min-height: 32px;
    font-size: calc(0.875 * var(--_rem));
  }
  .bar button[aria-pressed="true"] {
    border-color: var(--_accent);
    background: var(--_accent-surface);
    color: var(--_text);
  }
  .frame {
    position: relative;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    overflow: hidden;
  }
  .scroller {
    position: relative;
    max-height: var(--retouche-table-height, 600px);
    overflow: auto;
    overscroll-behavior-x: contain;
    scrollbar-gutter: auto;
  }
  .canvas {
    position: relative;
    min-width: 100%;
  }
  [role="grid"] {
    height: 100%;
  }
  .body {
    position: relative;
  }
  .canvas.dim [role="row"]:not(.head-row) {
    opacity: 0.5;
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 3;
    height: calc(3.25 * var(--_rem));
    background: var(--_raised);
    border-bottom: 1px solid var(--_line);
  }
  [role="row"] {
    display: flex;
    position: absolute;
    left: 0;
    right: 0;
    contain: layout style;
    border-bottom: 1px solid var(--_line);
    background: var(--_surface);
  }
  .head-row {
    top: 0;
    bottom: 0;
    border: 0;
    background: var(--_raised);
  }
  [role="row"]:not(.head-row):hover {
    background: var(--_raised);
  }
  [role="row"].open {
    background: var(--_accent-surface);
  }
  [role="row"].edited {
    z-index: 2;
  }
  .cell {
    flex: none;
    height: 100%;
    padding: 0 10px;
    overflow: hidden;
    background: inherit;
    color: var(--_text);
    font-size: calc(0.9375 * var(--_rem));
    text-align: start;
    text-overflow: ellipsis;
    white-space: nowrap;
    line-height: var(--_row);
    cursor: default;
  }
  .cell .cell-tag {
    line-height: 1.5;
    vertical-align: middle;
  }
  .cell .cell-tags {
    height: 100%;
    align-items: center;
  }
  .cell .cell-text,
  .cell .cell-link {
    white-space: nowrap;
  }
  .cell retouche-long-text,
  .cell retouche-picture {
    display: flex;
    height: 100%;
    align-items: center;
    line-height: 1.5;
  }
  .tall .cell > .cell-text {
    display: -webkit-inline-box;
    max-width: 100%;
    overflow: hidden;
    line-height: 1.35;
    vertical-align: middle;
    white-space: normal;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .tall.narrow .cell > .cell-text {
    -webkit-line-clamp: 3;
  }
  .right {
    text-align: end;
  }
  .cell:focus-visible,
  .cell:focus {
    outline: 2px solid var(--_accent);
    outline-offset: -2px;
  }
  .cell a:focus-visible {
    outline-offset: -2px;
  }
  .edge {
    border-inline-end: 1px solid var(--_control-line);
  }
  [role="rowheader"] {
    font-weight: 500;
  }
  .narrow .cell {
    padding: 0 8px;
    font-size: calc(0.875 * var(--_rem));
  }
  .gutter,
  .narrow .cell.gutter {
    display: flex;
    gap: 0;
    align-items: center;
    justify-content: center;
    padding: 0;
    overflow: visible;
  }
  .gutter button {
    position: relative;
    flex: none;
    width: 28px;
    min-height: 28px;
    height: 28px;
    padding: 0;
    border-color: transparent;
    background: none;
    color: var(--_muted);
  }
  .gutter button:hover {
    border-color: var(--_control-line);
    color: var(--_text);
  }
  .gutter button svg.icon {
    width: 16px;
    height: 16px;
  }
  .mark {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    width: 24px;
    height: 24px;
    flex: none;
    margin-inline-start: -8px;
    border-radius: 50%;
    color: var(--_warn);
  }
  .mark svg.icon {
    width: 16px;
    height: 16px;
  }
  .changed-dot {
    position: absolute;
    top: 3px;
    inset-inline-end: 4px;
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--_accent);
  }
  .heading {
    display: flex;
    gap: 4px;
    align-items: center;
    padding-inline-end: 12px;
    font-size: calc(0.875 * var(--_rem));
    font-weight: 600;
    line-height: 1.25;
    white-space: normal;
    user-select: none;
  }
  .heading.sortable {
    cursor: pointer;
  }
  .heading.sortable:hover {
    background: color-mix(in srgb, var(--_raised) 88%, var(--_text));
  }
  .heading.right {
    justify-content: flex-end;
  }
  .heading > .label {
    display: -webkit-box;
    min-width: 0;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .heading svg.icon {
    width: 14px;
    height: 14px;
    color: var(--_accent);
  }
  .heading sup {
    font-size: 0.75em;
    line-height: 1;
    color: var(--_accent);
  }
  .grip {
    position: absolute;
    top: 0;
    bottom: 0;
    inset-inline-end: 0;
    width: 12px;
    cursor: col-resize;
    touch-action: none;
  }
  .grip::after {
    content: "";
    position: absolute;
    top: 14px;
    bottom: 14px;
    inset-inline-end: 2px;
    width: 2px;
    border-radius: 1px;
    background: var(--_line);
  }
  .grip:hover::after,
  .grip.held::after {
    background: var(--_accent);
  }
  .changed {
    background: var(--_changed-surface) !important;
  }
  .was,
  .becomes {
    margin-left: 0.5em;
    color: var(--_muted);
  }
  .becomes {
    text-decoration: none;
  }
  .added > .cell {
    background: var(--_changed-surface);
  }
  .removed > .cell:not(.gutter),
  .removed > .cell:not(.gutter) > .cell-text {
    color: var(--_muted);
    text-decoration: line-through;
  }
  .proposed {
    box-shadow: inset 3px 0 0 var(--_warn);
  }
  .faulty {
    box-shadow: inset 0 0 0 2px var(--_bad);
    background-image: linear-gradient(225deg, var(--_bad) 8px, transparent 0) !important;
  }
  .faulty:focus {
    outline-color: var(--_bad);
    outline-width: 3px;
    outline-offset: -3px;
  }
  .editing {
    overflow: visible !important;
    padding: 0;
    z-index: 2;
  }
  .editing retouche-input {
    position: absolute;
    top: 0;
    inset-inline-start: 0;
    z-index: 2;
    width: max-content;
    min-width: max(100%, 240px);
    max-width: 420px;
    border-radius: var(--_radius);
    background: var(--_surface);
    line-height: 1.5;
    white-space: normal;
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.25);
  }
  .hint {
    position: absolute;
    z-index: 4;
    max-width: min(320px, 80vw);
    padding: 6px 10px;
    border: 1px solid var(--_control-line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    font-size: calc(0.875 * var(--_rem));
    line-height: 1.4;
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.2);
    pointer-events: none;
  }
  .hint.above {
    transform: translateY(-100%);
  }
  .hint.bad {
    border-color: var(--_bad);
    color: var(--_bad);
  }
  .ghost {
    display: inline-block;
    width: 60%;
    height: 10px;
    border-radius: 5px;
    background: var(--_line);
  }
  .breathing {
    animation: breathe 1.4s ease-in-out infinite;
  }
  @keyframes breathe {
    50% {
      opacity: 0.45;
    }
  }
  .message {
    position: sticky;
    inset-inline-start: 0;
    padding: 32px 16px;
    text-align: center;
  }
  .message p {
    margin: 0 0 8px;
  }
  .muted {
    color: var(--_muted);
  }
  .failure {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    justify-content: space-between;
    margin: 0 0 8px;
    padding: 8px 12px;
    border: 1px solid var(--_bad);
    border-radius: var(--_radius);
    background: var(--_bad-surface);
  }
  .chooser {
    position: absolute;
    top: 100%;
    inset-inline-end: 0;
    z-index: 6;
    width: min(360px, 100%);
    max-height: 420px;
    margin-top: 4px;
    padding: 8px;
    overflow: auto;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: 0 8px 32px rgb(0 0 0 / 0.25);
  }
  .chooser ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .chooser li {
    display: flex;
    gap: 4px;
    align-items: center;
  }
  .chooser label {
    display: flex;
    flex: 1 1 auto;
    gap: 8px;
    align-items: center;
    min-width: 0;
    min-height: 32px;
    overflow-wrap: anywhere;
  }
  .chooser li button {
    width: 28px;
    min-height: 28px;
    padding: 0;
    flex: none;
  }
  .chooser .all {
    width: 100%;
    margin-top: 4px;
  }
  @media (forced-colors: active) {
    .faulty {
      outline: 2px dashed;
    }
    .changed-dot {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
