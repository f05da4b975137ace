import { renameSync, rmSync, writeFileSync } from "node:fs";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addTree } from "../network/placement.ts";
import { mailsTo, SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { setUpTestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { forgetEnrolments } from "./job.ts";
import { welcomeWaiting } from "./welcome-job.ts";

let hub: TestHub;
let owner: postgres.Sql;
let admin: SignInBrowser;
beforeAll(async () => {
  hub = await openTestHub();
  await setUpTestCompany(hub, "rival");
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  admin = await signedUp(hub, { email: "boss@acme.example", role: "admin", name: "Ada Boss" });
  const tree = { depth: null, spillover: "breadth-first" as const, companyId: hub.company.companyId, actor: "test" };
  await addTree(hub, { ...tree, tree: "binary", width: 2, windowDays: 0 });
  await addTree(hub, { ...tree, tree: "matrix", width: 3, windowDays: 30 });
  for (const [distributor_id, parent_id] of [
    ["D01", null],
    ["D02", "D01"],
    ["D03", "D02"],
  ])
    await admin.json("/api/placements", { body: { tree: "binary", distributor_id, parent_id } });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});
beforeEach(() => owner`delete from sign_in_attempts`);

const SETTINGS = {
  open: true,
  needs_approval: false,
  inviter: "first-name",
  id_prefix: "N",
  intro: { en: "Joining costs nothing.", de: "Mitmachen kostet nichts." },
  fields: [
    { field_id: "born", kind: "date", label: { en: "Born on" }, required: true },
    {
      field_id: "kit",
      kind: "choice",
      label: { en: "Starter kit" },
      required: false,
      choices: [
        { choice_id: "none", label: { en: "None", de: "Keines" } },
        { choice_id: "small", label: { en: "The small one" } },
      ],
    },
    { field_id: "adult", kind: "checkbox", label: { en: "I am 18 or older" }, required: true },
  ],
  consents: [
    { consent_id: "terms", text: { en: "I have read the agreement." }, address: "https://acme.example/terms", required: true },
    { consent_id: "news", text: { en: "Write to me about news." }, required: false },
  ],
};
/** As the page would show it: the newest version of the terms. */
let terms = 1;
const decide = async (change: object = {}) => {
  const set = await admin.json("/api/enrolment-settings", { method: "PUT", body: { ...SETTINGS, ...change } });
  terms = (set.consents as { version: number }[])[0]?.version ?? 0;
  return set;
};

const FORM = {
  company: "acme",
  first_name: "Tessa",
  last_name: "Maric",
  country: "DE",
  language: "en",
  answers: { born: "1990-06-01", kit: "small", adult: true },
};
const join = async (code: string, change: object = {}): Promise<[number, string]> => {
  const answer = await new SignInBrowser(hub).call(`/joining/codes/${code}`, {
    body: { ...FORM, consents: { terms }, ...change },
  });
  await hub.people.idle();
  return [answer.status, await answer.text()];
};
const look = (code: string, company = "acme") => new SignInBrowser(hub).json(`/joining/codes/${code}?company=${company}`);
const confirm = (token: string) => new SignInBrowser(hub).call("/joining/confirmations", { body: { company: "acme", token } });
const tokenOf = (email: string) => /#(\S+)/.exec(mailsTo(hub, email)[0]?.text ?? "")?.[1] ?? "";
const joined = async (email: string, code = "MAYA21", change: object = {}) => {
  expect((await join(code, { email, ...change }))[0]).toBe(202);
  const answer = await confirm(tokenOf(email));
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
};
const problem = async (code: string, change: object) => {
  const [status, text] = await join(code, { email: "wrong@home.example", ...change });
  const { errors = [] } = JSON.parse(text) as { errors?: { path: string }[] };
  return [status, ...errors.map(({ path }) => path)];
};

describe("the page", () => {
  test("until the company decides, enrolment is closed, and nothing of the inviter is told", async () => {
    expect(await look("MAYA21")).toMatchObject({ state: "closed", inviter: null, code: null, fields: [], consents: [] });
    expect((await join("MAYA21", { email: "early@home.example" }))[0]).toBe(409);
  });

  test("shows the first name, the company's own form, and says kindly where a code leads to nobody", async () => {
    await owner`update distributors set name = 'Maya Lind' where distributor_id = 'D03' and company_id = ${hub.company.companyId}`;
    await decide();
    const page = await look("maya21");
    expect(page).toMatchObject({
      company: { slug: "acme", name: "Company acme" },
      ...{ state: "open", inviter: "Maya", code: "MAYA21", needs_approval: false },
      intro: SETTINGS.intro,
    });
    expect((page.fields as { field_id: string }[]).map(({ field_id }) => field_id)).toStrictEqual(["born", "kit", "adult"]);
    expect(page.consents).toMatchObject([
      { consent_id: "terms", version: 1 },
      { consent_id: "news", version: 1 },
    ]);
    expect(await look("NOBODY9")).toMatchObject({ state: "unknown", inviter: null });
    // D12 is terminated; a code of another company is nobody's here.
    expect(await look("HANA8")).toMatchObject({ state: "resting", inviter: null });
    const links = { method: "POST", body: { name: "SPRING", code: "MAYA21", expires_at: "2026-01-02T00:00:00Z" } };
    await admin.json("/api/referrals/links", links);
    expect(await look("SPRING")).toMatchObject({ state: "over", inviter: null });
    expect(await look("MAYA21", "rival")).toMatchObject({ state: "closed" });
    expect((await new SignInBrowser(hub).call("/joining/codes/MAYA21?company=nowhere")).status).toBe(404);
    expect((await new SignInBrowser(hub).call("/joining/codes/MAYA21")).status).toBe(404);
    await decide({ inviter: "nobody" });
    expect((await look("MAYA21")).inviter).toBe(null);
  });

  test("a form that is wrong is refused before anybody is looked up, and names the field", async () => {
    await decide();
    expect(await problem("MAYA21", { first_name: " " })).toStrictEqual([422, "first_name"]);
    expect(await problem("MAYA21", { last_name: "Maric\u202egnp.exe" })).toStrictEqual([422, "last_name"]);
    expect(await problem("MAYA21", { email: "tessa@mail" })).toStrictEqual([422, "email"]);
    expect(await problem("MAYA21", { country: "Germany" })).toStrictEqual([400, "country"]);
    expect(await problem("MAYA21", { answers: { adult: true } })).toStrictEqual([422, "answers.born"]);
    expect(await problem("MAYA21", { answers: { born: "1990-02-30", adult: true } })).toStrictEqual([422, "answers.born"]);
    expect(await problem("MAYA21", { answers: { born: "1990-06-01", adult: false } })).toStrictEqual([422, "answers.adult"]);
    expect(await problem("MAYA21", { answers: { ...FORM.answers, kit: "huge" } })).toStrictEqual([422, "answers.kit"]);
    expect(await problem("MAYA21", { answers: { ...FORM.answers, size: "M" } })).toStrictEqual([422, "answers.size"]);
    expect(await problem("MAYA21", { consents: { news: 1 } })).toStrictEqual([422, "consents.terms"]);
    expect(await problem("MAYA21", { consents: { terms: 2 } })).toStrictEqual([422, "consents.terms"]);
    expect((await problem("HANA8", {}))[0]).toBe(404);
    expect(mailsTo(hub, "wrong@home.example")).toStrictEqual([]);
    const foreign = await hub.app.request("http://hub.test/joining/codes/MAYA21", {
      method: "POST",
      headers: { origin: "https://evil.example", "content-type": "application/json" },
      body: JSON.stringify({ ...FORM, consents: { terms }, email: "wrong@home.example" }),
    });
    expect(foreign.status).toBe(403);
  });
});

describe("without an approval", () => {
  test("the mailed link makes one distributor under the inviter, however often and at once it is followed", async () => {
    await decide();
    const email = "tessa@home.example";
    expect(await join("maya21", { email: "Tessa+x@Home.example" })).toStrictEqual([202, '{"status":"sent"}']);
    const token = tokenOf(email);
    expect(mailsTo(hub, email).map(({ kind }) => kind)).toStrictEqual(["enrolment"]);
    const answers = await Promise.all([confirm(token), confirm(token), confirm(token)]);
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as Record<string, unknown>[];
    expect(new Set(bodies.map(({ state, distributor_id }) => `${state} ${distributor_id}`))).toStrictEqual(
      new Set(["enrolled N13"]),
    );
    const links = bodies.flatMap(({ account_link }) => (typeof account_link === "string" ? [account_link] : []));
    expect(links.length).toBe(1);
    expect(await admin.json("/api/distributors/N13")).toMatchObject({
      sponsor_id: "D03",
      name: "Tessa Maric",
      country: "DE",
      status: "active",
    });
    expect((await admin.json("/api/distributors?limit=500")).items).toHaveLength(13);
    // The welcome's link and the page's are one; it opens the account.
    expect(mailsTo(hub, email)[0]).toMatchObject({ kind: "claim", subject: "Welcome to Company acme" });
    expect(mailsTo(hub, email)[0]?.text).toContain(links[0]);
    const browser = new SignInBrowser(hub);
    const accept = { token: links[0]?.split("#")[1], name: "Tessa", password: browser.password };
    await browser.json("/auth/invitations/accept", { body: accept });
    await browser.signIn(email);
    expect(await browser.json("/api/me")).toMatchObject({ companies: [{ role: "distributor", distributor_id: "N13" }] });
    // Placed at once in the tree without a window, under the sponsor; in the other she waits in the holding tank.
    const placed = (await admin.json("/api/placements?tree=binary&limit=500")).items as Record<string, unknown>[];
    expect(placed.find(({ distributor_id }) => distributor_id === "N13")).toMatchObject({ parent_id: "D03", leg: 0 });
    const waiting = (await admin.json("/api/placements/waiting?tree=matrix&limit=500")).items as Record<string, unknown>[];
    expect(waiting.map(({ distributor_id }) => distributor_id)).toContain("N13");
  });

  test("whoever is a distributor gets the same answer and a mail that says so; two links of one address end in one distributor", async () => {
    await decide();
    const known = await join("MAYA21", { email: "d03@acme.example.com" });
    expect(known).toStrictEqual([202, '{"status":"sent"}']);
    expect(mailsTo(hub, "d03@acme.example.com").map(({ subject }) => subject)).toStrictEqual([
      "Company acme: you are enrolled already",
    ]);
    const email = "twice@home.example";
    await join("MAYA21", { email });
    const first = tokenOf(email);
    await join("BOB7", { email, language: "de" });
    const second = tokenOf(email);
    expect(mailsTo(hub, email)[0]?.subject).toBe("Company acme: Adresse bestätigen");
    expect(await (await confirm(second)).json()).toMatchObject({ state: "enrolled" });
    expect(await (await confirm(first)).json()).toMatchObject({ state: "refused" });
    const [count] =
      await owner`select count(*)::int as n from distributors where name = 'Tessa Maric' and enrolled_at > '2026-01-01'`;
    expect(count?.n).toBe(2);
  });

  test("an inviter who was suspended meanwhile is for the company to look at", async () => {
    await decide();
    const email = "late@home.example";
    await join("JONAH7", { email });
    await owner`insert into standings (company_id, distributor_no, status, valid_from, version)
      select company_id, distributor_no, 'suspended', now(), 1 from distributors where company_id = ${hub.company.companyId} and distributor_id = 'D10'`;
    expect(await (await confirm(tokenOf(email))).json()).toMatchObject({ state: "awaits-company", distributor_id: null });
  });
});

describe("with an approval", () => {
  test("what was answered and agreed to is kept, with its version; approving makes the distributor and erases the address", async () => {
    await decide({ needs_approval: true });
    const email = "anna@home.example";
    expect(await joined(email)).toMatchObject({ state: "awaits-company", distributor_id: null, account_link: null });
    const newer = [{ ...SETTINGS.consents[0], text: { en: "I have read the new agreement." } }];
    expect((await decide({ needs_approval: true, consents: newer })).consents).toMatchObject([
      { consent_id: "terms", version: 2 },
    ]);
    expect(await admin.json("/api/overview")).toMatchObject({ to_dos: { enrolments: 2 } });
    const { items } = await admin.json("/api/enrolments?state=confirmed");
    const [enrolling] = items as { enrolment_id: string }[];
    const id = enrolling?.enrolment_id ?? "";
    const whole = await admin.json(`/api/enrolments/${id}`);
    expect(whole).toMatchObject({ name: "Tessa Maric", sponsor_id: "D03", code: "MAYA21", country: "DE" });
    expect(whole.answers).toStrictEqual([
      { field_id: "born", label: { en: "Born on" }, value: "1990-06-01", shown: null },
      { field_id: "kit", label: { en: "Starter kit" }, value: "small", shown: { en: "The small one" } },
      { field_id: "adult", label: { en: "I am 18 or older" }, value: true, shown: null },
    ]);
    expect(whole.consents).toMatchObject([{ consent_id: "terms", version: 1, text: { en: "I have read the agreement." } }]);
    const stored = JSON.stringify([await owner`select * from enrolments`, await owner`select * from audit_log`]);
    expect(stored).not.toMatch(/home\.example|1990-06-01/);
    const approvals = await Promise.all([1, 2].map(() => admin.call(`/api/enrolments/${id}/approve`, { method: "POST" })));
    expect(approvals.map(({ status }) => status).sort()).toStrictEqual([200, 409]);
    const [row] =
      await owner`select state, email_ciphertext, answers_ciphertext is not null as answered from enrolments where enrolment_no = ${id}`;
    expect(row).toStrictEqual({ state: "approved", email_ciphertext: null, answered: true });
    expect(mailsTo(hub, email)[0]?.subject).toBe("Welcome to Company acme");
    const acts = await owner`select actor, act from audit_log where subject = ${id} and act like 'enrolment.%' order by audit_no`;
    expect(acts.map(({ act }) => act)).toStrictEqual(["enrolment.ask", "enrolment.confirm", "enrolment.approve"]);
    expect(acts[2]?.actor).toMatch(/^person:/);
  });

  test("nobody comes under an inviter who was terminated or suspended meanwhile unless somebody decides so, or names another", async () => {
    await decide({ needs_approval: true });
    const standing = (id: string, status: string) => owner`
      insert into standings (company_id, distributor_no, status, valid_from, version)
      select company_id, distributor_no, ${status}, now(), 1 from distributors
       where company_id = ${hub.company.companyId} and distributor_id = ${id}`;
    const newest = async () =>
      ((await admin.json("/api/enrolments?state=confirmed&limit=1")).items as { enrolment_id: string }[])[0]?.enrolment_id ?? "";
    const sponsorOf = async (id: unknown) => (await admin.json(`/api/distributors/${id}`)).sponsor_id;
    await joined("one@home.example", "LAYLA1");
    const one = await newest();
    expect(await admin.json(`/api/enrolments/${one}`)).toMatchObject({ sponsor_id: "D11", sponsor_status: "active" });
    await joined("two@home.example", "LAYLA1");
    const two = await newest();
    await standing("D11", "terminated");
    expect(await admin.json(`/api/enrolments/${one}`)).toMatchObject({ sponsor_id: "D11", sponsor_status: "terminated" });
    const approve = async (id: string, body?: object) => {
      const answer = await admin.call(`/api/enrolments/${id}/approve`, { method: "POST", ...(body && { body }) });
      const told = (await answer.json()) as { distributor_id?: string; errors?: { path: string }[]; detail?: string };
      return [answer.status, told.errors?.map(({ path }) => path).join() ?? "", told.distributor_id, told.detail ?? ""] as const;
    };
    const refused = await approve(one);
    expect(refused.slice(0, 3)).toStrictEqual([422, "sponsor_id", undefined]);
    expect(refused[3]).toMatch(/D11.*terminated/);
    // Nor under another who is gone, who is not there, or under words that nobody knows.
    expect((await approve(one, { sponsor_id: "D12" })).slice(0, 2)).toStrictEqual([422, "sponsor_id"]);
    expect((await approve(one, { sponsor_id: "D99" })).slice(0, 2)).toStrictEqual([422, "sponsor_id"]);
    expect((await approve(one, { sponser_id: "D02" }))[0]).toBe(400);
    expect(await admin.json(`/api/enrolments/${one}`)).toMatchObject({ state: "confirmed", distributor_id: null });
    const [status, , first] = await approve(one, { sponsor_id: "D02" });
    expect([status, await sponsorOf(first)]).toStrictEqual([200, "D02"]);
    const [yes, , second] = await approve(two, { despite_status: true });
    expect([yes, await sponsorOf(second)]).toStrictEqual([200, "D11"]);
    const acts =
      await owner`select details from audit_log where act = 'enrolment.approve' and subject in (${one}, ${two}) order by audit_no`;
    expect(acts.map(({ details }) => details)).toMatchObject([
      { distributor: first, sponsor: "D02", invited_by: "D11", sponsor_status: "active" },
      { distributor: second, sponsor: "D11", invited_by: "D11", sponsor_status: "terminated" },
    ]);
  });

  test("a refusal is written to them with its reason, and is final; another company sees nothing of it", async () => {
    await decide({ needs_approval: true });
    const email = "rita@home.example";
    await joined(email, "MAYA21", { language: "de" });
    const id = ((await admin.json("/api/enrolments?state=confirmed")).items as { enrolment_id: string }[])[0]?.enrolment_id ?? "";
    const refuse = (body: object) => admin.call(`/api/enrolments/${id}/refuse`, { body });
    expect((await refuse({ reason: "" })).status).toBe(400);
    expect((await refuse({ reason: "We take in nobody abroad." })).status).toBe(200);
    expect((await refuse({ reason: "We take in nobody abroad." })).status).toBe(409);
    expect((await admin.call(`/api/enrolments/${id}/approve`, { method: "POST" })).status).toBe(409);
    expect(mailsTo(hub, email)[0]).toMatchObject({ subject: "Company acme: deine Anmeldung" });
    expect(mailsTo(hub, email)[0]?.text).toContain("We take in nobody abroad.");
    expect(await admin.json(`/api/enrolments/${id}`)).toMatchObject({ state: "refused", reason: "We take in nobody abroad." });
    const [rival] = await owner`select company_id from companies where slug = 'rival'`;
    const other = await signedUp(hub, { email: "boss@rival.example", role: "admin", companyId: Number(rival?.company_id) });
    expect((await other.call(`/api/enrolments/${id}`)).status).toBe(404);
    expect(((await other.json("/api/enrolments")).items as unknown[]).length).toBe(0);
  });
});

test("a link that is over, or that nobody has, does nothing; unconfirmed and long refused enrolments are forgotten", async () => {
  await decide();
  const { companyId } = hub.company;
  await join("MAYA21", { email: "slow@home.example" });
  const token = tokenOf("slow@home.example");
  await owner`update enrolments set expires_at = now() - interval '1 minute' where state = 'waiting'`;
  expect([(await confirm(token)).status, (await confirm("nothing")).status]).toStrictEqual([404, 404]);
  await owner`update enrolments set decided_at = now() - interval '91 days' where state = 'refused'`;
  expect(await forgetEnrolments(hub, { companyId, now: new Date() })).toStrictEqual({ unconfirmed: 1, refused: 2 });
  expect(await forgetEnrolments(hub, { companyId, now: new Date() })).toStrictEqual({ unconfirmed: 0, refused: 0 });
  expect(
    (await owner`select from enrolments where state = 'refused' and (name <> '' or answers_ciphertext is not null)`).length,
  ).toBe(0);
});

test("mails to one address are limited whoever asks, and the answer stays the same", async () => {
  await decide();
  for (let tries = 0; tries < 7; tries++)
    expect(await join("MAYA21", { email: "often@home.example" })).toStrictEqual([202, '{"status":"sent"}']);
  expect(mailsTo(hub, "often@home.example").length).toBe(5);
});

test("a choice needs answers, ids are of one thing, and an unknown word is named", async () => {
  const put = async (change: object) => {
    const answer = await admin.call("/api/enrolment-settings", { method: "PUT", body: { ...SETTINGS, ...change } });
    return [answer.status, ((await answer.json()) as { errors?: { path: string }[] }).errors?.[0]?.path];
  };
  const text = { field_id: "a", kind: "text", label: { en: "A" }, required: false };
  expect(await put({ fields: [{ ...text, kind: "choice" }] })).toStrictEqual([422, "fields.0.choices"]);
  expect(await put({ fields: [text, text] })).toStrictEqual([400, "fields"]);
  expect(await put({ fields: [{ ...text, label: {} }] })).toStrictEqual([400, "fields.0.label"]);
  expect(await put({ id_prefix: "1" })).toStrictEqual([400, "id_prefix"]);
  expect(
    await put({ consents: [{ consent_id: "x", text: { en: "X" }, address: "javascript:1", required: true }] }),
  ).toStrictEqual([400, "consents.0.address"]);
});

test("whoever is enrolled while mail is away is told so, and is welcomed once mail is back", async () => {
  const { companyId } = hub.company;
  await decide({ needs_approval: false });
  const folder = hub.people.mailer.folder ?? "";
  const email = "later@home.example";
  expect((await join("MAYA21", { email }))[0]).toBe(202);
  const token = tokenOf(email);
  const mails = `${folder}-away`;
  renameSync(folder, mails);
  writeFileSync(folder, "no folder");
  const answer = (await (await confirm(token)).json()) as Record<string, unknown>;
  expect(answer).toMatchObject({ state: "enrolled", welcome_sent: false, account_link: expect.stringMatching(/#/) });
  const rebound: string[] = [];
  const rebind = async (_: number, distributorId: string) => void rebound.push(distributorId);
  await expect(welcomeWaiting(hub.people, { companyId, rebind })).rejects.toThrow(/Mail cannot be sent/);
  rmSync(folder);
  renameSync(mails, folder);
  expect(await welcomeWaiting(hub.people, { companyId, rebind })).toBe(1);
  expect(mailsTo(hub, email)[0]?.text).toContain(answer.distributor_id);
  expect(rebound).toStrictEqual([answer.distributor_id, answer.distributor_id]);
  expect(await welcomeWaiting(hub.people, { companyId, rebind })).toBe(0);
  expect(await (await confirm(token)).json()).toMatchObject({ state: "enrolled", welcome_sent: true, account_link: null });
});
