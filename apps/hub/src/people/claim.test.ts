import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { mailsTo, SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { setUpTestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { LIMITS } from "./attempts.ts";

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  await setUpTestCompany(hub, "rival");
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});
beforeEach(() => owner`delete from sign_in_attempts`);

async function claim(body: { company: string; email: string; code?: string }): Promise<[number, string]> {
  const answer = await new SignInBrowser(hub).call("/auth/claims", { body });
  await hub.people.idle();
  return [answer.status, await answer.text()];
}

function accept(email: string): Promise<Response> {
  const token = /#(\S+)/.exec(mailsTo(hub, email)[0]?.text ?? "")?.[1];
  return new SignInBrowser(hub).call("/auth/invitations/accept", {
    body: { token, name: "Maya", password: "correct horse battery" },
  });
}

test("a distributor claims their account by their address; whoever is none is told the same", async () => {
  const known = await claim({ company: "acme", email: "D03@acme.example.com" });
  expect(known).toStrictEqual([202, '{"status":"sent-if-known"}']);
  for (const body of [
    { company: "acme", email: "nobody@acme.example.com" },
    { company: "rival", email: "d03@acme.example.com" },
    { company: "nowhere", email: "d03@acme.example.com" },
    { company: "acme", email: "nobody@acme.example.com", code: "2222-2222-2222" },
  ])
    expect(await claim(body)).toStrictEqual(known);
  expect(mailsTo(hub, "nobody@acme.example.com")).toStrictEqual([]);
  expect(mailsTo(hub, "d03@acme.example.com").map(({ kind }) => kind)).toStrictEqual(["claim"]);
  expect((await accept("d03@acme.example.com")).status).toBe(200);
  const browser = new SignInBrowser(hub);
  await browser.signIn("d03@acme.example.com");
  expect(await browser.json("/api/me")).toMatchObject({
    companies: [{ slug: "acme", role: "distributor", distributor_id: "D03" }],
  });
  expect((await browser.call("/api/orders")).status).toBe(403);
  // Whoever has an account is written to no more, and no second person gets it.
  expect(await claim({ company: "acme", email: "d03@acme.example.com" })).toStrictEqual(known);
  expect(mailsTo(hub, "d03@acme.example.com").length).toBe(1);
});

test("two claims that were both sent end in one account", async () => {
  await claim({ company: "acme", email: "d04@acme.example.com" });
  const first = mailsTo(hub, "d04@acme.example.com")[0]?.text ?? "";
  await claim({ company: "acme", email: "d04@acme.example.com" });
  const second = mailsTo(hub, "d04@acme.example.com")[0]?.text ?? "";
  const accepting = [first, second].map((text) =>
    new SignInBrowser(hub).call("/auth/invitations/accept", {
      body: { token: /#(\S+)/.exec(text)?.[1], name: "Carla", password: "correct horse battery" },
    }),
  );
  expect((await Promise.all(accepting)).map(({ status }) => status).sort()).toStrictEqual([200, 404]);
  expect(
    (await owner`select from company_people join distributors using (company_id, distributor_no) where distributor_id = 'D04'`)
      .length,
  ).toBe(1);
});

test("what follows a plus sign may be somebody else's mailbox: the link goes to the one whose hash is known", async () => {
  await claim({ company: "acme", email: "d06+mallory@acme.example.com" });
  expect(mailsTo(hub, "d06+mallory@acme.example.com")).toStrictEqual([]);
  expect(mailsTo(hub, "d06@acme.example.com").length).toBe(1);
});

test("with a code of an admin any address will do, once; an earlier code is void, and codes of another company fit nobody", async () => {
  const admin = await signedUp(hub, { email: "boss@acme.example", role: "admin" });
  const codeFor = async (distributor_id: string) =>
    String((await admin.json("/api/people/claim-codes", { body: { distributor_id } })).code);
  const earlier = await codeFor("D09");
  const code = await codeFor("D09");
  await claim({ company: "acme", email: "bob@home.example", code: earlier });
  await claim({ company: "rival", email: "bob@home.example", code });
  expect(mailsTo(hub, "bob@home.example")).toStrictEqual([]);
  await claim({ company: "acme", email: "bob@home.example", code: code.toLowerCase().replaceAll("-", " ") });
  await claim({ company: "acme", email: "eve@home.example", code });
  expect((await accept("bob@home.example")).status).toBe(200);
  expect((await accept("eve@home.example")).status).toBe(404);
  expect((await admin.call("/api/people/claim-codes", { body: { distributor_id: "D09" } })).status).toBe(422);
  const stored = JSON.stringify(await owner`select * from invitations`);
  expect(stored).not.toContain(code);
  const logged = JSON.stringify(await owner`select * from audit_log`);
  expect(logged).not.toMatch(/bob@|home\.example/);
});

test("one person sells for two companies, and says for which they call", async () => {
  await owner`delete from sign_in_attempts`;
  const dora = await signedUp(hub, { email: "dora@home.example", role: "distributor", distributorId: "D10" });
  const [rival] = await owner`select company_id from companies where slug = 'rival'`;
  await signedUp(
    hub,
    { email: "dora@home.example", role: "distributor", distributorId: "D11", companyId: Number(rival?.company_id) },
    { signIn: false },
  );
  const { companies } = await dora.json("/api/me");
  expect(companies).toMatchObject([
    { slug: "acme", distributor_id: "D10" },
    { slug: "rival", distributor_id: "D11" },
  ]);
  const unnamed = await dora.call("/api/orders");
  expect(unnamed.status).toBe(400);
  expect(await unnamed.text()).toContain("Upline-Company");
});

test("guesses of codes are limited for a company, whoever makes them, and the answer stays the same", async () => {
  const admin = await signedUp(hub, { email: "chief@acme.example", role: "admin" });
  const code = String((await admin.json("/api/people/claim-codes", { body: { distributor_id: "D07" } })).code);
  for (let guess = 0; guess < LIMITS.codeOfCompany.tries; guess++) await hub.people.attempts.take(LIMITS.codeOfCompany, "acme");
  const inVain = await claim({ company: "acme", email: "late@home.example", code });
  expect(mailsTo(hub, "late@home.example")).toStrictEqual([]);
  await owner`delete from sign_in_attempts`;
  expect(await claim({ company: "acme", email: "late@home.example", code })).toStrictEqual(inVain);
  expect(mailsTo(hub, "late@home.example").length).toBe(1);
});
