import type { Command } from "commander";
import { withDatabase, withParts } from "./cli/open.ts";
import { example, type Terminal } from "./cli/terminal.ts";
import { prepareDatabase } from "./db/open.ts";
import { rotate } from "./db/sealing.ts";
import { openSecretBox } from "./secret-box.ts";

/** The hub itself: serve, migrate, and its secret key. */
export function hubCommands(program: Command, terminal: Terminal): void {
  const serve = program
    .command("serve")
    .description("Start the hub: ingest, workers, API and its documentation. Settings are in docs/cli.md.")
    .action(async () => void (await import("./main.ts")));
  example(serve, "UPLINE_PORT=8787 pnpm upline serve");

  const bring = program
    .command("migrate")
    .description(
      "Bring the database to the newest schema, and make the hub's logins. The hub and every other command do it too when they start.",
    )
    .action(() =>
      withDatabase(terminal, async (env, url) => {
        const { applied } = await prepareDatabase(url, { env, box: openSecretBox(env) });
        terminal.out(applied.length === 0 ? "The schema is up to date.\n" : `Applied ${applied.join(", ")}.\n`);
      }),
    );
  example(bring, "DATABASE_URL=postgres://upline@db.example.com/upline pnpm upline migrate");

  const secret = program.command("secret").description("The secret key that seals what is secret in the database");
  const turn = secret
    .command("rotate")
    .description("Seal everything anew with the key in UPLINE_SECRET_KEY; UPLINE_PREVIOUS_SECRET_KEYS holds the one before")
    .action(() =>
      withParts(terminal, async ({ db, box }) => {
        const { keyId, resealed, changed } = await rotate(db.url, box);
        const what = changed ? `The key ${keyId} is in use now` : `The key ${keyId} was in use already`;
        terminal.out(`${what}: ${resealed} ${resealed === 1 ? "value was" : "values were"} sealed anew.\n`);
        if (changed)
          terminal.out("Once every hub is restarted without UPLINE_PREVIOUS_SECRET_KEYS, the key before can be destroyed.\n");
      }),
    );
  example(turn, "UPLINE_SECRET_KEY=<new> UPLINE_PREVIOUS_SECRET_KEYS=<old> pnpm upline secret rotate");
}
