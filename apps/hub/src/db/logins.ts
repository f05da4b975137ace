import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import type postgres from "postgres";
import { type Env, EnvError } from "../env.ts";
import { type SecretBox, sha256 } from "../secret-box.ts";
import { type DatabaseUrls, type Sql, sqlState } from "./connect.ts";

/**
 * The hub does not work as the database's owner: a session of the owner can leave the role it took, and whoever owns the
 * ledger can switch its triggers off. It connects under four logins of its own, each a member of
 * one role (`upline_app`, `upline_gate`, `upline_jobs`, `upline_people`) and of nothing else. Roles belong to the whole cluster, so the logins carry the database's name.
 */
const GROUPS = ["upline_app", "upline_gate", "upline_jobs", "upline_people"] as const;
const SETTINGS = {
  upline_app: "UPLINE_APP_DATABASE_URL",
  upline_gate: "UPLINE_GATE_DATABASE_URL",
  upline_jobs: "UPLINE_JOBS_DATABASE_URL",
  upline_people: "UPLINE_PEOPLE_DATABASE_URL",
} as const;
type Group = (typeof GROUPS)[number];

/** The logins' URLs: those of the settings, or logins of our own, made where they are missing. */
export async function loginUrls(
  owner: postgres.Sql,
  { url, env, box }: { url: string; env: LoginSettings; box: SecretBox },
): Promise<DatabaseUrls> {
  const { appDatabaseUrl: app, gateDatabaseUrl: gate, jobsDatabaseUrl: jobs, peopleDatabaseUrl: people } = env;
  if (app !== null && gate !== null && jobs !== null && people !== null) return { owner: url, app, gate, jobs, people };
  const database = await databaseOf(owner);
  const logins = GROUPS.map((group) => {
    const name = loginName({ group, database, keyId: box.keyId });
    return { group, name, password: box.derive(`database login ${name}`), database, keyId: box.keyId };
  });
  await makeLogins(owner, database, logins);
  await retireLogins(owner, { database, keyIds: box.keyIds });
  const urls = logins.map((login) => urlOf(url, login)) as [string, string, string, string];
  return { owner: url, app: urls[0], gate: urls[1], jobs: urls[2], people: urls[3] };
}

export type LoginSettings = Pick<Env, "appDatabaseUrl" | "gateDatabaseUrl" | "jobsDatabaseUrl" | "peopleDatabaseUrl">;

interface Login {
  readonly group: Group;
  readonly name: string;
  readonly password: string;
  readonly database: string;
  readonly keyId: string;
}

async function databaseOf(sql: postgres.Sql | postgres.TransactionSql): Promise<string> {
  const [row] = await sql<{ database: string }[]>`select current_database() as database`;
  return row?.database ?? "";
}

/**
 * Each secret key has logins of its own: while it is being replaced, hubs with the new one and hubs that do not have it yet
 * work side by side. PostgreSQL cuts names after 63 bytes, which would let two long names meet: those end in a digest instead.
 */
export function loginName({ group, database, keyId }: { group: Group; database: string; keyId: string }): string {
  const name = `${group}_${database}_${keyId}`;
  if (Buffer.byteLength(name) <= 63) return name;
  const digest = sha256(database).toString("hex").slice(0, 16);
  return `${group}_${database.replaceAll(/[^a-zA-Z0-9_]/g, "").slice(0, 20)}_${digest}_${keyId}`;
}

/** Removes the logins of a database that was dropped: they belong to the cluster, and stay otherwise. */
export async function dropLogins(owner: postgres.Sql, database: string): Promise<void> {
  for (const login of await loginsOf(owner, database)) await owner.unsafe(`drop role if exists ${quoted(login.name)}`);
}

interface Made {
  readonly name: string;
  /** Null for one from before keys had logins of their own. */
  readonly keyId: string | null;
  readonly sessions: number;
}

