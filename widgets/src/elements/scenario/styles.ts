// The look of the builder: map beside steps where there is room, below each other where not.

import { css } from "lit";

export const scenarioStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  p,
  h2,
  h3 {
    margin: 0;
  }
  h2 {
    font-size: calc(1.25 * var(--_rem));
    line-height: 1.3;
  }
  h3 {
    font-size: calc(1.05 * var(--_rem));
  }
  .stack,
  section {
    display: flex;
    flex-direction: column;
    gap: 12px;
    min-width: 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .quiet {
    color: var(--_muted);
  }
  .small {
    font-size: calc(0.875 * var(--_rem));
  }
  .head {
    display: grid;
    gap: 12px;
    margin-bottom: 16px;
  }
  .head label {
    display: grid;
    gap: 4px;
    font-weight: 600;
  }
  .head input {
    width: 100%;
    font-weight: 400;
  }
  .split {
    display: grid;
    gap: 24px;
    grid-template-columns: minmax(0, 1fr);
  }
  .split > * {
    min-width: 0;
  }
  @container (min-width: 860px) {
    .split {
      grid-template-columns: minmax(0, 1fr) 340px;
    }
  }
  .panel {
    display: grid;
    align-content: start;
    gap: 24px;
  }
  .here {
    padding: 12px;
    border: 1px solid var(--_line);
    border-left: 4px solid var(--_accent);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .search input {
    width: 100%;
  }
  .found {
    display: grid;
    gap: 2px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .found button {
    width: 100%;
    justify-content: space-between;
    text-align: start;
  }
  .degrees {
    display: grid;
    gap: 8px;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
  }
  .degrees label {
    display: grid;
    gap: 2px;
    font-size: calc(0.875 * var(--_rem));
  }
  .degrees input {
    width: 100%;
  }
  .degrees > :nth-child(n + 3) {
    grid-column: 1 / -1;
  }
  .steps {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .steps > li {
    display: grid;
    gap: 4px;
    padding: 8px 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    overflow-wrap: anywhere;
  }
  .steps ul {
    margin: 0;
    padding-left: 1.2em;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
    font-size: calc(0.875 * var(--_rem));
  }
  .legend li {
    display: flex;
    gap: 6px;
    align-items: center;
  }
  .legend svg {
    width: 14px;
    height: 14px;
    flex: none;
  }
  .effects {
    margin-top: 24px;
    padding-top: 16px;
    border-top: 1px solid var(--_line);
  }
  .effects ul.told {
    margin: 0;
    padding-left: 1.2em;
  }
  .scroll {
    max-width: 100%;
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  caption {
    padding: 4px 0;
    font-weight: 600;
    text-align: start;
  }
  th,
  td {
    padding: 6px 10px;
    border-bottom: 1px solid var(--_line);
    text-align: end;
    vertical-align: top;
  }
  thead th {
    color: var(--_muted);
    font-weight: 500;
  }
  th[scope="row"],
  thead th:first-child {
    font-weight: 500;
    text-align: start;
  }
  summary {
    padding: 4px 0;
    cursor: pointer;
  }
  .busy {
    opacity: 0.6;
  }
  progress {
    width: 100%;
    accent-color: var(--_accent);
  }
  .skeleton {
    min-height: 480px;
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  .sharing input {
    flex: 1 1 200px;
  }
`;
