import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

/** The build of the embedded pages; what has no page (webhooks, tokens) is in src/ and is run as it is. */
export default defineConfig({
  plugins: [
    remix({
      ignoredRouteFiles: ["**/*.test.ts"],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: true,
        v3_singleFetch: true,
      },
    }),
  ],
  build: { assetsInlineLimit: 0 },
});
