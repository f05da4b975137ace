import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { SecretBox } from "../secret-box.ts";
import { createTestDatabase, databaseUrl, type TestDatabase } from "../testing/test-database.ts";
import { sqlState } from "./connect.ts";
import { dropLogins, loginName } from "./logins.ts";
import { openDatabase, prepareDatabase } from "./open.ts";
import { rotate } from "./sealing.ts";

const OWN_LOGINS = { appDatabaseUrl: null, gateDatabaseUrl: null, jobsDatabaseUrl: null, peopleDatabaseUrl: null };
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
    for (const pool of [db.app, db.directory, db.gate, db.people, jobs]) {
      for (const leave of ["set local role none", "reset role", "set session authorization default"]) {
        await pool.begin(async (tx) => {
          await tx.unsafe(leave);
          const [me] = await tx`select current_user as name`;
          expect(me?.name).not.toBe(boss?.name);
          const attack = tx.savepoint((inner) => inner.unsafe("alter table transfer_rows disable trigger user"));
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

test("each secret key has logins of its own, which go once no process has the key and nobody works under them", async () => {
  const name = new URL(database.url).pathname.slice(1);
  const known = () => cluster`select rolname from pg_roles where rolname like ${`upline_app_${name}_%`}`;
  const first = randomBytes(32).toString("base64");
  const own = await createTestDatabase();
  const ownName = new URL(own.url).pathname.slice(1);
  const logins = async () => {
    const rows = await cluster`select rolname as login from pg_roles where rolname like ${`upline_app_${ownName}_%`}`;
    return rows.map((row) => row.login).sort();
  };
  try {
    const before = (await known()).length;
    const old = new SecretBox(first);
    const atWork = await openDatabase(own.url, { env: OWN_LOGINS, box: old });
    await atWork.app`select 1`;
    const both = new SecretBox(randomBytes(32).toString("base64"), first);
    await (await openDatabase(own.url, { env: OWN_LOGINS, box: both })).close();
    const login = (box: SecretBox) => loginName({ group: "upline_app", database: ownName, keyId: box.keyId });
    expect(await logins()).toStrictEqual([login(old), login(both)].sort());
    // The hub with the earlier key opens new connections as before.
    expect((await atWork.app`select session_user as name`)[0]?.name).toBe(login(old));
    await expect(rotate(own.url, both)).rejects.toThrow(/Restart every hub/);
    await atWork.close();
    await rotate(own.url, both);
    await (await openDatabase(own.url, { env: OWN_LOGINS, box: both })).close();
    expect(await logins()).toStrictEqual([login(old), login(both)].sort());
    expect((await known()).length).toBe(before);
  } finally {
    await own.drop();
  }
  expect(await logins()).toStrictEqual([]);
});

test("a login's URL that leads to another database than the owner's is refused by its setting's name", async () => {
  const other = await createTestDatabase();
  const there = await openDatabase(other.url, { env: OWN_LOGINS, box });
  const here = await prepareDatabase(database.url, { env: OWN_LOGINS, box });
  try {
    const { app, jobs, people } = here.urls;
    const gate = (await prepareDatabase(other.url, { env: OWN_LOGINS, box })).urls.gate;
    const env = { appDatabaseUrl: app, gateDatabaseUrl: gate, jobsDatabaseUrl: jobs, peopleDatabaseUrl: people };
    await expect(openDatabase(database.url, { env, box })).rejects.toThrow(/UPLINE_GATE_DATABASE_URL leads to another database/);
  } finally {
    await there.close();
    await other.drop();
  }
});

test("the name of a login stays within PostgreSQL's 63 bytes, and two long databases do not share one", () => {
  const name = (group: "upline_app" | "upline_gate", shop: string) => loginName({ group, database: shop, keyId: "0a1b2c3d" });
  expect(name("upline_gate", "shop")).toBe("upline_gate_shop_0a1b2c3d");
  const long = "d".repeat(62);
  expect(Buffer.byteLength(name("upline_gate", `${long}1`))).toBeLessThanOrEqual(63);
  expect(name("upline_gate", `${long}1`)).not.toBe(name("upline_gate", `${long}2`));
  expect(Buffer.byteLength(name("upline_app", "ü".repeat(31)))).toBeLessThanOrEqual(63);
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
  const [appLogin, gateLogin, jobsLogin, peopleLogin] = [`a_${suffix}`, `g_${suffix}`, `j_${suffix}`, `p_${suffix}`];
  await cluster.unsafe(`create role ${plain} login password 'p'`);
  await cluster.unsafe(`create database ${plain} owner ${plain}`);
  const url = as(databaseUrl(server, plain), plain, "p");
  const env = {
    appDatabaseUrl: as(url, appLogin, "a"),
    gateDatabaseUrl: as(url, gateLogin, "g"),
    jobsDatabaseUrl: as(url, jobsLogin, "j"),
    peopleDatabaseUrl: as(url, peopleLogin, "p"),
  };
  try {
    const refused = openDatabase(url, { env: OWN_LOGINS, box });
    await expect(refused).rejects.toThrow(/may not make roles.*administrator.*UPLINE_APP_DATABASE_URL/s);
    await expect(refused).rejects.toThrow(`create role "upline_app_${plain}" login`);
    await cluster.unsafe(`
      create role ${appLogin} login password 'a'; grant upline_app to ${appLogin};
      create role ${jobsLogin} login password 'j'; grant upline_jobs to ${jobsLogin};
      create role ${peopleLogin} login password 'p'; grant upline_people to ${peopleLogin};
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
    await cluster.unsafe(`drop role if exists ${appLogin}, ${gateLogin}, ${jobsLogin}, ${peopleLogin}, ${plain}`);
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
  const people = `calm_${suffix}`;
  await cluster.unsafe(`create role ${people} login password 'c'; grant upline_people to ${people}`);
  const env = {
    ...{ appDatabaseUrl: as(url, login, "s"), gateDatabaseUrl: as(url, gate, "w"), jobsDatabaseUrl: as(url, jobs, "i") },
    peopleDatabaseUrl: as(url, people, "c"),
  };
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
