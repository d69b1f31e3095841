// A module that is loaded when something needs it, and redraws what did.

interface Redrawn {
  requestUpdate(): void;
}

/** Loaded once for all; a failure is told by `failed`, and the next page load tries again. */
export class Lazy<Module> {
  failed = false;
  private module: Module | null = null;
  private waiting: Set<Redrawn> | null = null;

  constructor(private readonly load: () => Promise<Module>) {}

  /** The module if it is there; else it is on its way, and `host` is redrawn when it comes. */
  get(host: Redrawn): Module | null {
    if (this.module || this.failed) return this.module;
    if (this.waiting) {
      this.waiting.add(host);
      return null;
    }
    this.waiting = new Set([host]);
    this.load().then(
      (module) => this.settled(module),
      () => this.settled(null),
    );
    return null;
  }

  private settled(module: Module | null): void {
    this.module = module;
    this.failed = module === null;
    for (const one of this.waiting ?? []) one.requestUpdate();
    this.waiting = null;
  }
}
