// The look that all elements share. A site changes it by custom properties and `::part`s:
// docs/widgets.md lists them. Neutral on purpose. Light or dark goes down to the elements inside
// by `color-scheme`, which the outermost one sets.

import { css } from "lit";

export const theme = css`
  :host {
    --_accent: var(--retouche-accent, light-dark(#1a56a8, #9cc3ff));
    --_on-accent: var(--retouche-on-accent, light-dark(#fff, #0b1c33));
    --_accent-surface: var(--retouche-accent-surface, light-dark(#e8f0fb, #1d2c45));
    --_text: var(--retouche-text, light-dark(#1b1b1f, #e8e9ed));
    --_muted: var(--retouche-muted, light-dark(#5a5d66, #b0b4be));
    --_surface: var(--retouche-surface, light-dark(#fff, #17191e));
    --_raised: var(--retouche-raised, light-dark(#f4f5f8, #22252c));
    --_line: var(--retouche-line, light-dark(#d5d8df, #3a3e48));
    --_control-line: var(--retouche-control-line, light-dark(#80848f, #8b909c));
    --_good: var(--retouche-good, light-dark(#1d6b35, #7fd69a));
    --_warn: var(--retouche-warn, light-dark(#8a4b00, #ffc078));
    --_warn-surface: var(--retouche-warn-surface, light-dark(#fff3e0, #3a2a12));
    --_bad: var(--retouche-bad, light-dark(#b3261e, #ffb4ab));
    --_bad-surface: var(--retouche-bad-surface, light-dark(#fdecea, #41201d));
    --_changed-surface: var(--retouche-changed-surface, light-dark(#fff8d6, #3b3613));
    --_radius: var(--retouche-radius, 6px);
    --_gap: var(--retouche-gap, 12px);
    --_font: var(--retouche-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif);
    /* As large as the reader wants text, whatever the host page makes of its own rem. */
    --_rem: max(16px, 1rem);
    color: var(--_text);
    font: 400 var(--_rem) / 1.5 var(--_font);
    box-sizing: border-box;
  }
  :host([hidden]) {
    display: none !important;
  }
  :host([theme="light"]) {
    color-scheme: light;
  }
  :host([theme="dark"]) {
    color-scheme: dark;
  }
  :host([theme="auto"]) {
    color-scheme: light dark;
  }
  /* Browsers of before 2024 have one look. */
  @supports not (color: light-dark(#000, #fff)) {
    :host {
      --_accent: var(--retouche-accent, #1a56a8);
      --_on-accent: var(--retouche-on-accent, #fff);
      --_accent-surface: var(--retouche-accent-surface, #e8f0fb);
      --_text: var(--retouche-text, #1b1b1f);
      --_muted: var(--retouche-muted, #5a5d66);
      --_surface: var(--retouche-surface, #fff);
      --_raised: var(--retouche-raised, #f4f5f8);
      --_line: var(--retouche-line, #d5d8df);
      --_control-line: var(--retouche-control-line, #80848f);
      --_good: var(--retouche-good, #1d6b35);
      --_warn: var(--retouche-warn, #8a4b00);
      --_warn-surface: var(--retouche-warn-surface, #fff3e0);
      --_bad: var(--retouche-bad, #b3261e);
      --_bad-surface: var(--retouche-bad-surface, #fdecea);
      --_changed-surface: var(--retouche-changed-surface, #fff8d6);
      color-scheme: light;
    }
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }
  a {
    color: var(--_accent);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;

export const controls = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
    min-height: 36px;
    padding: 0.25em 0.8em;
    border: 1px solid var(--_control-line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    text-decoration: none;
    cursor: pointer;
  }
  button:hover,
  .button:hover {
    background: var(--_raised);
  }
  button.primary {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
  }
  button.primary:hover {
    filter: brightness(1.1);
  }
  button.plain {
    border-color: transparent;
    background: none;
  }
  button.icon {
    width: max(36px, 2.25em);
    padding: 0;
  }
  button:disabled {
    opacity: 0.55;
    cursor: not-allowed;
  }
  button[aria-pressed="true"],
  button[aria-selected="true"] {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
  }
  input,
  select,
  textarea {
    min-height: 36px;
    max-width: 100%;
    padding: 0.3em 0.6em;
    border: 1px solid var(--_control-line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
  }
  input[type="checkbox"],
  input[type="radio"] {
    min-height: 0;
    width: 18px;
    height: 18px;
    flex: none;
    accent-color: var(--_accent);
  }
  input[type="file"] {
    font-weight: 400;
  }
  [aria-invalid="true"] {
    border-color: var(--_bad);
    outline-color: var(--_bad);
  }
  svg.icon {
    width: 1.2em;
    height: 1.2em;
    flex: none;
  }
  .tag {
    display: inline-block;
    max-width: 100%;
    padding: 0 0.55em;
    border: 1px solid var(--_line);
    border-radius: 1em;
    background: var(--_raised);
    color: var(--_text);
    font-size: 0.875em;
    overflow-wrap: anywhere;
  }
  .error {
    color: var(--_bad);
  }
  @media (forced-colors: active) {
    button[aria-pressed="true"],
    button[aria-selected="true"] {
      outline: 3px solid Highlight;
      outline-offset: -3px;
    }
    button[aria-pressed="true"]:focus-visible,
    button[aria-selected="true"]:focus-visible {
      outline-color: CanvasText;
    }
  }
  .notice {
    padding: 0.5em 0.8em;
    border-left: 4px solid var(--_warn);
    background: var(--_warn-surface);
  }
`;
