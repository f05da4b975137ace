/**
 * `pnpm verify`: everything that needs no database and takes seconds: format and lint (with the
 * import arrows between rooms), types of every package, and the tidy test.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

const rooms = ["packages", "connectors", "apps"].filter((room) => existsSync(room));
const steps: { name: string; command: string; args: string[] }[] = [
  { name: "format and lint", command: "biome", args: ["check", "--error-on-warnings", "."] },
  { name: "tidy", command: process.execPath, args: ["tools/tidy.ts"] },
  { name: "raw queries", command: process.execPath, args: ["tools/raw-queries.ts"] },
  // Types that were checked before are not checked again: a package's task hashes its files and those of what it uses.
  {
    name: "types",
    command: "turbo",
    args: ["run", "types", "--output-logs=errors-only", "--ui=stream", "--continue", "--concurrency=2"],
  },
  // Behind the types, whose task makes the declarations of the hub's client: a fresh clone has none before.
  { name: "arrows", command: "depcruise", args: ["--config", ".dependency-cruiser.mjs", ...rooms] },
];

let failed = 0;
for (const step of steps) {
  const started = performance.now();
  const code = await run(step.command, step.args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok  " : "FAIL"} ${step.name} (${seconds} s)\n`);
  if (code !== 0) failed += 1;
}
process.stdout.write(`verify: ${steps.length - failed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

function run(command: string, args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: "inherit",
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", PATH: `node_modules/.bin:${process.env.PATH}` },
    });
    child.on("error", () => resolve(1));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
