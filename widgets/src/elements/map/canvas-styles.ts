// The few rules that MapLibre needs of a style sheet, and the look of what lies on every map.

import { css } from "lit";

/** For a shadow root that holds a map: what of MapLibre's own style sheet is used here. */
export const canvasStyles = css`
  .maplibregl-map {
    position: relative;
    overflow: hidden;
    -webkit-tap-highlight-color: transparent;
  }
  .maplibregl-canvas {
    position: absolute;
    top: 0;
    left: 0;
  }
  .maplibregl-canvas:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: -3px;
  }
  .maplibregl-canvas-container.maplibregl-interactive {
    cursor: grab;
    user-select: none;
  }
  .maplibregl-canvas-container.maplibregl-interactive:active {
    cursor: grabbing;
  }
  .maplibregl-canvas-container.maplibregl-touch-zoom-rotate.maplibregl-touch-drag-pan,
  .maplibregl-canvas-container.maplibregl-touch-zoom-rotate.maplibregl-touch-drag-pan
    .maplibregl-canvas {
    touch-action: none;
  }
  .maplibregl-canvas-container.maplibregl-touch-drag-pan.maplibregl-cooperative-gestures,
  .maplibregl-canvas-container.maplibregl-touch-drag-pan.maplibregl-cooperative-gestures
    .maplibregl-canvas {
    touch-action: pan-x pan-y;
  }
  .maplibregl-control-container {
    display: none;
  }
  .maplibregl-marker {
    position: absolute;
    top: 0;
    left: 0;
  }
  .maplibregl-boxzoom {
    position: absolute;
    top: 0;
    left: 0;
    width: 0;
    height: 0;
    border: 2px dashed var(--_accent);
    opacity: 0.7;
  }
  .maplibregl-cooperative-gesture-screen {
    position: absolute;
    inset: 0;
    z-index: 3;
    display: flex;
    align-items: center;
    justify-content: center;
    padding: 16px;
    background: rgb(0 0 0 / 0.55);
    color: #fff;
    font-size: calc(1.125 * var(--_rem));
    text-align: center;
    opacity: 0;
    pointer-events: none;
    transition: opacity 0.6s 0.6s;
  }
  .maplibregl-cooperative-gesture-screen.maplibregl-show {
    opacity: 1;
    transition: opacity 0.05s;
  }
  .maplibregl-cooperative-gesture-screen .maplibregl-mobile-message {
    display: none;
  }
  @media (hover: none), (pointer: coarse) {
    .maplibregl-cooperative-gesture-screen .maplibregl-desktop-message {
      display: none;
    }
    .maplibregl-cooperative-gesture-screen .maplibregl-mobile-message {
      display: block;
    }
  }
`;

/** Buttons that lie on a map. */
export const toolStyles = css`
  .tools {
    position: absolute;
    top: 8px;
    right: 8px;
    z-index: 2;
    display: flex;
    flex-direction: column;
  }
  .tools button {
    border-color: var(--_line);
    border-radius: 0;
    box-shadow: 0 1px 4px rgb(0 0 0 / 0.15);
  }
  .tools button + button {
    margin-top: -1px;
  }
  .tools button:first-child {
    border-radius: var(--_radius) var(--_radius) 0 0;
  }
  .tools button:last-child {
    border-radius: 0 0 var(--_radius) var(--_radius);
  }
  .tools button:focus-visible {
    z-index: 1;
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
    justify-content: space-between;
    margin: 6px 0 0;
    color: var(--_muted);
    font-size: calc(0.8125 * var(--_rem));
    line-height: 1.4;
  }
  .foot p {
    margin: 0;
  }
  .foot button {
    min-height: 32px;
  }
`;

/** A small map with one place on it, in a card or a form. */
export const smallStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 180px;
    font-size: calc(0.9375 * var(--_rem));
  }
  .frame {
    position: relative;
    flex: 1 1 auto;
    min-height: 120px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
    overflow: hidden;
  }
  .canvas {
    position: absolute;
    inset: 0;
  }
  .pin {
    display: block;
    width: 36px;
    min-height: 0;
    height: 36px;
    padding: 0;
    border: 0;
    background: none;
    color: var(--_accent);
    filter: drop-shadow(0 1px 2px rgb(0 0 0 / 0.4));
  }
  .pin:hover {
    background: none;
  }
  .pin svg {
    display: block;
    width: 100%;
    height: 100%;
  }
  button.pin {
    cursor: grab;
  }
  .tools button.icon {
    width: max(32px, 2em);
    min-height: max(32px, 2em);
  }
  .hint {
    margin: 6px 0 0;
    color: var(--_muted);
    font-size: calc(0.8125 * var(--_rem));
  }
`;
