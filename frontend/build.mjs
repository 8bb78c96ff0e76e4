// Copies our own sources and the ready-made library files into the folder Django serves. Nothing is bundled.
// Usage: node build.mjs <destination>
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const destination = process.argv[2] ?? join(here, "..", "src", "hutong", "static", "hutong");
const libraries = {
  "htmx.org/dist/htmx.min.js": "htmx.min.js",
  "htmx.org/LICENSE": "htmx.LICENSE.txt",
  "@alpinejs/csp/dist/cdn.min.js": "alpine-csp.min.js",
  "echarts/dist/echarts.min.js": "echarts.min.js",
  "echarts/LICENSE": "echarts.LICENSE.txt",
  "echarts/NOTICE": "echarts.NOTICE.txt",
};

const wanted = new Map(Object.entries(libraries).map(([from, to]) => [join("vendor", to), join(here, "node_modules", from)]));
for (const name of await readdir(join(here, "src"))) wanted.set(name, join(here, "src", name));

// Copied over what is there, so that a running server never finds the folder empty; leftovers go last.
await mkdir(join(destination, "vendor"), { recursive: true });
for (const [to, from] of wanted) await cp(from, join(destination, to));
for (const folder of ["", "vendor"]) {
  for (const entry of await readdir(join(destination, folder), { withFileTypes: true })) {
    const name = join(folder, entry.name);
    if (entry.isFile() && !wanted.has(name) && name !== "built.txt") await rm(join(destination, name));
  }
}