/** The logins that were made for a database, whatever their key; their comments tell. */
async function loginsOf(sql: postgres.Sql | postgres.TransactionSql, database: string): Promise<Made[]> {
  const rows = await sql<{ name: string; mark: string; sessions: number }[]>`
    select rolname as name, shobj_description(oid, 'pg_authid') as mark,
           (select count(*)::int from pg_stat_activity a where a.usesysid = r.oid) as sessions
      from pg_roles r where shobj_description(oid, 'pg_authid') like 'made by Upline%'`;
  const prefix = `${MADE_FOR}${database}, key `;
  const earlier = GROUPS.map((group) => `${group}_${database}`);
  return rows
    .filter(({ name, mark }) => mark.startsWith(prefix) || (!mark.startsWith(MADE_FOR) && earlier.includes(name)))
    .map(({ name, mark, sessions }) => ({
      name,
      keyId: mark.startsWith(prefix) ? (/^\w+/.exec(mark.slice(prefix.length))?.[0] ?? null) : null,
      sessions,
    }));
}

/** A key that nobody has any more opens nothing: its logins go, once nobody works under them. */
async function retireLogins(
  owner: postgres.Sql,
  { database, keyIds }: { database: string; keyIds: readonly string[] },
): Promise<void> {
  for (const { name, keyId, sessions } of await loginsOf(owner, database)) {
    if (sessions > 0 || (keyId !== null && keyIds.includes(keyId))) continue;
    // What an administrator gave it keeps it; that is no reason not to start.
    await owner.unsafe(`drop role if exists ${quoted(name)}`).catch(() => {});
  }
}

/** Throws where a hub is at work that was started with another key than the newest: it could not open what that seals. */
export async function refuseOtherKeys(tx: postgres.TransactionSql, keyId: string): Promise<void> {
  const others = (await loginsOf(tx, await databaseOf(tx))).filter((login) => login.sessions > 0 && login.keyId !== keyId);
  if (others.length === 0) return;
  throw new EnvError(
    `A hub still works with another key than ${keyId} (under the login ${others.map(({ name }) => name).join(", ")}). Nothing was changed. ` +
      "Restart every hub with the new key in UPLINE_SECRET_KEY and the one before in UPLINE_PREVIOUS_SECRET_KEYS, then rotate.",
  );
}

/** The driver's own quoting takes a dot for the end of a name. */
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Any fixed number: two hubs of this database that start together take turns. */
const LOCK = 7_314_003;

async function makeLogins(owner: postgres.Sql, database: string, logins: readonly Login[]): Promise<void> {
  if ((await unready(owner, logins)).length === 0) return;
  try {
    await owner.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${LOCK})`;
      for (const login of await unready(tx, logins)) await makeLogin(tx, login);
    });
  } catch (error) {
    if (sqlState(error) === "42501") throw new EnvError(askForRoles(database));
    throw error;
  }
}

async function makeLogin(tx: postgres.TransactionSql, login: Login): Promise<void> {
  const [existing] = await tx`select from pg_roles where rolname = ${login.name}`;
  const name = quoted(login.name);
  await tx.unsafe(`
    ${existing ? "alter" : "create"} role ${name} login password '${verifierOf(login)}';
    grant ${login.group} to ${name};
    comment on role ${name} is '${markOf(login).replaceAll("'", "''")}'`);
}

/** Which logins are missing or have another password. Passwords cannot be read, so each login's comment says which it has. */
async function unready(sql: postgres.Sql | postgres.TransactionSql, logins: readonly Login[]): Promise<Login[]> {
  const rows = await sql<{ name: string; mark: string | null }[]>`
    select rolname as name, shobj_description(oid, 'pg_authid') as mark from pg_roles where rolname in ${sql(logins.map((login) => login.name))}`;
  const marks = new Map(rows.map((row) => [row.name, row.mark]));
  return logins.filter((login) => marks.get(login.name) !== markOf(login));
}

const MADE_FOR = "made by Upline for ";

/** A digest of a password of 256 random bits tells nothing about it. */
function markOf({ database, keyId, password }: Login): string {
  return `${MADE_FOR}${database}, key ${keyId}, password ${sha256(password).toString("hex").slice(0, 16)}`;
}

const ITERATIONS = 4096;

