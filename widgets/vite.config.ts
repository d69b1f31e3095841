// Builds into the server's static files: `widgets.js` with the parts that it loads when they are
// needed, `frames.js` for pages that frame a widget, and what pages of the server itself load.
import { defineConfig } from "vite";

// Their addresses stand in other people's pages, so they never change.
const LASTING = new Set(["widgets", "frames"]);

// Parts have no style sheets and no parts of their own to fetch first, so that the code which
// would preload these is left out.
const plainImports = {
  name: "plain-imports",
  enforce: "pre",
  load: (id: string) =>
    id.includes("vite/preload-helper")
      ? "export const __vitePreload = (load) => load();"
      : undefined,
} as const;

// Lines of templates and style sheets begin in the code where it reads well: nobody needs that.
const noIndentation = {
  name: "no-indentation",
  generateBundle: (_: unknown, bundle: { [file: string]: { type: string; code?: string } }) => {
    for (const one of Object.values(bundle)) {
      if (one.type === "chunk") one.code = one.code!.replace(/\n +/g, "\n");
    }
  },
} as const;

interface Modules {
  getModuleIds(): Iterable<string>;
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

// All that `widgets.js` imports stays in it, also what its parts share with it: left to itself, the
// build makes a file of each thing shared.
const base = new Set<string>();
const oneBase = {
  name: "one-base",
  buildEnd(this: Modules) {
    const add = (id: string): void => {
      if (base.has(id)) return;
      base.add(id);
      this.getModuleInfo(id)?.importedIds.forEach(add);
    };
    [...this.getModuleIds()].filter((id) => id.endsWith("/src/index.ts")).forEach(add);
  },
} as const;

export default defineConfig({
  plugins: [plainImports, oneBase, noIndentation],
  base: "./",
  publicDir: false,
  build: {
    outDir: "../server/retouche/web/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    manifest: "manifest.json",
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: {
        widgets: "src/index.ts",
        frames: "src/frames/frames.ts",
        frame: "src/frames/frame.ts",
        builder: "src/frames/builder.ts",
        proving: "src/forms/proving.ts",
        reviewing: "src/pages/review.ts",
        projects: "src/pages/projects.ts",
      },
      preserveEntrySignatures: "allow-extension",
      output: {
        entryFileNames: ({ name }: { name: string }) =>
          LASTING.has(name) ? "[name].js" : "widgets/[name]-[hash].js",
        chunkFileNames: "widgets/[name]-[hash].js",
        assetFileNames: "widgets/[name]-[hash][extname]",
        codeSplitting: { groups: [{ name: "widgets", test: (id: string) => base.has(id) }] },
      },
    },
  },
  test: { environment: "node", include: ["tests/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
