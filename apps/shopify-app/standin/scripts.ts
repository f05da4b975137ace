import { readFileSync } from "node:fs";
import { transformSync } from "esbuild";

const built = new Map<string, string>();

/** A script of `browser/` as browsers run it. */
export function browserScript(name: "app-bridge" | "admin" | "storefront"): string {
  const known = built.get(name);
  if (known !== undefined) return known;
  const source = readFileSync(new URL(`./browser/${name}.ts`, import.meta.url), "utf8").replace(/^export \{\};$/m, "");
  const { code } = transformSync(source, { loader: "ts", target: "es2022" });
  const script = `(() => {\n${code}})();\n`;
  built.set(name, script);
  return script;
}
