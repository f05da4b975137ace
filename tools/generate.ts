/** `pnpm generate`: writes the files that are made from code and kept with it; a test fails where one is not current. */
import { writeFileSync } from "node:fs";
import { EMBED_ASSET, embedScript } from "../apps/shopify-app/extensions/assets.ts";
import { domainFiles } from "../connectors/magento/module/domain.ts";
import { adminSchema } from "../connectors/shopify/fixtures/admin-schema.ts";
import { typesOf } from "../connectors/shopify/fixtures/type-documents.ts";
import { DOCUMENTS } from "../connectors/shopify/src/documents.ts";
import { CODE_TABLE_PATH, codeTablePhp } from "../connectors/woocommerce/plugin/code-table.ts";
import { planJsonSchema } from "../packages/core/src/index.ts";

const made: Readonly<Record<string, string | Uint8Array>> = {
  "docs/plan-language.schema.json": `${JSON.stringify(planJsonSchema(), null, 2)}\n`,
  [EMBED_ASSET]: await embedScript(),
  [CODE_TABLE_PATH]: codeTablePhp(),
  "connectors/shopify/src/admin.generated.ts": typesOf(adminSchema(), DOCUMENTS),
};
write(made);
// Made of what has just been written.
write(domainFiles());

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, text] of Object.entries(files)) {
    writeFileSync(path, text);
    process.stdout.write(`wrote ${path}\n`);
  }
}
