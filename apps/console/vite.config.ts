import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where a hub runs while the console is being developed, and an API key that stands in for a sign-in. */
const hub = process.env.UPLINE_DEV_HUB ?? "http://127.0.0.1:8787";
const key = process.env.UPLINE_DEV_KEY;

/** The admin console and the distributor portal, which the hub serves below /console and /portal. */
export default defineConfig({
  plugins: [react()],
  build: {
    rolldownOptions: { input: { console: "console.html", portal: "portal.html" } },
    sourcemap: false,
    // Each route is a file of its own; a warning about sizes comes from the test that knows the limits.
    chunkSizeWarningLimit: 2_000,
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/auth", "/openapi.json", "/docs"].map((path) => [
        path,
        { target: hub, changeOrigin: true, ...(key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } }) },
      ]),
    ),
  },
  // Development serves the entries where the hub does.
  appType: "mpa",
});
