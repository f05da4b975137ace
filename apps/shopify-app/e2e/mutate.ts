/**
 * Loaded before the hub or the app (`node --import`) to make it wrong in one way, so that the suite can show that it sees it:
 * exchanges one function of one module for another that is made from it. A function that has moved or has another name ends
 * the program, for a mutant that changes nothing proves nothing.
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { MUTANTS } from "./mutants.ts";

const name = new URL(import.meta.url).searchParams.get("mutant") ?? "";
const mutant = MUTANTS[name];
if (!mutant) throw new Error(`There is no mutant "${name}"; known: ${Object.keys(MUTANTS).join(", ")}.`);
const target = new URL(`../../../${mutant.file}`, import.meta.url);
if (!new RegExp(`export (async )?function ${mutant.exchanges}\\(`).test(readFileSync(fileURLToPath(target), "utf8")))
  throw new Error(`The mutant "${name}" exchanges ${mutant.exchanges} of ${mutant.file}, which is not there any more.`);

registerHooks({
  load(url, context, nextLoad) {
    if (url !== target.href) return nextLoad(url, context);
    const real = JSON.stringify(`${url}?real`);
    const source = [
      `export * from ${real};`,
      `import { ${mutant.exchanges} as real } from ${real};`,
      `export const ${mutant.exchanges} = (${mutant.by})(real);`,
    ].join("\n");
    return { format: "module", shortCircuit: true, source };
  },
});
