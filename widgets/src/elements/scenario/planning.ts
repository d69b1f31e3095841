// What is chosen on the map, and what is done with it: the steps go to the store.

import type { CellError } from "../../formats/problem";
import type { Point } from "../map/geometry";
import type { Drafting } from "./drafting";
import type { Found } from "./finding";
import type { FormRequest } from "./form";
import type { HereAction } from "./here";
import type { ScenarioWords } from "./messages";
import * as plans from "./plan";
import type { Plan, Site, Step } from "./plan";
import type { ScenarioStore } from "./store";
import type { Surrounding } from "./surroundings";

type Mode = "look" | "move" | "share";

/** What is told of it. */
export interface Planned {
  changed(): void;
  /** What was just done. */
  tell(text: string): void;
  say: ScenarioWords;
}

export class Planning {
  mode: Mode = "look";
  /** Where the pin is. */
  point: Point | null = null;
  /** What is nearest to the pin. */
  place: Surrounding | null = null;
  /** The form that is filled in. */
  form: FormRequest | null = null;
  /** Identity of the site that is looked at. */
  private chosen: string | null = null;

  constructor(
    private readonly store: ScenarioStore,
    private readonly drafting: Drafting,
    private readonly planned: Planned,
  ) {}

  get sites(): Site[] {
    return this.drafting.sites(this.operations);
  }

  /** The site that is looked at; null when none is, or it is there no longer. */
  get site(): Site | null {
    return this.sites.find(({ id }) => id === this.chosen) ?? null;
  }

  private get operations(): Plan {
    return this.store.operations;
  }

  async pinned(point: Point): Promise<void> {
    if (this.store.sent) return;
    if (this.mode === "look") this.chosen = null;
    this.point = point;
    this.place = null;
    this.planned.changed();
    const found = await this.drafting.around(point);
    if (plans.samePlace(this.point, point)) this.place = found;
    this.planned.changed();
  }

  choose(id: string): void {
    const { site } = this;
    if (this.mode === "share" && site && id !== site.id) return this.share(site, id);
    this.chosen = id;
    this.rest();
  }

  found({ site, point }: Found): void {
    if (site && this.mode !== "move") return this.choose(site.id);
    const there = point ?? site?.point;
    if (there) void this.pinned({ latitude: there.latitude, longitude: there.longitude });
  }

  act(action: HereAction): void {
    const { site, point } = this;
    if (action.do === "open" && point) return void this.open(action.resource, point);
    if (!site) return;
    if (action.do === "close") this.close(site);
    else if (action.do === "undo") this.undo(this.stepOf(site));
    else if (action.do === "complete") this.correct(site);
    else if (action.do === "cancel") this.rest();
    else if (action.do === "move" && point && this.mode === "move") void this.move(site, point);
    else if (action.do === "move") this.begin("move", site.point);
    else if (action.do === "share") this.begin("share", this.point);
  }

  private begin(mode: Mode, point: Point | null): void {
    this.mode = mode;
    this.point = point;
    this.planned.changed();
  }

  private rest(): void {
    this.begin("look", null);
  }

  private change(operations: Plan, told: string): void {
    this.store.change(operations);
    this.rest();
    this.planned.tell(told);
  }

  private stepOf(site: Site): number {
    return this.drafting.stepOf(this.operations, site);
  }

  private close(site: Site): void {
    const told = this.planned.say("done_close", { label: site.label });
    this.change(this.drafting.closed(this.operations, site), told);
  }

  private async move(site: Site, point: Point): Promise<void> {
    const moved = await this.drafting.moved(this.operations, site, point, this.place);
    this.change(moved, this.planned.say("done_move", { label: site.label }));
  }

  private share(site: Site, id: string): void {
    const other = this.sites.find((one) => one.id === id)!;
    const told = this.planned.say("done_share", { label: site.label, other: other.label });
    this.change(this.drafting.shared(this.operations, site, other), told);
  }

  /** Take a step back. */
  undo(index: number): void {
    if (index < 0) return;
    this.chosen = null;
    this.change(plans.undone(this.operations, index), this.planned.say("done_undo"));
  }

  // -- Forms ----------------------------------------------------------------------------------

  private async open(name: string, point: Point): Promise<void> {
    this.ask(await this.drafting.opening(this.operations, name, point, this.place));
  }

  /** Ask for what a step lacks. */
  complete(step: Step, index: number): void {
    const site = this.sites.find(({ id }) => id === step.site);
    if (site) void this.fill(site, this.store.errorsOf(index));
  }

  private correct(site: Site): void {
    const step = this.stepOf(site);
    void this.fill(site, step < 0 ? [] : this.store.errorsOf(step));
  }

  private async fill(site: Site, errors: readonly CellError[]): Promise<void> {
    this.ask(await this.drafting.correcting(this.operations, site, errors));
  }

  private ask(form: FormRequest | null): void {
    this.form = form;
    this.planned.changed();
  }

  closeForm(): void {
    this.ask(null);
  }

  filled(cells: FormRequest["cells"]): void {
    const request = this.form!;
    const { resource, now } = request;
    const label = resource.labelOf(cells);
    if (!now) this.chosen = plans.identity(resource.name, resource.keyOf(cells));
    const filled = this.drafting.filled(this.operations, request, cells);
    this.change(filled, this.planned.say(now ? "done_change" : "done_open", { label }));
  }
}
