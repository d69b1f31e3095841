// The look of what stands around the fields of a form.

import { css } from "lit";

export const formStyles = css`
  :host {
    display: block;
  }
  p {
    margin: 0;
  }
  h3 {
    margin: 0;
    font-size: calc(1.05 * var(--_rem));
  }
  .stack {
    display: flex;
    flex-direction: column;
    gap: 16px;
  }
  /* A live region is there before it speaks, and takes no room until then. */
  .stack > [role]:empty,
  .stack > [aria-live]:empty {
    margin-top: -16px;
  }
  .stack.line {
    gap: 4px;
  }
  .bar[slot="footer"] {
    flex: 1 1 auto;
    justify-content: flex-end;
  }
  .group {
    display: grid;
    gap: 12px;
  }
  .group > h3 {
    padding-bottom: 4px;
    border-bottom: 1px solid var(--_line);
  }
  .fields {
    display: grid;
    gap: 16px 24px;
    grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr));
    align-items: start;
  }
  .fields > .whole {
    grid-column: 1 / -1;
  }
  .changed {
    margin: -8px;
    padding: 8px;
    border-radius: var(--_radius);
    background: var(--_changed-surface);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .bar > .grow {
    flex: 1 1 160px;
  }
  .bar > .grow:empty {
    flex-basis: 0;
  }
  .quiet {
    color: var(--_muted);
  }
  .small {
    font-size: calc(0.875 * var(--_rem));
    line-height: 1.4;
  }
  .good {
    color: var(--_good);
  }
  .panel {
    display: grid;
    gap: 8px;
    padding: 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  .panel.bad {
    border-color: var(--_bad);
    background: var(--_bad-surface);
  }
  .panel.bad a,
  .panel.bad button.link {
    color: var(--_text);
  }
  ul {
    margin: 0;
    padding-left: 20px;
  }
  button.link {
    min-height: 24px;
    padding: 0;
    border: 0;
    background: none;
    color: var(--_accent);
    text-align: left;
    text-decoration: underline;
  }
  label {
    display: grid;
    gap: 4px;
    font-weight: 600;
  }
  label .quiet {
    font-weight: 400;
  }
  textarea,
  input.wide {
    width: 100%;
  }
  textarea {
    min-height: 4.5em;
    resize: vertical;
    field-sizing: content;
    max-height: 20em;
  }
  .skeleton {
    height: 220px;
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  /* A button that has no use now keeps the focus, and looks like a disabled one. */
  button[aria-disabled="true"] {
    opacity: 0.55;
    cursor: not-allowed;
  }
  /* On a telephone the form keeps the room: what is told and the way out share a line. */
  @media (max-width: 480px) {
    .bar {
      gap: 4px 8px;
    }
    .bar[slot="footer"] {
      margin: 8px 0;
    }
    .bar > .grow:not(:empty) {
      flex: 1 1 0;
    }
    .bar > button.plain {
      flex: 0 1 auto;
      padding: 0.25em;
      font-size: calc(0.875 * var(--_rem));
    }
    /* The cross at the top does the same, and the line beside says so. */
    .bar > button.keeping {
      display: none;
    }
    .bar > button.primary {
      flex: 1 1 100%;
    }
  }
`;
