// The look of the map view.

import { css } from "lit";

export const mapStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  retouche-nearby {
    margin-bottom: 12px;
  }
  .body {
    display: grid;
    gap: 12px;
  }
  .frame {
    position: relative;
    height: var(--retouche-map-height, var(--_map-height, min(var(--map-height, 560px), 75vh)));
    min-height: min(320px, var(--retouche-map-height, var(--_map-height, 320px)));
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
    overflow: hidden;
  }
  .canvas {
    position: absolute;
    inset: 0;
  }
  .frame.without {
    display: none;
  }
  .panel {
    padding: 8px 10px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    font-size: calc(0.875 * var(--_rem));
    line-height: 1.35;
  }
  .panel summary {
    display: flex;
    gap: 6px;
    align-items: center;
    justify-content: space-between;
    min-height: 24px;
    font-weight: 600;
    list-style: none;
    cursor: pointer;
  }
  .panel summary::-webkit-details-marker {
    display: none;
  }
  .panel[open] summary .icon {
    transform: rotate(180deg);
  }
  .layers fieldset {
    display: grid;
    gap: 2px;
    margin: 6px 0 0;
    padding: 0;
    border: 0;
  }
  .layers label {
    display: flex;
    gap: 8px;
    align-items: center;
    min-height: 28px;
    cursor: pointer;
  }
  .legend-part + .legend-part {
    margin-top: 8px;
    padding-top: 8px;
    border-top: 1px solid var(--_line);
  }
  .legend-title {
    margin: 4px 0 2px;
    font-weight: 600;
  }
  .note {
    margin: 2px 0;
    color: var(--_muted);
    font-size: calc(0.8125 * var(--_rem));
  }
  .legend-part ul {
    margin: 4px 0 0;
    padding: 0;
    list-style: none;
  }
  .legend-part li {
    display: flex;
    gap: 8px;
    align-items: center;
    min-height: 22px;
    font-variant-numeric: tabular-nums;
  }
  .count {
    color: var(--_muted);
  }
  .mark {
    flex: none;
    width: 14px;
    height: 14px;
    border: 1px solid var(--_control-line);
  }
  .mark.dot,
  .mark.ring {
    border-radius: 50%;
  }
  .mark.ring {
    width: 18px;
    height: 18px;
    margin-left: -2px;
  }
  .mark.dot {
    background: var(--_control-line);
  }
  .mark.hollow {
    background: var(--_surface);
  }
  .mark.hatched {
    background: repeating-linear-gradient(
      135deg,
      var(--_raised) 0 3px,
      var(--_control-line) 3px 4px
    );
  }
  .gradient {
    display: flex;
    gap: 8px;
    align-items: center;
    margin: 4px 0 0;
  }
  .ramp {
    flex: 1;
    min-width: 60px;
    height: 12px;
    border-radius: 2px;
  }
  .hover {
    position: absolute;
    top: 0;
    left: 0;
    z-index: 2;
    max-width: 240px;
    padding: 2px 8px;
    border-radius: var(--_radius);
    background: var(--_text);
    color: var(--_surface);
    font-size: calc(0.8125 * var(--_rem));
    pointer-events: none;
  }
  .busy {
    position: absolute;
    top: 8px;
    left: 8px;
    z-index: 2;
    margin: 0;
    padding: 2px 10px;
    border: 1px solid var(--_line);
    border-radius: 1em;
    background: var(--_surface);
    font-size: calc(0.875 * var(--_rem));
  }
  retouche-map-popup {
    position: absolute;
    z-index: 3;
    inset: auto 8px 8px 8px;
    max-height: calc(100% - 16px);
    overflow: auto;
  }
  retouche-map-popup.floating {
    inset: auto;
    width: 300px;
  }
  .screen {
    position: relative;
  }
  .beside {
    display: flex;
    flex-direction: column;
    min-width: 0;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .beside > header {
    padding: 10px 12px;
    border-bottom: 1px solid var(--_line);
  }
  .beside h3 {
    margin: 0;
    font-size: var(--_rem);
    line-height: 1.3;
  }
  .beside header p {
    margin: 2px 0 0;
    color: var(--_muted);
    font-size: calc(0.875 * var(--_rem));
  }
  .beside header label {
    display: flex;
    gap: 8px;
    align-items: center;
    min-height: 28px;
    margin-top: 4px;
    font-size: calc(0.875 * var(--_rem));
    cursor: pointer;
  }
  .rows {
    flex: 1;
    min-height: 0;
    overflow: auto;
  }
  .rows[aria-busy="true"] {
    opacity: 0.6;
  }
  .rows:focus-visible {
    outline-offset: -3px;
  }
  .nothing {
    padding: 16px 12px;
  }
  .nothing p {
    margin: 0 0 8px;
  }
  .panels {
    display: grid;
    gap: 8px;
    align-content: start;
  }
  .notice {
    margin: 0 0 12px;
  }
  @container (min-width: 760px) {
    .body {
      grid-template-columns: minmax(0, 1fr) 320px;
    }
    .body.listed {
      grid-template-columns: minmax(0, 1fr);
    }
    .side {
      height: var(--retouche-map-height, var(--_map-height, min(var(--map-height, 560px), 75vh)));
      min-height: min(320px, var(--retouche-map-height, var(--_map-height, 320px)));
    }
    .beside {
      height: 100%;
    }
  }
  /* Beside the list, a narrower map would lie under its panels. */
  @container (min-width: 980px) {
    .panels {
      position: absolute;
      bottom: 8px;
      left: 8px;
      z-index: 1;
      width: 250px;
      max-height: calc(100% - 16px);
      overflow: auto;
    }
    .panel {
      box-shadow: 0 1px 4px rgb(0 0 0 / 0.15);
    }
  }
  @container (max-width: 759.9px) {
    .frame {
      height: min(var(--retouche-map-height, var(--_map-height, var(--map-height, 560px))), 60vh);
    }
    .rows {
      max-height: 60vh;
    }
  }
  @container (max-width: 979.9px) {
    .panels {
      margin-top: 8px;
    }
  }
`;
