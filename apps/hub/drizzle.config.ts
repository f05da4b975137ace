import { defineConfig } from "drizzle-kit";

/** For `pnpm db:generate` only: the hub applies the files itself (src/db/migrate.ts). */
export default defineConfig({
  dialect: "postgresql",
  schema: "./src/db/schema/*.ts",
  out: "./src/db/migrations",
});
