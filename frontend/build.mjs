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

await rm(destination, { recursive: true, force: true });
await mkdir(join(destination, "vendor"), { recursive: true });
for (const name of await readdir(join(here, "src"))) {
  await cp(join(here, "src", name), join(destination, name));
}
for (const [from, to] of Object.entries(libraries)) {
  await cp(join(here, "node_modules", from), join(destination, "vendor", to));
}
