/**
 * Builds the module as shops install it: `node module/build.ts` in the connector's folder. The zip serves a Composer artifact
 * repository as it is, and unpacked as app/code/Upline/Connector.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle } from "@upline/storefront/build";
import { zipOf } from "@upline/storefront/zip";

const here = dirname(fileURLToPath(import.meta.url));
const SHIPPED = [
  "{composer.json,registration.php,LICENSE.txt}",
  "{Api,Block,Console,Controller,Cron,Domain,Model,Observer,Plugin,Rules,Setup}/**/*.php",
  "etc/**/*.{xml,json}",
  "i18n/*.csv",
  "view/**/*.{xml,phtml,js,css,html}",
];

/** Writes what is generated into the sources: the storefront script. */
export async function generate(): Promise<Uint8Array> {
  const script = await bundle("magento");
  writeFileSync(join(here, "view/frontend/web/js/storefront.js"), script);
  return script;
}

/** The zip's bytes, from what lies in the module's folder. */
export function pack(): Uint8Array {
  return zipOf({ folder: here, patterns: SHIPPED, under: "" });
}

/** The one version: Composer's and the constant must say the same. */
export function moduleVersion(): string {
  const { version } = JSON.parse(readFileSync(join(here, "composer.json"), "utf8"));
  const constant = readFileSync(join(here, "Model/Version.php"), "utf8").match(/NUMBER = '([^']+)'/)?.[1];
  if (version !== constant) throw new Error(`the version differs: composer.json says ${version}, Model/Version.php ${constant}`);
  return version;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const script = await generate();
  const zip = pack();
  const name = `upline-module-connector-${moduleVersion()}.zip`;
  const target = join(here, "../dist", name);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, zip);
  process.stdout.write(`${name}: ${zip.length} bytes; storefront.js: ${gzipSync(script).length} bytes gzipped\n`);
}
