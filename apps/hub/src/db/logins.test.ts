import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { SecretBox } from "../secret-box.ts";
import { createTestDatabase, databaseUrl, type TestDatabase } from "../testing/test-database.ts";
import { sqlState } from "./connect.ts";
import { dropLogins, loginName } from "./logins.ts";
import { openDatabase } from "./open.ts";

const OWN_LOGINS = { appDatabaseUrl: null, gateDatabaseUrl: null, jobsDatabaseUrl: null };
const box = new SecretBox(randomBytes(32).toString("base64"));
const server = inject("server").url;
const suffix = randomBytes(4).toString("hex");
const cluster = postgres(server, { max: 1, onnotice: () => {} });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  await cluster.end();
});

/** The same address under another login. */
function as(url: string, login: string, password: string): string {
  return Object.assign(new URL(url), { username: login, password }).href;
}

test("a session of the hub cannot become the owner, see other companies, or switch the ledger's guards off", async () => {
  const db = await openDatabase(database.url, { env: OWN_LOGINS, box });
  const owner = postgres(database.url, { max: 1 });
  const jobs = postgres(db.jobsUrl, { max: 1, connection: { role: "upline_jobs" } });
  try {
    const [boss] = await owner`select current_user as name`;
    for (const pool of [db.app, db.directory, db.gate, jobs]) {
      for (const leave of ["set local role none", "reset role", "set session authorization default"]) {
        await pool.begin(async (tx) => {
          await tx.unsafe(leave);
          const [me] = await tx`select current_user as name`;
          expect(me?.name).not.toBe(boss?.name);
          const attack = tx.savepoint((inner) => inner.unsafe("alter table transfers disable trigger user"));
          expect(await attack.then(() => null, sqlState)).toBe("42501");
          const promotion = tx.savepoint((inner) => inner.unsafe(`set local role ${boss?.name}`));
          expect(await promotion.then(() => null, sqlState)).toBe("42501");
        });
      }
    }
    const other = await db.app.begin((tx) => tx.unsafe("set local role upline_gate")).then(() => null, sqlState);
    expect(other).toBe("42501");
  } finally {
    await Promise.all([owner.end(), jobs.end()]);
    await db.close();
  }
});

test("two databases of one cluster have logins of their own, also when both start at once and the same one twice", async () => {
  const second = await createTestDatabase();
  const urls = [database.url, second.url, second.url, database.url];
  const opened = await Promise.all(urls.map((url) => openDatabase(url, { env: OWN_LOGINS, box })));
  try {
    const names = await Promise.all(opened.map(async (db) => (await db.app`select session_user as name`)[0]?.name as string));
    expect(new Set(names).size).toBe(2);
    expect(names[0]).toBe(names[3]);
    for (const name of names) expect(name).toMatch(/^upline_app_upline_test_/);
  } finally {
    await Promise.all(opened.map((db) => db.close()));
    await second.drop();
  }
});

test("a new secret key gives the logins new passwords at the next start", async () => {
  const mark = () => cluster`select shobj_description(oid, 'pg_authid') as mark from pg_roles where rolname = ${name}`;
  const name = loginName("upline_app", new URL(database.url).pathname.slice(1));
  await (await openDatabase(database.url, { env: OWN_LOGINS, box })).close();
  const [first] = await mark();
  const renewed = new SecretBox(randomBytes(32).toString("base64"));
  await (await openDatabase(database.url, { env: OWN_LOGINS, box: renewed })).close();
  expect((await mark())[0]?.mark).not.toBe(first?.mark);
});

test("the name of a login stays within PostgreSQL's 63 bytes, and two long databases do not share one", () => {
  expect(loginName("upline_gate", "shop")).toBe("upline_gate_shop");
  const long = "d".repeat(62);
  expect(Buffer.byteLength(loginName("upline_gate", `${long}1`))).toBeLessThanOrEqual(63);
  expect(loginName("upline_gate", `${long}1`)).not.toBe(loginName("upline_gate", `${long}2`));
  expect(Buffer.byteLength(loginName("upline_app", "ü".repeat(31)))).toBeLessThanOrEqual(63);
});

