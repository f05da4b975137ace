/**
 * `pnpm bench estimate [people]`: how long it takes to tell somebody with ten thousand people below, in two trees, what a close now
 * would pay: by the close's own engine, of every kind of bonus. The first call after the start, and the median of five. Ends with one JSON line.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyzeFilled } from "../db/analyze.ts";
import { asCompany } from "../db/connect.ts";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { openDatabase } from "../db/open.ts";
import { readEnv } from "../env.ts";
import { closePeriod, commitClose } from "../periods/close.ts";
import { openPeriod } from "../periods/open.ts";
import { estimateOf, readStanding } from "../portal/standing.ts";
import { openSecretBox } from "../secret-box.ts";
import { drawCompany, drawVolumes, manyBonusesPlan } from "../testing/drawn-company.ts";

const TIMES = 6;
const [people = 10_001] = process.argv
  .slice(2)
  .filter((text) => /^\d+$/.test(text))
  .map(Number);

const dataDir = mkdtempSync(join(tmpdir(), "upline-bench-"));
// As root the database runs under another account, which must be able to enter.
chmodSync(dataDir, 0o755);
const embedded = await startEmbeddedPostgres({ dataDir, port: 0 });
const env = readEnv({ UPLINE_DATA_DIR: dataDir, UPLINE_JOBS: "off", UPLINE_LOG_LEVEL: "error" });
const box = openSecretBox(env);
const db = await openDatabase(embedded.url, { env, box });
try {
  const parts = { env, db, box };
  const drawn = await drawCompany(parts, { seed: 21, people, plan: manyBonusesPlan("charge") });
  const { companyId } = drawn;
  const open = (month: string) => openPeriod(parts, { companyId, month, currency: "USD", actor: "ann" });
  const closed = await open("2026-06");
  await drawVolumes(drawn, { periodNo: closed.periodNo, rows: people });
  // As an import leaves it.
  await analyzeFilled(db, companyId);
  const act = { companyId, periodNo: closed.periodNo };
  await closePeriod(parts, { ...act, actor: "ann", person: "ann" });
  await commitClose(parts, { ...act, actor: "bob", person: "bob" });
  const period = await open("2026-07");
  await drawVolumes(drawn, { periodNo: period.periodNo, rows: people });
  await drawn.owner.end();
  const took: number[] = [];
  let paid = 0;
  let members = 0;
  for (let time = 0; time < TIMES; time++) {
    const begun = performance.now();
    const standing = await asCompany(db, companyId, (tx) => readStanding(tx, { companyId, distributorNo: 1 }, period));
    took.push(performance.now() - begun);
    if (standing === null) throw new Error("too many are below to be estimated");
    paid = estimateOf(standing).filter(({ amountMinor }) => amountMinor !== 0n).length;
    members = standing.part.members.count;
  }
  const [firstMs = 0, ...others] = took;
  const ms = (value: number | undefined) => Math.round(value ?? 0);
  const medianMs = ms(others.toSorted((a, b) => a - b)[Math.floor(others.length / 2)]);
  process.stdout.write(`${JSON.stringify({ members, bonusesThatPay: paid, firstMs: ms(firstMs), medianMs })}\n`);
} finally {
  await db.close();
  await embedded.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(0);
