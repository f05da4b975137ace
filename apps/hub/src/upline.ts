/** `pnpm upline …`: what the operator of a hub does at a terminal. Each noun has a file of its own beside this one. */
import { runCli } from "./program.ts";

// Whoever reads only the first lines (`upline … | head -1`) has all that was asked for.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
}

const code = await runCli(process.argv.slice(2), {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
});
if (code !== 0) process.exitCode = code;