test("a long and unusual database name opens too", async () => {
  const name = `Shop-${suffix}.${"x".repeat(45)}`;
  await cluster.unsafe(`create database "${name}"`);
  const url = databaseUrl(server, name);
  try {
    const db = await openDatabase(url, { env: OWN_LOGINS, box });
    await db.close();
  } finally {
    await cluster.unsafe(`drop database "${name}" with (force)`);
    await dropLogins(cluster, name);
  }
});

test("an owner who may not make roles is told what an administrator does, and the hub then works under those logins", async () => {
  const plain = `plain_${suffix}`;
  const [appLogin, gateLogin, jobsLogin] = [`a_${suffix}`, `g_${suffix}`, `j_${suffix}`];
  await cluster.unsafe(`create role ${plain} login password 'p'`);
  await cluster.unsafe(`create database ${plain} owner ${plain}`);
  const url = as(databaseUrl(server, plain), plain, "p");
  const env = {
    appDatabaseUrl: as(url, appLogin, "a"),
    gateDatabaseUrl: as(url, gateLogin, "g"),
    jobsDatabaseUrl: as(url, jobsLogin, "j"),
  };
  try {
    const refused = openDatabase(url, { env: OWN_LOGINS, box });
    await expect(refused).rejects.toThrow(/may not make roles.*administrator.*UPLINE_APP_DATABASE_URL/s);
    await expect(refused).rejects.toThrow(`create role "upline_app_${plain}" login`);
    await cluster.unsafe(`
      create role ${appLogin} login password 'a'; grant upline_app to ${appLogin};
      create role ${jobsLogin} login password 'j'; grant upline_jobs to ${jobsLogin};
      create role ${gateLogin} login password 'g'`);
    await expect(openDatabase(url, { env, box })).rejects.toThrow(
      /UPLINE_GATE_DATABASE_URL.*is no member of upline_gate: run `grant upline_gate/,
    );
    await cluster.unsafe(`grant upline_gate to ${gateLogin}`);
    const db = await openDatabase(url, { env, box });
    const users = await Promise.all([db.app, db.gate].map(async (pool) => (await pool`select session_user as name`)[0]?.name));
    await db.close();
    expect(users).toStrictEqual([appLogin, gateLogin]);
  } finally {
    await cluster.unsafe(`drop database ${plain} with (force)`);
    await cluster.unsafe(`drop role if exists ${appLogin}, ${gateLogin}, ${jobsLogin}, ${plain}`);
  }
});

test("a login that can become anybody else is refused, and the sentence says how", async () => {
  const login = `strong_${suffix}`;
  await cluster.unsafe(`create role ${login} login password 's'; grant upline_app to ${login}`);
  const gate = `weak_${suffix}`;
  await cluster.unsafe(`create role ${gate} login password 'w'; grant upline_gate to ${gate}`);
  const jobs = `idle_${suffix}`;
  await cluster.unsafe(`create role ${jobs} login password 'i'; grant upline_jobs to ${jobs}`);
  const url = database.url;
  const env = { appDatabaseUrl: as(url, login, "s"), gateDatabaseUrl: as(url, gate, "w"), jobsDatabaseUrl: as(url, jobs, "i") };
  const open = async () => (await openDatabase(database.url, { env, box })).close();
  const [boss] = await cluster`select current_user as name`;
  const powers: [give: string, take: string, sentence: RegExp][] = [
    [`alter role ${login} superuser`, `alter role ${login} nosuperuser`, /is a superuser/],
    [`alter role ${login} createrole`, `alter role ${login} nocreaterole`, /may make roles/],
    [`alter role ${login} bypassrls`, `alter role ${login} nobypassrls`, /passes row-level security by/],
    [`grant ${boss?.name} to ${login}`, `revoke ${boss?.name} from ${login}`, /can become/],
    [`grant upline_gate to ${login}`, `revoke upline_gate from ${login}`, /can become "upline_gate"/],
    [`grant pg_read_all_data to ${login}`, `revoke pg_read_all_data from ${login}`, /can become "pg_read_all_data"/],
  ];
  try {
    await open();
    for (const [give, take, sentence] of powers) {
      await cluster.unsafe(give);
      await expect(open()).rejects.toThrow(sentence);
      await cluster.unsafe(take);
    }
    await expect(open()).resolves.toBeUndefined();
  } finally {
    await cluster.unsafe(`drop role ${login}, ${gate}, ${jobs}`);
  }
});
