// What is made of a server's answers, whatever fields and keys are called.

import { afterEach, expect, test, vi } from "vitest";
import { ServerSource } from "../src/sources/server";

const API = "https://server.test/api/v1/datasets/odd";
const NAMES = ["id", "constructor", "__proto__", "label"];

function serving(answers: { [path: string]: string }): ServerSource {
  const rows = `${API}/resources/odd/rows`;
  const pending = `${API}/resources/odd/pending`;
  const schema = { fields: NAMES.map((name) => ({ name })), primaryKey: "id" };
  const descriptor = { resources: { odd: { schema, links: { rows, pending } } } };
  vi.stubGlobal("fetch", async (address: string) => {
    const { pathname } = new URL(address);
    const found = answers[pathname.slice(new URL(API).pathname.length)];
    return found === undefined ? new Response("", { status: 404 }) : new Response(found);
  });
  answers["/widgets/odd"] = JSON.stringify(descriptor);
  return new ServerSource(`${API}/widgets/odd`, () => "fr");
}
afterEach(() => vi.unstubAllGlobals());

test("nothing is pending on a row only because its key is what every object has", async () => {
  const source = serving({
    "/resources/odd/rows/constructor": '{"data": {"id": "constructor"}, "revision": "r"}',
    "/resources/odd/pending": '{"data": {}}',
  });
  await source.descriptor();
  expect((await source.row("odd", "constructor"))!.pending).toEqual([]);
});

test("a row has the cells that were asked for and no others, but those of its fields", async () => {
  const meta = { page: 1, page_size: 1, total: 1, revision: "r" };
  const body = `{"data": [{"id": "1", "__proto__": "x"}], "meta": ${JSON.stringify(meta)}}`;
  const source = serving({ "/resources/odd/rows": body });
  await source.descriptor();
  const [row] = (await source.page("odd", {}, { columns: ["id", "__proto__"] })).rows;
  expect(NAMES.map((name) => row![name])).toEqual(["1", undefined, "x", undefined]);
});
