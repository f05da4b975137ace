/**
 * `pnpm shopify:e2e`: the whole way in a real Chromium against the stand-in. The last line of stdout is one JSON object.
 * `--mutant "refunds ignored"` makes hub or app wrong in one way, and the run has to turn red; `--mutants` tries them all,
 * and is red where one of them stays green.
 */
import { parseArgs } from "node:util";
import { MUTANTS } from "./mutants.ts";
import { runSuite } from "./run.ts";

/** From "Pay now" to the amount on the app's screen. Only this command judges it: tests judge no time. */
const SOON_MS = 2000;
const { values } = parseArgs({ options: { mutant: { type: "string" }, mutants: { type: "boolean", default: false } } });
const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (values.mutants) {
  const survived: string[] = [];
  for (const name of Object.keys(MUTANTS)) {
    say(`— ${name}`);
    const { ok, failed } = await runSuite(say, name);
    say(ok ? `SURVIVED ${name}` : `killed at "${failed}"`);
    if (ok) survived.push(name);
  }
  say(JSON.stringify({ ok: survived.length === 0, mutants: Object.keys(MUTANTS).length, survived }));
  process.exitCode = survived.length === 0 ? 0 : 1;
} else {
  const verdict = await runSuite(say, values.mutant ?? null);
  const soon = Number(verdict.commission_shown_ms) < SOON_MS;
  if (verdict.ok && !soon) say(`FAIL the commission was shown after ${verdict.commission_shown_ms} ms, not within ${SOON_MS}`);
  say(JSON.stringify({ ...verdict, ok: verdict.ok && soon }));
  process.exitCode = verdict.ok && soon ? 0 : 1;
}
