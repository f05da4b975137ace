/** `pnpm generate`: writes the files that are made from code and kept with it; a test fails where one is not current. */
import { writeFileSync } from "node:fs";
import { CODE_TABLE_PATH, codeTablePhp } from "../connectors/woocommerce/plugin/code-table.ts";
import { planJsonSchema } from "../packages/core/src/index.ts";

const made: Readonly<Record<string, string>> = {
  "docs/plan-language.schema.json": `${JSON.stringify(planJsonSchema(), null, 2)}\n`,
  [CODE_TABLE_PATH]: codeTablePhp(),
};
for (const [path, text] of Object.entries(made)) {
  writeFileSync(path, text);
  process.stdout.write(`wrote ${path}\n`);
}
