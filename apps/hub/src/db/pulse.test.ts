import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { until } from "../testing/until.ts";
import { connect, type Database, type DatabaseUrls } from "./connect.ts";
import { Pulse } from "./pulse.ts";

/** Who connects does not matter here. */
const asOwner = (url: string): DatabaseUrls => ({ owner: url, app: url, gate: url, jobs: url, people: url });

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(asOwner(database.url), { app: 1, gate: 1 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const PATIENT_MS = 600_000;

test("a pool that says nothing while a new connection is answered is stuck, and no longer once it answers", async () => {
  const pulse = new Pulse(db, 0);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const holding = db.gate.begin(async (tx) => {
    await tx`select 1`;
    await held;
  });
  await until("the silent pool is seen", async () => {
    await pulse.look();
    return pulse.stuck;
  });
  // One whose patience is not over yet says nothing.
  const patient = new Pulse(db, PATIENT_MS);
  await patient.look();
  expect(patient.stuck).toBe(false);
  release();
  await holding;
  await until("the pool is well again", () => !pulse.stuck);
});

test("a database that is away makes no process stuck: its pools come back with it", async () => {
  const nobody = connect(asOwner("postgres://upline@127.0.0.1:9/nothing"));
  const pulse = new Pulse(nobody, 0);
  await pulse.look();
  await pulse.look();
  expect(pulse.stuck).toBe(false);
  await nobody.close();
});
