import type { Command } from "commander";
import { withDatabase } from "./cli/open.ts";
import { example, type Terminal } from "./cli/terminal.ts";
import { migrate } from "./db/migrate.ts";

/** The hub itself: serve, migrate. */
export function hubCommands(program: Command, terminal: Terminal): void {
  const serve = program
    .command("serve")
    .description("Start the hub: ingest, workers, API and its documentation. Settings are in docs/cli.md.")
    .action(async () => void (await import("./main.ts")));
  example(serve, "UPLINE_PORT=8787 pnpm upline serve");

  const bring = program
    .command("migrate")
    .description("Bring the database to the newest schema. The hub and every other command do it too when they start.")
    .action(() =>
      withDatabase(terminal, async (_env, url) => {
        const { applied } = await migrate(url);
        terminal.out(applied.length === 0 ? "The schema is up to date.\n" : `Applied ${applied.join(", ")}.\n`);
      }),
    );
  example(bring, "DATABASE_URL=postgres://upline@db.example.com/upline pnpm upline migrate");
}
