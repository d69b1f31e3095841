// What is done with the rows of a project: each action makes of its steps those that follow.

import type { CellError } from "../../formats/problem";
import type { Row } from "../../model/field";
import type { Session } from "../../state/session";
import type { Point } from "../map/geometry";
import type { FormRequest } from "./form";
import { freeKey } from "./keys";
import * as plans from "./plan";
import type { Plan, Site } from "./plan";
import type { Sites } from "./sites";
import { cellsAt, cellsOf, surrounding, type Surrounding } from "./surroundings";

type Steps = ReturnType<typeof plans.undone>;

export class Drafting {
  private known: { plan: Plan; sites: Site[] } | null = null;

  constructor(
    private readonly session: Session,
    /** The rows as published. */
    private readonly rows: Sites,
  ) {}

  private get resources(): plans.Resources {
    return this.session.resources;
  }

  /** The sites with a plan; asked again of the same plan, the same. */
  sites(plan: Plan): Site[] {
    if (this.known?.plan !== plan) {
      this.known = { plan, sites: plans.sitesOf(plan, this.rows, this.resources) };
    }
    return this.known.sites;
  }

  /** The place of the step that touches a site; -1 where none does. */
  stepOf(plan: Plan, site: Site): number {
    return plan.findIndex((one) => plans.rowOf(one, this.resources) === site.id);
  }

  /** The row of a site as published; null for one that the project opens. */
  private published(site: Site): Row | null {
    const resource = this.resources.get(site.resource)!;
    return this.rows.get(site.resource)?.find((row) => resource.keyOf(row) === site.key) ?? null;
  }

  /** Close a site, with what hangs on it. */
  closed(plan: Plan, site: Site): Steps {
    const all = [...plans.dependents(site, this.sites(plan), this.resources), site];
    return all.reduce<Steps>(
      (steps, one) =>
        plans.without(steps, this.resources.get(one.resource)!, one.row, this.resources),
      [...plan],
    );
  }

  /** Move a site to a point; `place` is what is known to be there. */
  async moved(plan: Plan, site: Site, point: Point, place: Surrounding | null): Promise<Steps> {
    const there = place ?? (await this.around(point));
    const resource = this.resources.get(site.resource)!;
    return this.written(plan, site, cellsAt(resource, point, there, site.row));
  }

  /** Put a site where another one is. */
  shared(plan: Plan, site: Site, other: Site): Steps {
    return this.written(plan, site, cellsOf(site, other, this.resources));
  }

  private written(plan: Plan, site: Site, cells: FormRequest["cells"]): Steps {
    const resource = this.resources.get(site.resource)!;
    const now = this.published(site) ?? site.row;
    return plans.withCells(plan, resource, now, cells, this.resources);
  }

  /** The place nearest to a point; null where none is, or it cannot be read. */
  around(point: Point): Promise<Surrounding | null> {
    return surrounding(this.session, point).catch(() => null);
  }

  /** The form of a row to open at a point. */
  async opening(
    plan: Plan,
    name: string,
    point: Point,
    place: Surrounding | null,
  ): Promise<FormRequest> {
    const resource = this.resources.get(name)!;
    const there = place ?? (await this.around(point));
    const key = freeKey(resource, this.rows.get(name) ?? [], plan);
    const cells = { ...cellsAt(resource, point, there), ...key };
    return { resource, now: null, cells, before: null, label: "", errors: [] };
  }

  /** The form of a site with what the project makes of it. */
  async correcting(plan: Plan, site: Site, errors: readonly CellError[]): Promise<FormRequest> {
    const resource = this.resources.get(site.resource)!;
    const operation = plan[this.stepOf(plan, site)];
    const { label } = site;
    if (operation?.op === "insert") {
      return { resource, now: null, cells: operation.row, before: site.id, label, errors };
    }
    const now = await this.whole(site);
    const cells = { ...now, ...(operation?.op === "update" ? operation.new : {}) };
    return { resource, now, cells, before: null, label, errors };
  }

  /** All cells of a row, of which the map knows a few. */
  private async whole(site: Site): Promise<Row> {
    const answer = await this.session.source.row(site.resource, site.key).catch(() => null);
    return answer?.row ?? site.row;
  }

  /** What a form was filled in with. */
  filled(plan: Plan, { resource, now, before }: FormRequest, cells: FormRequest["cells"]): Steps {
    if (!now) return plans.withRow(plan, resource, cells, this.resources, before);
    const written = Object.entries(cells).filter(
      ([field]) => resource.field(field)?.writable && !resource.key.includes(field),
    );
    return plans.withCells(plan, resource, now, Object.fromEntries(written), this.resources);
  }
}
