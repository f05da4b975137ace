/**
 * `pnpm e2e`: the suites that need a browser or a real shop. A shop whose root is not given, and everything where
 * Chromium is absent, is skipped with a visible line; `UPLINE_REQUIRE=chromium` turns that absence into a failure.
 * `--full` (`pnpm e2e:full`) runs the longer matrices. Arguments are path parts, as for `pnpm test`.
 */
import { parseArgs } from "node:util";
import { fail, findAbsent } from "./parts.ts";
import { runVitest } from "./run-vitest.ts";
import { finish, total } from "./summary.ts";

const { values: flags, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { full: { type: "boolean", default: false } },
});
if (flags.full) process.env.UPLINE_E2E_FULL = "1";
findAbsent();
const tally = await runVitest({ words, files: "{packages,connectors,apps}/*/e2e/**/*.e2e.ts", config: "vitest.e2e.config.ts" });
const { passed, failed, skipped } = total([tally]);
if (passed + failed + skipped === 0) fail(`no suite has "${words.join('" or "')}" in its path`);
finish([tally]);
