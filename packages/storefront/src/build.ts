/** Builds the scripts that shops load: `node src/build.ts`. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

/** One minified script of an adapter in `src/`; the same source gives the same bytes. */
export async function bundle(adapter: string): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [join(here, `${adapter}.ts`)],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2018",
    legalComments: "none",
    write: false,
    outdir: join(here, "../dist"),
  });
  const file = result.outputFiles[0];
  if (!file) throw new Error(`esbuild made nothing of ${adapter}`);
  return file.contents;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { mkdirSync, writeFileSync } = await import("node:fs");
  const dist = join(here, "../dist");
  mkdirSync(dist, { recursive: true });
  for (const adapter of ["woocommerce", "magento", "shopify"]) {
    const script = await bundle(adapter);
    writeFileSync(join(dist, `${adapter}.js`), script);
    process.stdout.write(`${adapter}.js: ${script.length} bytes, ${gzipSync(script).length} gzipped\n`);
  }
}
