import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Role } from "../db/schema/people.ts";
import { type SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { setUpTestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/**
 * Who may call what, written down a second time, by hand: o(wner) a(dmin) f(inance) s(upport) v(iewer) d(istributor). Every route of the
 * API's description is called as each of them, in their own company and in another one.
 */
const EXPECTED = `
oafsv- GET /orders
oafsv- GET /orders/{order_id}
oa-s-- POST /orders/{order_id}/attribution
oa-s-- POST /orders/{order_id}/attribution/preview
oa---- POST /mlm/orders
oafsv- GET /commissions
oafsv- GET /commissions/{order_id}
oafsv- GET /commissions/{order_id}/{entry}
oafsv- GET /ledger
oafsv- GET /ledger/days
oafsv- GET /ledger/days/stores/{store_id}
oafsv- GET /ledger/days/distributors/{distributor_id}
oafsv- GET /balances
oafsv- GET /balances/company
oafsv- GET /distributors
oafsv- GET /distributors/{distributor_id}
oafsv- GET /distributors/{distributor_id}/upline
oafsv- GET /distributors/{distributor_id}/downline
oafsv- GET /distributors/{distributor_id}/levels
oafsv- GET /frontline
oa-s-- POST /distributors
oa---- POST /distributors/import/preview
oa---- POST /distributors/import
oa---- GET /imports/{kind}
oafsv- GET /distributors/{distributor_id}/sponsors
oa---- POST /distributors/{distributor_id}/sponsor/preview
oa---- POST /distributors/{distributor_id}/sponsor
oafsv- GET /distributors/{distributor_id}/periods
oafsv- GET /distributors/{distributor_id}/earnings
oafs-- GET /distributors/{distributor_id}/notes
oafs-- POST /distributors/{distributor_id}/notes
oafs-- PUT /distributors/{distributor_id}/notes/{note_id}
oafsv- GET /placements
oafsv- GET /placements/trees
oafsv- GET /placements/waiting
oafsv- GET /placements/below
oafsv- GET /placements/path
oa-s-- POST /placements/preview
oa-s-- POST /placements/several
oa---- POST /placements/trees
oa-s-- POST /placements
oa-s-- POST /placements/move
oa-s-- POST /placements/move/preview
oa---- POST /placements/fill
oafsv- GET /plans
oafsv- GET /plans/{plan_hash}
oa---- POST /plans
oa---- POST /plans/lint
oa---- POST /plans/{plan_hash}/redate
oa---- POST /plans/{plan_hash}/withdraw
oafsv- GET /periods
oafsv- GET /periods/{period_id}
oafsv- GET /periods/{period_id}/runs
oafsv- GET /periods/{period_id}/changes
oafsv- GET /periods/{period_id}/results
oafsv- GET /periods/{period_id}/explanations/{distributor_id}
oaf--- POST /periods
oaf--- POST /periods/{period_id}/preview
oaf--- POST /periods/{period_id}/close
oaf--- POST /periods/{period_id}/commit
oaf--- POST /periods/{period_id}/rerun
oaf--- POST /periods/{period_id}/reverse-refunds
oaf--- POST /periods/{period_id}/cancel
oafsv- GET /sku-map
oa---- POST /sku-map
oa---- POST /sku-map/rows
oa---- POST /sku-map/preview
oa---- POST /sku-map/import/preview
oa---- POST /sku-map/import
oafsv- GET /quarantine
oafsv- GET /quarantine/suggestions
oafsv- GET /exchange-rates
oaf--- POST /exchange-rates
oafsv- GET /deliveries
oafsv- GET /deliveries/{delivery_id}
oa-s-- POST /deliveries/{delivery_id}/replay
oa---- POST /connection-codes
oafsv- GET /stores
oafsv- GET /stores/{store_id}
oa---- PATCH /stores/{store_id}
oafsv- GET /stores/{store_id}/settings
oa---- PATCH /stores/{store_id}/settings
oafsv- GET /stores/{store_id}/reconciliations
oafsv- GET /stores/{store_id}/health
oa---- POST /stores/{store_id}/import
oafsv- GET /stores/{store_id}/summary
oafsv- GET /stores/{store_id}/discount-codes
oa---- POST /stores/{store_id}/discount-codes
oafsv- GET /claims
oa-s-- POST /claims/{claim_id}/decision
oafsv- GET /jobs
oa---- POST /jobs/{name}/run
oafsvd GET /company
oafsvd GET /company/branding
oafsvd GET /company/branding/picture
oa---- PUT /company/branding
oafsv- GET /company/evidence-order
oa---- PUT /company/evidence-order
oa---- POST /company/evidence-order/preview
oafsv- GET /retention
oa---- PUT /retention
oa---- POST /retention/preview
oa---- POST /erasures
oafsv- GET /overview
oafsv- GET /events
oaf--- GET /audit
oafsv- GET /search
oafsvd GET /referrals/links
oa-s-d POST /referrals/links
oa-s-d DELETE /referrals/links/{link_id}
oafsvd GET /referrals/clicks
oafsvd GET /referrals/conversions
-----d GET /portal
-----d GET /portal/home
-----d GET /portal/spans
-----d GET /portal/standing
-----d GET /portal/questions
-----d POST /portal/questions
-----d GET /portal/questions/{question_id}
-----d POST /portal/questions/{question_id}/messages
oafsv- GET /portal-settings
oa---- PUT /portal-settings
oa-s-- GET /enrolments
oa-s-- GET /enrolments/{enrolment_id}
oa-s-- POST /enrolments/{enrolment_id}/approve
oa-s-- POST /enrolments/{enrolment_id}/refuse
oafsv- GET /enrolment-settings
oa---- PUT /enrolment-settings
oafs-- GET /questions
oafs-- GET /questions/{question_id}
oa-s-- POST /questions/{question_id}/messages
oa-s-- POST /questions/{question_id}/settle
oafsvd GET /materials
oafsvd GET /materials/{material_id}/picture
oa---- POST /materials
oa---- PUT /materials/{material_id}
oa---- DELETE /materials/{material_id}
-----d GET /portal/links
-----d GET /portal/shops
-----d GET /portal/earnings
-----d GET /portal/earnings/spans
-----d GET /portal/earnings/sums
-----d GET /portal/orders
-----d GET /portal/orders/{order_id}
-----d GET /portal/periods/{period_id}
-----d GET /portal/team
-----d GET /portal/team/{distributor_id}
-----d GET /portal/highlights
oafsv- GET /views
oafsv- POST /views
oafsv- PUT /views/{view_id}
oafsv- DELETE /views/{view_id}
oafsv- GET /people
oa---- PATCH /people/{person_id}
oa---- DELETE /people/{person_id}
oa---- GET /people/invitations
oa---- POST /people/invitations
oa---- DELETE /people/invitations/{invitation_id}
oa---- POST /people/claim-codes
oa---- GET /keys
oa---- POST /keys
oa---- DELETE /keys/{prefix}
o----- GET /outbox
oafsvd GET /me
oafsvd GET /me/sessions
oafsvd DELETE /me/sessions
oafsvd DELETE /me/sessions/{session_id}
------ GET /service/shops/{domain}
------ POST /service/shops
------ POST /service/shops/{domain}/evidence
------ POST /service/shops/{domain}/hints
------ POST /service/shops/{domain}/redactions
------ POST /service/shops/{domain}/uninstalled
`;
const ROLE_LETTERS: readonly (readonly [Role, string])[] = [
  ["owner", "o"],
  ["admin", "a"],
  ["finance", "f"],
  ["support", "s"],
  ["viewer", "v"],
  ["distributor", "d"],
];
const TABLE = new Map(
  EXPECTED.trim()
    .split("\n")
    .map((line) => [line.slice(7), line.slice(0, 6)] as const),
);

let hub: TestHub;
let adminKey: string;
const people = new Map<Role, SignInBrowser>();
beforeAll(async () => {
  hub = await openTestHub();
  adminKey = (await setUpTestCompany(hub, "rival")).keys.admin;
  for (const [role] of ROLE_LETTERS) {
    const distributorId = role === "distributor" ? "D04" : undefined;
    people.set(role, await signedUp(hub, { email: `${role}@acme.example`, role, ...(distributorId && { distributorId }) }));
  }
});
afterAll(() => hub.close());

async function described(): Promise<string[]> {
  const document = (await (await hub.app.request("/openapi.json")).json()) as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(document.paths)
    .filter(([path]) => path.startsWith("/api/"))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.slice(4).replace(/(.)\/$/, "$1")}`),
    );
}

/** Calls a route with ids of nothing: whoever may call it is told so, or that what they sent is wrong. */
function callRoute(browser: Pick<SignInBrowser, "call">, route: string, headers: Record<string, string> = {}): Promise<Response> {
  const [method = "", template = ""] = route.split(" ");
  const path = template
    .replace("{prefix}", "upk_nothing")
    .replaceAll(/\{\w+_id\}/g, "999999")
    .replaceAll(/\{\w+\}/g, "nothing");
  return browser.call(`/api${path}`, {
    method,
    headers,
    ...(method === "GET" || method === "DELETE" ? {} : { body: { nothing: true } }),
  });
}

test("every route of the API is in the table, and nothing else is", async () => {
  expect([...TABLE.keys()].sort()).toStrictEqual((await described()).sort());
});

describe.each(ROLE_LETTERS)("as %s", (role, letter) => {
  test("may call in their own company what the table says, and nothing else", async () => {
    const browser = people.get(role) as SignInBrowser;
    const found: string[] = [];
    for (const route of TABLE.keys()) {
      const { status } = await callRoute(browser, route);
      expect(status, route).not.toBe(401);
      expect(status, route).toBeLessThan(500);
      if (status !== 403) found.push(route);
    }
    expect(found).toStrictEqual([...TABLE.keys()].filter((route) => TABLE.get(route)?.includes(letter)));
  });

  test("is told of another company, to the byte, what they are told of one that is nowhere", async () => {
    const browser = people.get(role) as SignInBrowser;
    for (const route of TABLE.keys()) {
      if (/ \/me(\/|$)/.test(route)) continue;
      const [theirs, nowhere] = await Promise.all(
        ["rival", "nowhere"].map((slug) => callRoute(browser, route, { "upline-company": slug })),
      );
      expect(theirs?.status, route).toBe(404);
      expect(await theirs?.text(), route).toBe(await nowhere?.text());
    }
  });
});

test("whoever is not signed in may call nothing", async () => {
  const nobody = { call: (path: string, options: { method?: string } = {}) => Promise.resolve(hub.app.request(path, options)) };
  for (const route of TABLE.keys()) expect((await callRoute(nobody, route)).status, route).toBe(401);
});

test("a key with the scope admin makes no people, no keys, and keeps no views", async () => {
  const headers = { authorization: `Bearer ${adminKey}`, "content-type": "application/json" };
  const withKey = {
    call: (path: string, { method = "GET", body }: { method?: string; body?: unknown } = {}) =>
      Promise.resolve(hub.app.request(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })),
  };
  const refused: string[] = [];
  for (const route of TABLE.keys()) if ([401, 403].includes((await callRoute(withKey, route)).status)) refused.push(route);
  expect(refused).toStrictEqual(
    [...TABLE.keys()].filter((route) => / \/(people|keys|outbox|views|me|portal|service)(\/|$)/.test(route)),
  );
});
