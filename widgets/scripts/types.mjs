// Writes src/formats/*.ts from the JSON Schemas of server/retouche/formats.
// `--check` writes nothing and fails when a file is not what the schemas give.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const SCHEMAS = new URL("../../server/retouche/formats/", import.meta.url);
const TYPES = new URL("../src/formats/", import.meta.url);
const WANTED = ["widget", "proposal", "problem", "extension"];

// A `$ref` with a description beside it would become a type of its own for each place.
const plain = (value) => {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.$ref === "string") return { $ref: value.$ref };
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
};

const check = process.argv.includes("--check");
const known = new Set(await readdir(SCHEMAS));
let stale = 0;
for (const name of WANTED) {
  const file = `${name}.schema.json`;
  if (!known.has(file)) continue;
  const schema = JSON.parse(await readFile(new URL(file, SCHEMAS), "utf8"));
  const types = await compile(plain(schema), name, {
    cwd: fileURLToPath(SCHEMAS),
    bannerComment: `// Made by \`npm run types\` from server/retouche/formats/${file}: change that file.`,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
    style: { printWidth: 100 },
  });
  const target = new URL(`${name}.ts`, TYPES);
  const before = await readFile(target, "utf8").catch(() => "");
  if (before === types) continue;
  if (check) {
    console.error(`src/formats/${name}.ts is not what ${file} gives: run npm run types`);
    stale += 1;
  } else {
    await writeFile(target, types);
  }
}
process.exit(stale ? 1 : 0);
