import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { mailsTo, SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { codeOf } from "../testing/totp.ts";
import { invite } from "./invite.ts";

let hub: TestHub;
let rival: TestCompany;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  rival = await setUpTestCompany(hub, "rival");
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

// All tests call from one address: what one of them tried is not counted against the next.
beforeEach(() => owner`delete from sign_in_attempts`);

const OPERATOR = { actor: "operator", role: "operator" } as const;

const auditOf = (subject: string) =>
  owner<{ actor: string; act: string }[]>`select actor, act from audit_log where subject = ${subject} order by audit_no`;

const linkIn = (text: string): URL => new URL(/http\S+/.exec(text)?.[0] ?? "");
const tokenIn = (text: string): string => linkIn(text).hash.slice(1);

async function inviteLink(email: string, role: "owner" | "admin" | "viewer" = "viewer"): Promise<string> {
  const { companyId } = hub.company;
  const { link } = await invite(hub.people, { companyId, email, role, giver: OPERATOR });
  return link.split("#")[1] ?? "";
}

/** What is told, to the byte, but for the moment. */
async function told(response: Response): Promise<[number, string]> {
  return [response.status, await response.text()];
}

describe("passwords", () => {
  test("an invited person signs in, sees themselves, and signs out; the log of the company has it", async () => {
    const ann = await signedUp(hub, { email: "Ann@Acme.example", role: "owner" });
    const me = await ann.json("/api/me");
    expect(me).toMatchObject({ email: "ann@acme.example", companies: [{ slug: "acme", role: "owner" }] });
    expect((await ann.call("/api/orders")).status).toBe(200);
    expect((await ann.call("/auth/sign-out", { body: {} })).status).toBe(200);
    expect((await ann.call("/api/orders")).status).toBe(401);
    const acts = (await auditOf(String(me.person_id))).map(({ actor, act }) => [actor === `person:${me.person_id}`, act]);
    expect(acts).toStrictEqual([
      [true, "person.password"],
      [true, "person.sign-in"],
      [true, "person.sign-out"],
    ]);
  });

  test("a cookie is for http only, on this site only, and the session's token is in no body", async () => {
    const bea = await signedUp(hub, { email: "bea@acme.example", role: "viewer" }, { signIn: false });
    const answer = await bea.signIn("bea@acme.example");
    const cookie = answer.headers.getSetCookie().find((line) => line.includes("session_token"));
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const [row] = await owner`select token from person_sessions order by created_at desc limit 1`;
    expect(String(row?.token).length).toBeGreaterThan(20);
    expect(await answer.text()).not.toContain(row?.token);
  });

  test("over https a cookie goes over https only", async () => {
    const secure = await openTestHub({ UPLINE_PUBLIC_URL: "https://hub.test" });
    try {
      const browser = await signedUp(
        secure,
        { email: "sia@acme.example", role: "viewer" },
        { signIn: false, origin: "https://hub.test" },
      );
      const answer = await browser.signIn("sia@acme.example");
      const cookie = answer.headers.getSetCookie().find((line) => line.includes("session_token"));
      expect(cookie).toMatch(/^__Secure-upline\.session_token=.*; Secure/);
      expect((await browser.call("/api/me")).status).toBe(200);
    } finally {
      await secure.close();
    }
  });

  test("an unknown address and a wrong password are told alike, and both cost a hash", async () => {
    await signedUp(hub, { email: "cleo@acme.example", role: "viewer" });
    const stranger = new SignInBrowser(hub);
    const [known, unknown] = [
      await told(await stranger.signIn("cleo@acme.example", "wrong password here")),
      await told(await stranger.signIn("nobody@acme.example", "wrong password here")),
    ];
    expect(known[0]).toBe(401);
    expect(unknown).toStrictEqual(known);
  });

  test("a session that somebody planted is not the one that is signed in", async () => {
    const mallory = await signedUp(hub, { email: "mallory@acme.example", role: "viewer" });
    const dora = await signedUp(hub, { email: "dora@acme.example", role: "admin" }, { signIn: false });
    const planted = new Map(mallory.cookies);
    for (const [name, value] of planted) dora.cookies.set(name, value);
    await dora.signIn("dora@acme.example");
    const name = "upline.session_token";
    expect(dora.cookies.get(name)).not.toBe(planted.get(name));
    expect(await dora.json("/api/me")).toMatchObject({ email: "dora@acme.example" });
    expect(await mallory.json("/api/me")).toMatchObject({ email: "mallory@acme.example" });
  });

  test("tries are limited by address and by account, whether there is such an account or not", async () => {
    const stranger = new SignInBrowser(hub);
    for (const email of ["eve@acme.example", "no-eve@acme.example"]) {
      if (email.startsWith("eve")) await signedUp(hub, { email, role: "viewer" }, { signIn: false });
      const codes: number[] = [];
      for (let tries = 0; tries < 11; tries++) codes.push((await stranger.signIn(email, "wrong password here")).status);
      expect(codes).toStrictEqual([...Array(10).fill(401), 429]);
      await owner`delete from sign_in_attempts`;
    }
  });

  test("whoever changes their password signs everybody else out; a wrong old one changes nothing", async () => {
    const fay = await signedUp(hub, { email: "fay@acme.example", role: "viewer" });
    const thief = new SignInBrowser(hub);
    await thief.signIn("fay@acme.example");
    expect((await thief.call("/api/me")).status).toBe(200);
    const change = (currentPassword: string, more = {}) =>
      fay.call("/auth/change-password", { body: { currentPassword, newPassword: "another good password", ...more } });
    expect((await change("not the old one")).status).toBe(400);
    expect((await change(fay.password, { revokeOtherSessions: false })).status).toBe(200);
    expect((await thief.call("/api/me")).status).toBe(401);
    expect((await fay.call("/api/me")).status).toBe(200);
    expect((await new SignInBrowser(hub).signIn("fay@acme.example")).status).toBe(401);
    expect((await new SignInBrowser(hub).signIn("fay@acme.example", "another good password")).status).toBe(200);
  });

  test("a forgotten password is set anew by a link, once; the answer is the same for whoever is unknown, and every session ends", async () => {
    const gus = await signedUp(hub, { email: "gus@acme.example", role: "viewer" });
    const stranger = new SignInBrowser(hub);
    const ask = async (email: string) => told(await stranger.call("/auth/request-password-reset", { body: { email } }));
    const [known, unknown] = [await ask("gus@acme.example"), await ask("no-gus@acme.example")];
    expect(known).toStrictEqual([202, '{"status":"sent-if-known"}']);
    expect(unknown).toStrictEqual(known);
    await hub.people.idle();
    expect(mailsTo(hub, "no-gus@acme.example")).toStrictEqual([]);
    const token = tokenIn(mailsTo(hub, "gus@acme.example")[0]?.text ?? "");
    const reset = (newPassword: string) => stranger.call("/auth/reset-password", { body: { token, newPassword } });
    expect((await reset("short")).status).toBe(400);
    const both = await Promise.all([reset("a fresh good password"), reset("a rival good password")]);
    expect(both.map(({ status }) => status).sort()).toStrictEqual([200, 400]);
    expect((await reset("a third good password")).status).toBe(400);
    expect((await gus.call("/api/me")).status).toBe(401);
    const stored = JSON.stringify(await owner`select * from person_verifications`);
    expect(stored).not.toContain(token);
  });
});

describe("links by mail", () => {
  test("a link signs in once; nobody is told who is known; an expired one signs nobody in", async () => {
    await signedUp(hub, { email: "hal@acme.example", role: "support" }, { signIn: false });
    const browser = new SignInBrowser(hub);
    const ask = async (email: string) => told(await browser.call("/auth/sign-in/magic-link", { body: { email } }));
    expect(await ask("hal@acme.example")).toStrictEqual(await ask("no-hal@acme.example"));
    await hub.people.idle();
    expect(mailsTo(hub, "no-hal@acme.example")).toStrictEqual([]);
    const link = linkIn(mailsTo(hub, "hal@acme.example")[0]?.text ?? "");
    const opened = await browser.call(`${link.pathname}${link.search}`);
    expect([opened.status, opened.headers.get("location")]).toStrictEqual([302, "http://hub.test/"]);
    expect((await browser.call("/api/orders")).status).toBe(200);
    const second = new SignInBrowser(hub);
    expect((await second.call(`${link.pathname}${link.search}`)).headers.get("location")).toContain("error=");
    expect((await second.call("/api/me")).status).toBe(401);
    await ask("hal@acme.example");
    await hub.people.idle();
    await owner`update person_verifications set expires_at = now() - interval '1 second'`;
    const late = linkIn(mailsTo(hub, "hal@acme.example")[0]?.text ?? "");
    await second.call(`${late.pathname}${late.search}`);
    expect((await second.call("/api/me")).status).toBe(401);
  });

  test("a link leads to no other site", async () => {
    await signedUp(hub, { email: "ida@acme.example", role: "support" }, { signIn: false });
    const browser = new SignInBrowser(hub);
    await browser.call("/auth/sign-in/magic-link", { body: { email: "ida@acme.example" } });
    await hub.people.idle();
    const link = linkIn(mailsTo(hub, "ida@acme.example")[0]?.text ?? "");
    for (const elsewhere of ["https://evil.example/", "//evil.example", "/\\evil.example"]) {
      link.searchParams.set("callbackURL", elsewhere);
      const answer = await browser.call(`${link.pathname}${link.search}`);
      expect(answer.status, elsewhere).toBe(403);
    }
  });

  test("so many mails go to one address in an hour, and the answer stays the same", async () => {
    await signedUp(hub, { email: "jan@acme.example", role: "viewer" }, { signIn: false });
    const browser = new SignInBrowser(hub);
    for (let asked = 0; asked < 7; asked++)
      expect((await browser.call("/auth/sign-in/magic-link", { body: { email: "jan@acme.example" } })).status).toBe(202);
    await hub.people.idle();
    expect(mailsTo(hub, "jan@acme.example").filter(({ kind }) => kind === "sign-in").length).toBe(5);
  });
});

describe("codes by the clock", () => {
  test("whoever turned codes on is asked for one, cannot use a code twice over links, and has spare codes", async () => {
    const kim = await signedUp(hub, { email: "kim@acme.example", role: "finance" });
    const enabled = await kim.json("/auth/two-factor/enable", { body: { password: kim.password } });
    const address = String(enabled.totpURI);
    const stored = JSON.stringify(await owner`select secret, backup_codes from person_totp`);
    expect(stored).not.toContain(new URL(address).searchParams.get("secret"));
    expect((await kim.call("/auth/two-factor/verify-totp", { body: { code: codeOf(address) } })).status).toBe(200);
    expect(await kim.json("/api/me")).toMatchObject({ totp: true });
    const browser = new SignInBrowser(hub);
    const half = await browser.signIn("kim@acme.example");
    expect([half.status, ((await half.json()) as { twoFactorRedirect?: boolean }).twoFactorRedirect]).toStrictEqual([200, true]);
    expect((await browser.call("/api/me")).status).toBe(401);
    expect((await browser.call("/auth/two-factor/verify-totp", { body: { code: "000000" } })).status).toBe(401);
    expect((await browser.call("/api/me")).status).toBe(401);
    const code = codeOf(address);
    expect((await browser.call("/auth/two-factor/verify-totp", { body: { code } })).status).toBe(200);
    expect(await browser.json("/api/me")).toMatchObject({ email: "kim@acme.example" });
    const [spare] = enabled.backupCodes as string[];
    for (const expected of [200, 401]) {
      const other = new SignInBrowser(hub);
      await other.signIn("kim@acme.example");
      expect((await other.call("/auth/two-factor/verify-backup-code", { body: { code: spare } })).status).toBe(expected);
    }
  });

  test("a link by mail is no way round the code, not even one from before", async () => {
    const lea = await signedUp(hub, { email: "lea@acme.example", role: "finance" });
    const browser = new SignInBrowser(hub);
    await browser.call("/auth/sign-in/magic-link", { body: { email: "lea@acme.example" } });
    await hub.people.idle();
    const link = linkIn(mailsTo(hub, "lea@acme.example")[0]?.text ?? "");
    const address = String((await lea.json("/auth/two-factor/enable", { body: { password: lea.password } })).totpURI);
    await lea.json("/auth/two-factor/verify-totp", { body: { code: codeOf(address) } });
    await browser.call(`${link.pathname}${link.search}`);
    expect((await browser.call("/api/me")).status).toBe(401);
    await browser.call("/auth/sign-in/magic-link", { body: { email: "lea@acme.example" } });
    await hub.people.idle();
    expect(mailsTo(hub, "lea@acme.example")[0]?.text).not.toContain("token=");
  });
});

describe("invitations", () => {
  test("of two who use one at once, one gets in; used, taken back, expired and made-up ones are told alike", async () => {
    const browser = new SignInBrowser(hub);
    const accept = (token: string, name = "Max") =>
      browser.call("/auth/invitations/accept", { body: { token, name, password: "correct horse battery" } });
    const token = await inviteLink("max@acme.example");
    const both = await Promise.all([accept(token, "One"), accept(token, "Other")]);
    expect(both.map(({ status }) => status).sort()).toStrictEqual([200, 404]);
    const seats = await owner`select from company_people join people using (person_id) where email = 'max@acme.example'`;
    expect(seats.length).toBe(1);
    const expired = await inviteLink("nora@acme.example");
    await owner`update invitations set expires_at = now() where email = 'nora@acme.example'`;
    const replaced = await inviteLink("olaf@acme.example");
    await inviteLink("olaf@acme.example");
    const answers = await Promise.all([token, expired, replaced, "made-up"].map(async (each) => told(await accept(each))));
    expect(new Set(answers.map(String)).size).toBe(1);
    expect(answers[0]?.[0]).toBe(404);
    const looks = await Promise.all(
      [token, expired, "made-up"].map(async (each) =>
        told(await browser.call("/auth/invitations/look", { body: { token: each } })),
      ),
    );
    expect(new Set(looks.map(String)).size).toBe(1);
  });

  test("whoever is known keeps their name and password, and is signed in by no invitation", async () => {
    const pia = await signedUp(hub, { email: "pia@acme.example", role: "viewer", name: "Pia" });
    const { link } = await invite(hub.people, {
      ...{ companyId: rival.companyId, email: "pia@acme.example", role: "admin", giver: OPERATOR },
    });
    const browser = new SignInBrowser(hub);
    const token = link.split("#")[1];
    expect(await browser.json("/auth/invitations/look", { body: { token } })).toMatchObject({
      company: { slug: "rival" },
      is_new: false,
    });
    await browser.json("/auth/invitations/accept", { body: { token, name: "Mallory", password: "the password of mallory" } });
    expect((await browser.call("/api/me")).status).toBe(401);
    expect((await browser.signIn("pia@acme.example", "the password of mallory")).status).toBe(401);
    expect(await pia.json("/api/me")).toMatchObject({
      name: "Pia",
      companies: [{ slug: "acme" }, { slug: "rival", role: "admin" }],
    });
  });

  test("an admin makes no owner, nobody changes themselves, and a company keeps an owner", async () => {
    const quinn = await signedUp(hub, { email: "quinn@rival.example", role: "owner", companyId: rival.companyId });
    const rob = await signedUp(hub, { email: "rob@rival.example", role: "admin", companyId: rival.companyId });
    const idOf = async (browser: SignInBrowser) => String((await browser.json("/api/me")).person_id);
    const [quinnId, robId] = [await idOf(quinn), await idOf(rob)];
    const asOwner = { email: "sam@rival.example", role: "owner" };
    expect((await rob.call("/api/people/invitations", { body: asOwner })).status).toBe(403);
    expect((await rob.call(`/api/people/${robId}`, { method: "PATCH", body: { role: "owner" } })).status).toBe(403);
    expect((await rob.call(`/api/people/${quinnId}`, { method: "PATCH", body: { role: "viewer" } })).status).toBe(403);
    expect((await rob.call(`/api/people/${quinnId}`, { method: "DELETE" })).status).toBe(403);
    expect((await quinn.call(`/api/people/${quinnId}`, { method: "DELETE" })).status).toBe(422);
    expect((await rob.call(`/api/people/${robId}`, { method: "PATCH", body: { role: "finance" } })).status).toBe(422);
    expect((await quinn.call(`/api/people/${robId}`, { method: "PATCH", body: { role: "owner" } })).status).toBe(200);
    // Two owners who take each other's place at once leave one.
    const both = await Promise.all([
      quinn.call(`/api/people/${robId}`, { method: "DELETE" }),
      rob.call(`/api/people/${quinnId}`, { method: "DELETE" }),
    ]);
    expect(both.map(({ status }) => status === 200).sort()).toStrictEqual([false, true]);
  });
});

describe("who may what, now", () => {
  test("a role that is lowered counts from the next call on, and takes the keys along", async () => {
    const boss = await signedUp(hub, { email: "tess@acme.example", role: "owner" });
    const uma = await signedUp(hub, { email: "uma@acme.example", role: "admin" });
    const { key } = await uma.json("/api/keys", { body: { name: "uma's", scopes: ["admin"] } });
    const withKey = () => hub.app.request("/api/orders", { headers: { authorization: `Bearer ${key}` } });
    expect((await withKey()).status).toBe(200);
    const umaId = String((await uma.json("/api/me")).person_id);
    const order = { order: null };
    const change = () => uma.call("/api/company/evidence-order", { method: "PUT", body: order });
    expect((await change()).status).toBe(200);
    expect((await boss.call(`/api/people/${umaId}`, { method: "PATCH", body: { role: "viewer" } })).status).toBe(200);
    expect((await change()).status).toBe(403);
    expect((await withKey()).status).toBe(401);
    expect((await uma.call("/api/orders")).status).toBe(200);
    expect((await boss.call(`/api/people/${umaId}`, { method: "DELETE" })).status).toBe(200);
    expect((await uma.call("/api/orders")).status).toBe(403);
    const acts = (await auditOf(umaId)).map(({ act }) => act);
    expect(acts).toStrictEqual(["person.password", "person.sign-in", "person.role", "person.revoke"]);
  });

  test("a session that was ended elsewhere is over at once; nobody ends another's", async () => {
    const vic = await signedUp(hub, { email: "vic@acme.example", role: "viewer" });
    const other = new SignInBrowser(hub);
    await other.signIn("vic@acme.example");
    const stranger = await signedUp(hub, { email: "wanda@acme.example", role: "owner" });
    const { items } = (await vic.json("/api/me/sessions")) as { items: { session_id: string; is_this: boolean }[] };
    expect(items.map(({ is_this }) => is_this).sort()).toStrictEqual([false, true]);
    const theirs = items.find(({ is_this }) => !is_this)?.session_id;
    expect((await stranger.call(`/api/me/sessions/${theirs}`, { method: "DELETE" })).status).toBe(404);
    expect((await other.call("/api/me")).status).toBe(200);
    expect((await vic.call(`/api/me/sessions/${theirs}`, { method: "DELETE" })).status).toBe(200);
    expect((await other.call("/api/me")).status).toBe(401);
  });

  test("a call from another site changes nothing, though the browser sends the cookie along", async () => {
    const xena = await signedUp(hub, { email: "xena@acme.example", role: "owner" });
    const change = (headers: Record<string, string>) =>
      xena.call("/api/company/evidence-order", { method: "PUT", body: { order: null }, headers });
    expect((await change({})).status).toBe(200);
    for (const headers of [
      { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
      { origin: "http://evil.hub.test", "sec-fetch-site": "same-site" },
      { origin: "null", "sec-fetch-site": "cross-site" },
      { origin: "https://hub.test", "sec-fetch-site": "same-site" },
    ]) {
      const answer = await change(headers);
      expect([answer.status, ((await answer.json()) as { code: string }).code], headers.origin).toStrictEqual([
        403,
        "foreign-origin",
      ]);
    }
    const stranger = new SignInBrowser(hub);
    stranger.headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    expect((await stranger.signIn("xena@acme.example")).status).toBe(403);
    expect(stranger.cookies.size).toBe(0);
  });

  test("a cookie that was tampered with, or made from the database alone, is nobody's", async () => {
    const yan = await signedUp(hub, { email: "yan@acme.example", role: "owner" });
    const name = "upline.session_token";
    const real = yan.cookies.get(name) ?? "";
    const [row] = await owner`select token from person_sessions order by created_at desc limit 1`;
    for (const forged of [real.slice(0, -6), `${row?.token}`, `${row?.token}.AAAA`, "x.y", ""]) {
      yan.cookies.set(name, forged);
      expect((await yan.call("/api/me")).status, forged).toBe(401);
    }
    yan.cookies.set(name, real);
    expect((await yan.call("/api/me")).status).toBe(200);
  });

  test("what the library has besides is closed", async () => {
    const zoe = await signedUp(hub, { email: "zoe@acme.example", role: "viewer" });
    const posts = [
      "sign-up/email",
      "sign-in/social",
      "change-email",
      "delete-user",
      "list-sessions",
      "set-password",
      "two-factor/send-otp",
    ];
    for (const path of posts) expect((await zoe.call(`/auth/${path}`, { body: {} })).status, path).toBe(404);
    for (const path of ["list-sessions", "get-session", "ok", "error", "reset-password/x", "SIGN-IN/email"])
      expect((await zoe.call(`/auth/${path}`)).status, path).toBe(404);
    const update = await zoe.call("/auth/update-user", {
      body: { name: "Zoë", email: "boss@acme.example", emailVerified: false, totpEnabled: true },
    });
    expect(update.status).toBe(400);
    expect((await zoe.call("/auth/update-user", { body: { name: "Zoë" } })).status).toBe(200);
    expect(await zoe.json("/api/me")).toMatchObject({ name: "Zoë", email: "zoe@acme.example", totp: false });
  });
});
