/**
 * `pnpm test`: every test of every package, and of the PHP parts beside them. What a test needs beyond npm
 * (PHP, Chromium, Redis, RabbitMQ) is skipped with a visible line where absent; `UPLINE_REQUIRE=php,chromium`
 * turns an absence into a failure. The last line is the summary of everything.
 * Arguments are path parts: `pnpm test core money` runs the files whose path holds any of them.
 * `--soak` draws a fresh seed for the random properties and tries them more often; `--coverage` measures coverage.
 */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readSoak } from "@upline/testing";
import { fail, findAbsent } from "./parts.ts";
import { runPhpTests } from "./php-tests.ts";
import { runVitest } from "./run-vitest.ts";
import { finish, NOTHING, type Tally, total } from "./summary.ts";

const { values: flags, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { soak: { type: "boolean", default: false }, coverage: { type: "boolean", default: false } },
});

if (flags.soak) {
  process.env.FC_SEED ??= String(randomInt(2 ** 31));
  process.env.FC_RUNS ??= "10";
}
const absent = findAbsent();
process.env.UPLINE_ABSENT = absent.join(",");
const { seed, factor } = readSoak(process.env);
process.stdout.write(`random properties: FC_SEED=${seed} FC_RUNS=${factor}\n`);

const [php, vitest] = await Promise.all([
  absent.includes("php") ? [] : runPhpTests(words),
  runVitest(words, { coverage: flags.coverage }),
]);
const tallies = [...php, vitest, await runHubTests()];
const { passed, failed, skipped } = total(tallies);
if (passed + failed + skipped === 0) fail(`no test file has "${words.join('" or "')}" in its path`);
finish(tallies);

/** The hub's files, which are still Node's own runner's. */
async function runHubTests(): Promise<Tally> {
  if (existsSync("apps/hub/vitest.config.ts")) return NOTHING;
  const files = globSync("apps/hub/src/**/*.test.ts").filter(
    (path) => words.length === 0 || words.some((word) => path.includes(word)),
  );
  if (files.length === 0) return NOTHING;
  const log = join(tmpdir(), `upline-test-${process.pid}.tap`);
  const reporters = ["spec:stdout", `tap:${log}`].flatMap((pair) => {
    const [name, destination] = pair.split(":");
    return [`--test-reporter=${name}`, `--test-reporter-destination=${destination}`];
  });
  const args = ["--test", "--test-concurrency=2", ...reporters, ...files.sort()];
  const code = await new Promise<number>((resolve) => {
    spawn(process.execPath, args, { stdio: "inherit" }).on("exit", (status) => resolve(status ?? 1));
  });
  const tap = readFileSync(log, "utf8");
  rmSync(log);
  const count = (name: string) => Number(tap.match(new RegExp(`^# ${name} (\\d+)$`, "m"))?.[1] ?? 0);
  const failures = count("fail") + count("cancelled");
  return { passed: count("pass"), failed: code !== 0 ? Math.max(1, failures) : failures, skipped: count("skipped") };
}
