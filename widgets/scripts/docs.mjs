// Writes docs/elements/*.md, a page for each element that a site may use, from the JSDoc beside it.
// `--check` writes nothing and fails when a page is not what the code says.
import { create, ts } from "@custom-elements-manifest/analyzer";
import { litPlugin } from "@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js";
import { readFile, readdir, mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const SOURCE = new URL("../src/", import.meta.url);
const PAGES = new URL("../../docs/elements/", import.meta.url);
const NAMED = ["widget", "table", "cards", "card", "map", "dataviz"];
const EXAMPLES = {
  "retouche-widget": ["", 'locale="en" theme="auto"', 'view="map" hide="credits" filters="dep_lib=Nord"'],
  "retouche-table": ["", "readonly"],
  "retouche-cards": ["", 'filters="dep_lib=Nord"'],
  "retouche-card": ['row="12"'],
  "retouche-map": ["", 'theme="dark"'],
  "retouche-dataviz": ["", 'prefix="none"'],
};
const ADDRESS = "https://example.org/api/v1/datasets/france-services/widgets/fiches";

const check = process.argv.includes("--check");
const files = (await readdir(SOURCE, { recursive: true })).filter((one) => one.endsWith(".ts"));
const modules = await Promise.all(
  files.sort().map(async (file) => {
    const text = await readFile(new URL(file, SOURCE), "utf8");
    return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  }),
);
const manifest = create({ modules, plugins: litPlugin() });
const declarations = manifest.modules.flatMap((module) => module.declarations);
const elements = new Map(
  declarations.filter((one) => one.tagName).map((one) => [one.tagName, one]),
);
// What the base of the views says of all of them, after the sentence that says that it is one.
const base = declarations.find((one) => one.name === "ViewElement").description;
const ofAllViews = base.slice(base.indexOf(". ") + 2).replaceAll("\n", " ").trim();

const cell = (text) => (text ?? "").replaceAll("\n", " ").replaceAll("|", "\\|").trim();
const described = (list) =>
  [...new Map((list ?? []).filter((one) => one.description).map((one) => [one.name, one])).values()];

function table(title, heads, rows) {
  if (!rows.length) return "";
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  return `\n## ${title}\n\n${line(heads)}${line(heads.map(() => "---"))}${rows.map(line).join("")}`;
}

function page(tag, one) {
  const members = described(one.members).filter((member) => !member.privacy || member.privacy === "public");
  // What is not public is state of the element, not an attribute of it.
  const inner = new Set(
    (one.members ?? [])
      .filter((member) => ["private", "protected"].includes(member.privacy))
      .map((member) => member.name),
  );
  const examples = EXAMPLES[tag]
    .map((attributes) => `<${tag} src="${ADDRESS}"${attributes && ` ${attributes}`}></${tag}>`)
    .join("\n");
  return (
    `<!-- Made by \`npm --prefix widgets run docs\` from the JSDoc of the element: change that. -->\n` +
    `# \`<${tag}>\`\n\n${(one.description ?? "").trim()}\n\n` +
    (one.superclass?.name === "ViewElement" ? `${ofAllViews}\n\n` : "") +
    "```html\n<script type=\"module\" src=\"https://example.org/widgets.js\"></script>\n" +
    `${examples}\n\`\`\`\n` +
    table(
      "Attributes",
      ["attribute", "meaning"],
      described(one.attributes)
        .filter((attr) => !inner.has(attr.fieldName))
        .map((attr) => [`\`${attr.name}\``, cell(attr.description)]),
    ) +
    table(
      "Properties and methods",
      ["name", "meaning"],
      members.map((member) => [
        `\`${member.name}${member.kind === "method" ? "()" : ""}\``,
        cell(member.description),
      ]),
    ) +
    table(
      "Events",
      ["event", "when"],
      described(one.events).map((event) => [`\`${event.name}\``, cell(event.description)]),
    ) +
    table(
      "Parts",
      ["part", "what"],
      described(one.cssParts).map((part) => [`\`${part.name}\``, cell(part.description)]),
    ) +
    table(
      "Custom properties of its own",
      ["property", "what"],
      described(one.cssProperties).map((property) => [
        `\`${property.name}\``,
        cell(property.description),
      ]),
    ) +
    table(
      "Slots",
      ["slot", "what"],
      described(one.slots).map((slot) => [
        slot.name ? `\`${slot.name}\`` : "the default one",
        cell(slot.description),
      ]),
    ) +
    "\nCustom properties of all elements, themes and the policy that a strict host page needs are\n" +
    "in [the guide to widgets](../widgets.md).\n"
  );
}

await mkdir(PAGES, { recursive: true });
let stale = 0;
for (const tag of NAMED.map((name) => `retouche-${name}`)) {
  const element = elements.get(tag);
  if (!element?.description) throw new Error(`${tag} has no JSDoc that describes it`);
  const target = new URL(`${tag}.md`, PAGES);
  const text = page(tag, element);
  if ((await readFile(target, "utf8").catch(() => "")) === text) continue;
  if (check) {
    console.error(`${fileURLToPath(target)} is not what the code says: run npm --prefix widgets run docs`);
    stale += 1;
  } else {
    await writeFile(target, text);
  }
}
process.exit(stale ? 1 : 0);
