// How cells look. An element that shows cells has these among its styles.

import { css } from "lit";

export const cellStyles = css`
  .cell-none {
    color: var(--_muted);
  }
  .cell-number {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .cell-unit {
    color: var(--_muted);
    font-size: 0.875em;
  }
  .cell-text {
    unicode-bidi: isolate;
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .cell-tags {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .cell-tags > li {
    display: flex;
    min-width: 0;
  }
  .cell-tag {
    display: inline-block;
    max-width: 100%;
    padding: 0 0.6em;
    border: 1px solid var(--_line);
    border-radius: 1em;
    background: var(--_raised);
    color: var(--_text);
    font-size: 0.875em;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .cell-link {
    unicode-bidi: isolate;
    overflow-wrap: anywhere;
  }
  .cell-link svg.icon,
  .cell-boolean svg.icon {
    width: 0.95em;
    height: 0.95em;
    margin-inline-end: 0.3em;
    vertical-align: -0.1em;
  }
  .cell-boolean {
    white-space: nowrap;
  }
  .cell-yes svg {
    color: var(--_good);
  }
  .cell-no svg {
    color: var(--_muted);
  }
  .cell-code {
    color: var(--_muted);
    font-size: 0.875em;
  }
  .compact .cell-text {
    white-space: nowrap;
  }
  .compact .cell-tags {
    flex-wrap: nowrap;
  }
  .compact .cell-tag {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;
