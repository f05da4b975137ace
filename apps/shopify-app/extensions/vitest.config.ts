import { fileURLToPath } from "node:url";
import { shared } from "@upline/testing/project";
import { defineProject } from "vitest/config";

/** Extensions live on a global `shopify`, so that each file has a world of its own; the checks are beside them. */
export default defineProject({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    ...shared,
    name: "shopify-extensions",
    isolate: true,
    include: ["extensions/**/*.test.ts", "checks/**/*.test.ts"],
    server: { deps: { inline: ["@shopify/ui-extensions-tester"] } },
  },
});
