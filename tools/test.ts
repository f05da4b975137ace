/**
 * `pnpm test`: every test of every package, and of the PHP parts beside them. What a test needs beyond npm
 * (PHP, Chromium, Redis, RabbitMQ) is skipped with a visible line where absent; `UPLINE_REQUIRE=php,chromium`
 * turns an absence into a failure. The last line is the summary of everything.
 * Arguments are path parts: `pnpm test core money` runs the files whose path holds any of them.
 * `--soak` draws a fresh seed for the random properties and tries them more often; `--coverage` measures coverage.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { readSoak } from "@upline/testing";
import { fail, findAbsent } from "./parts.ts";
import { runPhpTests } from "./php-tests.ts";
import { runVitest } from "./run-vitest.ts";
import { finish, total } from "./summary.ts";

const { values: flags, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { soak: { type: "boolean", default: false }, coverage: { type: "boolean", default: false } },
});

if (flags.soak) {
  process.env.FC_SEED ??= String(randomInt(2 ** 31));
  process.env.FC_RUNS ??= "10";
}
const absent = findAbsent();
const { seed, factor } = readSoak(process.env);
process.stdout.write(`random properties: FC_SEED=${seed} FC_RUNS=${factor}\n`);

const [php, vitest] = await Promise.all([
  runPhpTests(words, { isAbsent: absent.includes("php") }),
  runVitest({
    words,
    files: "{packages,connectors,apps}/*/{src,app,bench,oracle,plugin,e2e,standin,extensions,checks}/**/*.test.ts",
    coverage: flags.coverage,
  }),
]);
const tallies = [...php, vitest];
const { passed, failed, skipped } = total(tallies);
if (passed + failed + skipped === 0) fail(`no test file has "${words.join('" or "')}" in its path`);
finish(tallies);
