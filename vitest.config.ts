import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Tests of the hub wait for databases and processes much of their time: on two processors one worker would leave both idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: ["{packages,connectors,apps}/*/vitest.config.ts", "apps/*/extensions/vitest.config.ts"],
    coverage: {
      provider: "v8",
      include: ["{packages,connectors,apps}/*/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/testing/**", "**/bench/**", "**/demo/**"],
    },
  },
});
