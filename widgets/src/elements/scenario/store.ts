// A scenario in the making: what is changed is written to the server soon, and its impact asked
// for.

import type { Locale } from "../../model/texts";
import { type Operation, Problem } from "../../sources/source";
import type { CellError } from "../../formats/problem";
import type { Pass } from "../editing/entrance";
import type { Impact, Scenario, ScenarioCalls, Written } from "./calls";
import type { Plan } from "./plan";

/** Milliseconds without a further change after which it is written. */
const SOON = 500;
/** Milliseconds after which a calculation is told of. */
const LONG = 2000;

export type Saving = "none" | "waiting" | "saving" | "saved" | "failed" | "clashed";

/** What a store needs of the calls, so that tests have none. */
export type Calls = Pick<ScenarioCalls, "read" | "create" | "write" | "impact">;

export type Through = <T>(send: (pass: Pass) => Promise<T>) => Promise<T>;

/** Dispatches `change` whenever something of it did, and `created` once it has an address. */
export class ScenarioStore extends EventTarget {
  title = "";
  operations: Plan = [];
  scenario: Scenario | null = null;
  saving: Saving = "none";
  problem: unknown = null;
  /** What somebody else wrote meanwhile. */
  theirs: Scenario | null = null;
  impact: Impact | null = null;
  impactProblem: unknown = null;
  /** Whether the impact is being computed, and whether that takes long. */
  computing: "" | "soon" | "long" = "";
  private dirty = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private turn: AbortController | null = null;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly calls: Calls,
    private readonly locale: () => Locale,
    /** Sends with what is asked of those who write. */
    private readonly through: Through = (send) => send({}),
  ) {
    super();
  }

  /** Whether nothing more can be written to it. */
  get sent(): boolean {
    return this.scenario?.proposal != null;
  }

  /** Whether there are steps, or other changes of a project, that the server does not have. */
  get unsaved(): boolean {
    const saving = this.writing !== null && this.saving === "saving";
    return (this.dirty || saving) && (this.scenario !== null || this.operations.length > 0);
  }

  /** What is wrong with a step, by its place, as it was last written. */
  errorsOf(step: number): readonly CellError[] {
    const { scenario } = this;
    if (!scenario || this.saving !== "saved" || scenario.operations.length <= step) return [];
    return scenario.warnings.filter(({ operation }) => (operation ?? 0) === step);
  }

  /** Read one. Raises `Problem`. */
  async open(id: string): Promise<void> {
    this.take(await this.calls.read(id));
  }

  private take(scenario: Scenario): void {
    this.scenario = scenario;
    this.title = scenario.title;
    this.operations = scenario.operations;
    this.dirty = false;
    this.theirs = null;
    this.problem = null;
    this.saving = "saved";
    this.tell();
    void this.compute();
  }

  change(operations: readonly Operation[]): void {
    this.operations = operations;
    this.later();
  }

  rename(title: string): void {
    this.title = title;
    this.later();
  }

  private later(): void {
    this.dirty = true;
    if (this.saving !== "clashed") this.saving = "waiting";
    this.tell();
    clearTimeout(this.timer);
    if (this.saving !== "clashed") this.timer = setTimeout(() => void this.save(), SOON);
  }

  /** Write what is not written yet; resolves when nothing more is, or it failed. Never raises. */
  async save(): Promise<void> {
    clearTimeout(this.timer);
    if (this.writing) await this.writing;
    if (!this.dirty || this.saving === "clashed") return;
    if (!this.scenario && !this.operations.length) return; // a title alone is no project
    this.writing = this.write();
    await this.writing;
    this.writing = null;
    if (this.dirty && this.saving === "waiting") await this.save();
  }

  private async write(): Promise<void> {
    const { scenario } = this;
    const title = this.title.trim() || this.untitled;
    const written: Written = { title, operations: this.operations, locale: this.locale() };
    this.dirty = false;
    this.saving = "saving";
    this.tell();
    try {
      const found = await this.through((pass) =>
        scenario
          ? this.calls.write(scenario.id, scenario.version, { ...written, ...pass })
          : this.calls.create({ ...written, ...pass }),
      );
      this.scenario = found;
      this.problem = null;
      this.saving = this.dirty ? "waiting" : "saved";
      if (!scenario) this.dispatchEvent(new Event("created"));
      this.tell();
      void this.compute();
    } catch (error) {
      this.dirty = true;
      await this.failed(error);
    }
  }

  private get untitled(): string {
    return this.locale() === "fr" ? "Projet sans titre" : "Untitled project";
  }

  private async failed(error: unknown): Promise<void> {
    this.problem = error;
    this.saving = "failed";
    if (error instanceof Problem && error.code === "head_moved" && this.scenario) {
      this.saving = "clashed";
      this.theirs = await this.calls.read(this.scenario.id).catch(() => null);
    } else if (error instanceof Problem && error.retryAfter) {
      this.timer = setTimeout(() => void this.save(), error.retryAfter * 1000);
    }
    this.tell();
  }

  /** After a clash: look at what the other one wrote, and forget what is here. */
  async reload(): Promise<void> {
    try {
      this.take(this.theirs ?? (await this.calls.read(this.scenario!.id)));
    } catch (error) {
      this.problem = error;
      this.tell();
    }
  }

  /** After a clash: write what is here over what the other one wrote. */
  async overwrite(): Promise<void> {
    if (!this.theirs) return this.reload();
    this.scenario = this.theirs;
    this.theirs = null;
    this.saving = "waiting";
    this.dirty = true;
    await this.save();
  }

  /** Another scenario with the same steps. Raises `Problem`. */
  async duplicate(title: string): Promise<Scenario> {
    await this.save();
    const base = this.scenario ? { base_revision: this.scenario.base_revision } : {};
    const written = { title, operations: this.operations, locale: this.locale(), ...base };
    return this.through((pass) => this.calls.create({ ...written, ...pass }));
  }

  /** Ask for the impact of what is written. What is still on its way of an older one is dropped. */
  async compute(): Promise<void> {
    this.turn?.abort();
    const { scenario } = this;
    if (!scenario?.operations.length) {
      this.impact = null;
      this.computing = "";
      return this.tell();
    }
    const turn = (this.turn = new AbortController());
    this.computing = "soon";
    const patience = setTimeout(() => {
      this.computing = "long";
      this.tell();
    }, LONG);
    this.tell();
    try {
      const found = await this.calls.impact(scenario.id, turn.signal);
      if (turn !== this.turn) return;
      this.impact = found;
      this.impactProblem = null;
    } catch (error) {
      if (turn !== this.turn) return;
      this.impactProblem = error;
    } finally {
      clearTimeout(patience);
    }
    this.computing = "";
    this.tell();
  }

  /** It was sent, as this proposal. */
  submitted(proposal: string): void {
    if (this.scenario) this.scenario = { ...this.scenario, proposal };
    this.tell();
  }

  close(): void {
    clearTimeout(this.timer);
    this.turn?.abort();
    if (this.dirty && this.saving === "waiting") void this.save();
  }

  private tell(): void {
    this.dispatchEvent(new Event("change"));
  }
}