/** What PostgreSQL stores for SCRAM-SHA-256 (RFC 5803): sent instead of the password, which a server's log could keep. */
function verifierOf({ name, password }: Login): string {
  const salt = sha256(`salt of ${name} ${password}`).subarray(0, 16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const keyed = (text: string) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(keyed("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${storedKey}:${keyed("Server Key").toString("base64")}`;
}

function urlOf(ownerUrl: string, login: Login): string {
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(login.name);
  url.password = encodeURIComponent(login.password);
  return url.href;
}

/** What an administrator does where the owner may not make roles. */
export function askForRoles(database: string): string {
  const groups = GROUPS.map((group) => `create role ${group} nologin;`);
  const logins = GROUPS.map((group) => {
    const name = `${group}_${database}`;
    return `create role "${name}" login password '…'; grant ${group} to "${name}";`;
  });
  return (
    "The database's owner may not make roles, and the hub does not work as the owner. Let an administrator run what is missing of\n" +
    `  ${[groups.join(" "), ...logins].join("\n  ")}\n` +
    `and set ${Object.values(SETTINGS).join(", ")} to the database's URL with these names and their passwords.`
  );
}

/** Throws where a login can become anybody else: it would be as good as the owner. */
export async function refuseUnconfined(sql: Sql, group: Group): Promise<void> {
  const setting = SETTINGS[group];
  const notMember = (login?: string) =>
    new EnvError(
      `${setting}: the login "${login}" is no member of ${group}: run \`grant ${group} to "${login}"\` as an administrator.`,
    );
  const roles = await rolesOf(sql).catch((error) => {
    // The connection takes the group's role at once, and fails where it may not.
    if (sqlState(error) === "42501") throw notMember(sql.options.user);
    if (!/^28/.test(sqlState(error) ?? "")) throw error;
    throw new EnvError(
      `The database refuses the hub's login "${sql.options.user}": check ${setting}; where it is not set, look whether the server lets this login in (pg_hba.conf).`,
    );
  });
  const login = roles.find((role) => role.itself)?.name;
  if (!roles.some((role) => role.name === group)) throw notMember(login);
  const power = roles
    .filter((role) => role.name !== group)
    .map(powerOf)
    .find((found) => found !== null);
  if (power === undefined) return;
  throw new EnvError(
    `${setting}: the login "${login}" ${power}. It could read other companies or switch the ledger's guards off. ` +
      `Use a login that is a member of ${group} and of nothing else, owns nothing and has no power of its own.`,
  );
}

interface Role {
  readonly name: string;
  readonly itself: boolean;
  readonly powers: string | null;
  readonly owns: boolean;
}

/** The login itself, and every role that it can become. */
function rolesOf(sql: Sql): Promise<Role[]> {
  return sql<Role[]>`
    select r.rolname as name, r.rolname = session_user as itself,
           case when r.rolsuper then 'is a superuser' when r.rolcreaterole then 'may make roles'
                when r.rolbypassrls then 'passes row-level security by' when r.rolreplication then 'may replicate' end as powers,
           exists (select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relowner = r.oid)
             or exists (select from pg_database d where d.datname = current_database() and d.datdba = r.oid) as owns
      from pg_roles r where pg_has_role(session_user, r.oid, 'member') order by r.rolname <> session_user, r.rolname`;
}

function powerOf(role: Role): string | null {
  const can = role.powers ?? (role.owns ? "owns the database or tables of it" : null);
  if (role.itself) return can;
  if (can !== null) return `can become "${role.name}", which ${can}`;
  const foreign = role.name.startsWith("pg_") || GROUPS.some((group) => group === role.name);
  return foreign ? `can become "${role.name}"` : null;
}

/** Throws where a login's URL leads to another database than the owner's: what one wrote the other would never see. */
export async function refuseElsewhere(owner: postgres.Sql, sql: Sql, group: Group): Promise<void> {
  const [theirs, ours] = await Promise.all([placeOf(sql), placeOf(owner)]);
  if (theirs.mark === ours.mark) return;
  throw new EnvError(
    `${SETTINGS[group]} leads to another database ("${theirs.database}") than DATABASE_URL ("${ours.database}"), or to another server: ` +
      "all of these settings name the same database, and differ in the login only.",
  );
}

/** Told by what every login may ask: the database's number, and when its server was started. */
async function placeOf(sql: Pick<postgres.Sql, "unsafe"> | Pick<Sql, "unsafe">): Promise<{ database: string; mark: string }> {
  const [row] = await sql.unsafe<{ database: string; mark: string }[]>(
    `select datname as database, concat_ws(' ', oid, datname, extract(epoch from pg_postmaster_start_time())) as mark
       from pg_database where datname = current_database()`,
  );
  return row ?? { database: "", mark: "" };
}
