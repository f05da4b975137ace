import { shared } from "@upline/testing/project";
import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    ...shared,
    name: "shopify-app",
    include: ["{app,src,standin,e2e}/**/*.test.ts"],
    globalSetup: "./src/testing/global-setup.ts",
  },
});
