/**
 * Builds the plugin as shops install it: `node plugin/build.ts` in the connector's folder. The same
 * sources give the same bytes, so that anybody can check a released zip.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle } from "@upline/storefront/build";
import { zipOf } from "@upline/storefront/zip";
import { translationTemplate } from "./pot.ts";

const here = dirname(fileURLToPath(import.meta.url));
const NAME = "upline-woocommerce";
const SHIPPED = ["*.php", "readme.txt", "src/**/*.php", "assets/*.{js,css}", "languages/*"];

/** Writes what is generated into the sources: the storefront script and the template for translators. */
export async function generate(): Promise<{ script: Uint8Array; template: string }> {
  const script = await bundle("woocommerce");
  const sources = new Map(
    globSync(["*.php", "src/**/*.php"], { cwd: here }).map((path) => [path, readFileSync(join(here, path), "utf8")]),
  );
  const template = translationTemplate(sources, pluginVersion());
  writeFileSync(join(here, "assets/storefront.js"), script);
  writeFileSync(join(here, `languages/${NAME}.pot`), template);
  return { script, template };
}

/** The zip's bytes, from what lies in the plugin's folder. */
export function pack(): Uint8Array {
  return zipOf({ folder: here, patterns: SHIPPED, under: NAME });
}

/** The one version: header, constant and readme must say the same. */
export function pluginVersion(): string {
  const said = [
    [`${NAME}.php`, /^ \* Version: (\S+)$/m],
    ["src/Plugin.php", /VERSION = '([^']+)'/],
    ["readme.txt", /^Stable tag: (\S+)$/m],
  ] as const;
  const versions = said.map(([path, pattern]) => readFileSync(join(here, path), "utf8").match(pattern)?.[1] ?? "none");
  const [version = "none"] = versions;
  if (versions.some((other) => other !== version)) {
    throw new Error(`the version differs: ${said.map(([path], at) => `${path} says ${versions[at]}`).join(", ")}`);
  }
  return version;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { script } = await generate();
  const zip = pack();
  const target = join(here, "../dist", `${NAME}.zip`);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, zip);
  process.stdout.write(`${NAME}.zip ${pluginVersion()}: ${zip.length} bytes; storefront.js: ${gzipSync(script).length} bytes gzipped\n`);
}
