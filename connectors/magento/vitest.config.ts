import { shared } from "@upline/testing/project";
import { defineProject } from "vitest/config";

export default defineProject({
  test: { ...shared, name: "magento", include: ["src/**/*.test.ts", "module/**/*.test.ts", "e2e/**/*.test.ts"] },
});
