// The look of the review: changes, clashes, the link to follow.

import { css } from "lit";

export const reviewStyles = css`
  .change {
    display: grid;
    gap: 8px;
    grid-template-columns: minmax(0, 1fr);
    padding: 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  .change.bad {
    border-color: var(--_bad);
  }
  .change > header {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
  }
  .change > header h3 {
    flex: 1 1 200px;
    overflow-wrap: anywhere;
  }
  .cell {
    display: grid;
    gap: 2px 16px;
    grid-template-columns: minmax(120px, 1fr) minmax(0, 3fr) auto;
    align-items: start;
    padding-top: 8px;
    border-top: 1px solid var(--_line);
  }
  .cell > .name {
    padding-top: 2px;
    color: var(--_muted);
    overflow-wrap: anywhere;
  }
  .cell > .faults {
    grid-column: 2 / -1;
  }
  .texts {
    display: grid;
    gap: 2px;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .texts > span {
    display: block;
  }
  del {
    border-radius: 3px;
    background: var(--_bad-surface);
    color: var(--_bad);
    text-decoration: line-through;
  }
  ins {
    border-radius: 3px;
    background: color-mix(in srgb, var(--_good) 16%, var(--_surface));
    color: var(--_good);
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .warning {
    color: var(--_warn);
  }
  dl {
    display: grid;
    gap: 4px 16px;
    grid-template-columns: max-content minmax(0, 1fr);
    margin: 0;
  }
  dt {
    color: var(--_muted);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .trap {
    position: absolute;
    left: -9999px;
    width: 1px;
    height: 1px;
    overflow: hidden;
  }
  fieldset {
    display: grid;
    gap: 12px;
    grid-template-columns: minmax(0, 1fr);
    margin: 0;
    padding: 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  legend {
    padding: 0 4px;
    font-weight: 600;
  }
  .pair {
    display: grid;
    gap: 12px 24px;
    grid-template-columns: repeat(auto-fit, minmax(min(240px, 100%), 1fr));
    align-items: start;
  }
  .thanks {
    font-size: 1.var(--_rem);
    font-weight: 600;
    color: var(--_good);
  }
  .files {
    display: grid;
    gap: 8px;
    justify-items: start;
    padding: 16px;
    border: 2px dashed var(--_control-line);
    border-radius: var(--_radius);
  }
  .files.over {
    border-color: var(--_accent);
    background: var(--_raised);
  }
  @media (max-width: 600px) {
    .cell {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .cell > .texts,
    .cell > .faults {
      grid-column: 1 / -1;
    }
    .cell > .texts {
      grid-row: 2;
    }
  }
`;
