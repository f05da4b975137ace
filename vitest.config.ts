import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["{packages,connectors,apps}/*/vitest.config.ts", "apps/*/extensions/vitest.config.ts"],
    coverage: {
      provider: "v8",
      include: ["{packages,connectors,apps}/*/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/testing/**", "**/bench/**", "**/demo/**"],
    },
  },
});
