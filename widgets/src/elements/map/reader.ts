// The data of the visible layers: read when asked for, dropped when it is no longer wanted.

import type { Layer } from "../../model/views";
import type { Session } from "../../state/session";
import { type LayerData, queryOf, readLayer } from "./reading";

/** What is asked of a layer, and whether it may still be told. */
interface Asked {
  about: string;
  stop: AbortController;
  done: boolean;
}

/** Keeps the old data of a layer until the new is there. */
export class LayerReader {
  problem: unknown = null;
  private readonly known = new Map<string, LayerData>();
  private readonly asked = new Map<string, Asked>();

  constructor(private readonly changed: () => void) {}

  data(layer: string): LayerData | null {
    return this.known.get(layer) ?? null;
  }

  get busy(): boolean {
    return [...this.asked.values()].some((one) => !one.done);
  }

  /** Rows read and rows there are, of the layers that are still being read. */
  get progress(): { done: number; total: number } | null {
    const reading = [...this.asked]
      .filter(([, one]) => !one.done)
      .flatMap(([name]) => this.known.get(name) ?? [])
      .filter((one) => !one.done);
    if (!reading.length) return null;
    const sum = (of: (data: LayerData) => number): number =>
      reading.reduce((total, one) => total + of(one), 0);
    return { done: sum((one) => one.spots.length), total: sum((one) => one.total) };
  }

  /** Read the visible layers for what the reader now asks; stop reading the others. */
  want(session: Session, layers: readonly Layer[], names: ReadonlyMap<string, string>): void {
    for (const [name, one] of this.asked) {
      if (layers.some((layer) => layer.name === name)) continue;
      one.stop.abort();
      this.asked.delete(name);
    }
    for (const layer of layers) this.read(session, layer, names);
  }

  private read(session: Session, layer: Layer, names: ReadonlyMap<string, string>): void {
    const about = JSON.stringify([queryOf(session, layer), session.reads, names.size > 0]);
    const before = this.asked.get(layer.name);
    if (before?.about === about) return;
    before?.stop.abort();
    const asked: Asked = { about, stop: new AbortController(), done: false };
    this.asked.set(layer.name, asked);
    const { signal } = asked.stop;
    const tell = (data: LayerData): void => {
      if (signal.aborted) return;
      this.known.set(layer.name, data);
      asked.done = data.done;
      this.problem = null;
      this.changed();
    };
    readLayer(session, layer, names, tell, signal).catch((error: unknown) => {
      if (signal.aborted) return;
      asked.done = true;
      this.problem = error;
      this.changed();
    });
  }

  /** Forget what failed, so that it is asked for once more. */
  retry(): void {
    this.problem = null;
    this.close();
    this.changed();
  }

  close(): void {
    for (const one of this.asked.values()) one.stop.abort();
    this.asked.clear();
  }
}
