import { describe, expect, it, vi } from "vitest";
import type { ResourceDescriptor } from "../src/model/descriptor";
import { type Field, Resource, type Row } from "../src/model/field";
import type { Query } from "../src/model/query";
import type { PageOptions } from "../src/sources/source";
import { labelsOf, referenceOf, requestLabels } from "../src/state/labels";
import type { Session } from "../src/state/session";

const described = (fields: string[], more: Partial<ResourceDescriptor>): ResourceDescriptor => ({
  title: "",
  schema: { fields: fields.map((name) => ({ name })), primaryKey: fields[0] },
  editable: false,
  label: null,
  geo: null,
  row_count: 0,
  links: { csv: "", json: "" },
  ...more,
});

function begun(label: string | null): {
  session: Session;
  field: Field;
  page: ReturnType<typeof vi.fn>;
} {
  const shops = described(["id", "town"], {});
  shops.schema.foreignKeys = [{ fields: "town", reference: { resource: "towns", fields: "code" } }];
  const resources = new Map([
    ["shops", new Resource("shops", shops)],
    ["towns", new Resource("towns", described(["code", "name", "mayor"], { label }))],
  ]);
  const page = vi.fn(async (_: string, query: Query, __: PageOptions) => ({
    rows: query
      .filters!["code"]!.values!.filter((one) => one !== "gone")
      .map((code): Row => ({ code, name: `Town ${code}` })),
  }));
  const session = Object.assign(new EventTarget(), {
    resources,
    source: { page },
  }) as unknown as Session;
  return { session, field: resources.get("shops")!.field("town")!, page };
}

const told = (session: Session): Promise<unknown> =>
  new Promise((resolve) => session.addEventListener("pending", resolve, { once: true }));

describe("labels of foreign keys", () => {
  it("are asked for once, together, with no more columns than the label names", async () => {
    const { session, field, page } = begun("{name}");
    requestLabels(session, field, ["1", "2", null, ""]);
    requestLabels(session, field, ["2", "3"]);
    await told(session);
    expect(page).toHaveBeenCalledTimes(1);
    expect(page.mock.calls[0]).toEqual([
      "towns",
      { filters: { code: { values: ["1", "2", "3"] } } },
      { size: 1000, columns: ["code", "name"] },
    ]);
    expect(labelsOf(session, field).get("2")).toBe("Town 2");
    requestLabels(session, field, ["1"]);
    await Promise.resolve();
    expect(page).toHaveBeenCalledTimes(1);
  });

  it("are asked for in batches that fit an address", async () => {
    const { session, field, page } = begun("{name}");
    requestLabels(
      session,
      field,
      Array.from({ length: 250 }, (_, at) => String(at)),
    );
    await told(session);
    expect(page).toHaveBeenCalledTimes(3);
    expect(labelsOf(session, field).size).toBe(250);
  });

  it("that do not exist stay unknown", async () => {
    const { session, field } = begun("{name}");
    requestLabels(session, field, ["1", "gone"]);
    await told(session);
    expect(labelsOf(session, field).has("gone")).toBe(false);
  });

  it("are not asked for where rows have none, nor of fields that point nowhere", async () => {
    const { session, field, page } = begun(null);
    requestLabels(session, field, ["1"]);
    const plain = session.resources.get("shops")!.field("id")!;
    requestLabels(session, plain, ["1"]);
    await Promise.resolve();
    expect(page).not.toHaveBeenCalled();
    expect(referenceOf(session, plain)).toBeNull();
    expect(labelsOf(session, plain).size).toBe(0);
  });

  it("that cannot be read are not asked for at each drawing", async () => {
    vi.useFakeTimers();
    const { session, field, page } = begun("{name}");
    page.mockRejectedValueOnce(new Error("offline"));
    requestLabels(session, field, ["1"]);
    await vi.advanceTimersByTimeAsync(1000);
    requestLabels(session, field, ["1"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(page).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(30_000);
    requestLabels(session, field, ["1"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(labelsOf(session, field).get("1")).toBe("Town 1");
    vi.useRealTimers();
  });
});
