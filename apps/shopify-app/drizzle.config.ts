import { defineConfig } from "drizzle-kit";

/** For `pnpm --filter @upline/shopify-app db:generate` only: the app applies the files itself (src/database.ts). */
export default defineConfig({ dialect: "postgresql", schema: "./src/schema.ts", out: "./src/migrations" });
