import { shared } from "@upline/testing/project";
import { defineProject } from "vitest/config";

export default defineProject({
  test: { ...shared, name: "hub", include: ["src/**/*.test.ts"], globalSetup: "./src/testing/global-setup.ts" },
});
