// How a whole card looks.

import { css } from "lit";

export const cardStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: flex-start;
    justify-content: space-between;
    margin-bottom: 16px;
  }
  .naming {
    flex: 1 1 280px;
    min-width: 0;
  }
  .naming > :is(h2, h3) {
    margin: 0 0 4px;
    font-size: calc(1.5 * var(--_rem));
    line-height: 1.25;
    overflow-wrap: anywhere;
  }
  .walk {
    display: flex;
    gap: 8px;
    align-items: center;
    margin: -4px 0 12px;
    color: var(--_muted);
    font-size: calc(0.875 * var(--_rem));
    font-variant-numeric: tabular-nums;
  }
  .walk [aria-disabled="true"] {
    opacity: 0.55;
    cursor: not-allowed;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 20px 32px;
    align-items: start;
    margin-bottom: 24px;
  }
  .column {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 20px;
    min-width: 0;
  }
  .charts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
    margin-bottom: 24px;
  }
  .framed {
    min-width: 0;
    padding: 16px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    container-type: inline-size;
  }
  .framed:empty {
    display: none;
  }
  .charts .figure figcaption {
    color: var(--_text);
    font-size: calc(0.9375 * var(--_rem));
    font-weight: 600;
  }
  .fields > .labelled {
    display: grid;
    grid-template-columns: minmax(0, 15em) minmax(0, 1fr);
  }
  .heading.whole {
    margin-bottom: 8px;
    font-size: calc(1.0625 * var(--_rem));
  }
  .proposals li {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
    margin-bottom: 4px;
    padding: 6px 12px;
    border-radius: var(--_radius);
    background: var(--_warn-surface);
  }
  .proposals .icon {
    color: var(--_warn);
  }
  .about {
    padding-top: 16px;
    border-top: 1px solid var(--_line);
  }
  .about p {
    margin: 8px 0 0;
    color: var(--_muted);
  }
  .about .done {
    color: var(--_good);
  }
  .about .error {
    color: var(--_bad);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .choices a {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-height: 36px;
    padding: 0 8px;
  }
  .by-hand {
    width: min(32em, 100%);
  }
  .state {
    padding: 32px 16px;
    text-align: center;
  }
  .ghost i {
    display: block;
    height: 18px;
    margin-bottom: 12px;
    border-radius: 4px;
    background: var(--_raised);
    animation: breathe 1.2s ease-in-out infinite alternate;
  }
  .ghost i:first-child {
    width: 60%;
    height: 30px;
  }
  .ghost i:last-child {
    height: 260px;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  @container (max-width: 30em) {
    .fields > .labelled {
      grid-template-columns: minmax(0, 9em) minmax(0, 1fr);
    }
  }
  @container (min-width: 40em) {
    .columns.two {
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    }
    .charts {
      grid-template-columns: repeat(12, minmax(0, 1fr));
    }
    .framed {
      grid-column: span var(--_width, 12);
    }
  }
  @container (min-width: 30em) and (max-width: 39.9937em) {
    .charts {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .framed.wide {
      grid-column: span 2;
    }
  }
  @media print {
    :host {
      font-size: 14px;
    }
    .framed {
      padding: 8px 12px;
      break-inside: avoid;
    }
    .walk,
    .about,
    .no-print {
      display: none !important;
    }
    .columns.two {
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    }
    .charts {
      grid-template-columns: repeat(12, minmax(0, 1fr));
    }
    .framed {
      grid-column: span var(--_width, 12);
    }
    .block {
      break-inside: avoid;
    }
  }
`;
