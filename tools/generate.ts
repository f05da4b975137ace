/** `pnpm generate`: writes the files that are made from code and kept with it; a test fails where one is not current. */
import { writeFileSync } from "node:fs";
import { planJsonSchema } from "../packages/core/src/index.ts";

const path = "docs/plan-language.schema.json";
writeFileSync(path, `${JSON.stringify(planJsonSchema(), null, 2)}\n`);
process.stdout.write(`wrote ${path}\n`);
