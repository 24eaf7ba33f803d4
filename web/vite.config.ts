import { readdirSync, readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { parse } from "yaml";

const root = new URL("../", import.meta.url);

/**
 * The module "virtual:demarc": how drawings look (data/styles) and what
 * predicates are called (schema/vocabulary.ttl), as the rest of demarc has them.
 */
function demarc(): Plugin {
  const id = "virtual:demarc";
  return {
    name: "demarc",
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load(source) {
      if (source !== `\0${id}`) return null;
      const styles = parse(readFileSync(new URL("data/styles/styles.yaml", root), "utf8"));
      const turtle = readFileSync(new URL("schema/vocabulary.ttl", root), "utf8");
      const labels: Record<string, string> = {};
      const parents: Record<string, string> = {};
      for (const [, name = "", body = ""] of turtle.matchAll(/^dm:(\w+) a ([\s\S]*?) \.$/gm)) {
        const label = /rdfs:label "([^"]*)"/.exec(body);
        if (label?.[1]) labels[name] = label[1];
        const parent = /rdfs:subClassOf dm:(\w+)/.exec(body);
        if (parent?.[1]) parents[name] = parent[1];
      }
      return `export default ${JSON.stringify({ styles, labels, parents })}`;
    },
  };
}

/** Writes licences.txt: the licences of all that is in the bundle. */
function licences(): Plugin {
  const packages = new Set(["@fontsource-variable/inter", "@fontsource-variable/source-serif-4"]);
  return {
    name: "licences",
    generateBundle() {
      for (const id of this.getModuleIds()) {
        const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id);
        if (found?.[1]) packages.add(found[1]);
      }
      const texts = [...packages].sort().map((name) => {
        const folder = new URL(`node_modules/${name}/`, import.meta.url);
        const about = JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as Record<string, string>;
        const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
        const text = file ? readFileSync(new URL(file, folder), "utf8").trim() : "";
        return `${name} ${about.version} (${about.license})\n\n${text}\n`;
      });
      const source = `What these pages contain of others.\n\n${texts.join(`\n${"-".repeat(72)}\n\n`)}`;
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

// The pages are built into the Go package that embeds them. Nothing is inlined:
// the server's Content-Security-Policy allows neither data: URLs nor inline
// scripts and styles.
export default defineConfig({
  plugins: [demarc(), licences()],
  build: {
    outDir: process.env.DEMARC_PAGES_OUT ?? "../graph/serve/pages",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  worker: { format: "es" },
  server: {
    // `npx vite` beside a running `demarc serve --listen 127.0.0.1:8080`.
    proxy: Object.fromEntries(
      ["/api", "/sparql", "/openapi.json", "/healthz"].map((path) => [
        path,
        { target: process.env.DEMARC_URL ?? "http://127.0.0.1:8080", changeOrigin: true },
      ]),
    ),
  },
});
