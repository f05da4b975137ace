import type { Role } from "../db/schema/people.ts";

/**
 * Who may call what. Every route of the API stands here; what does not is open to nobody who is signed in (keys go by their scopes). A
 * test calls each route as each role.
 */
export interface RouteRule {
  readonly roles: readonly Role[];
  /** Who sees what only the scope `admin` shows, such as names and the bodies of deliveries. Whoever may change something does. */
  readonly full: readonly Role[];
}

const OWNERS: readonly Role[] = ["owner"];
const ADMINS: readonly Role[] = ["owner", "admin"];
const MONEY: readonly Role[] = ["owner", "admin", "finance"];
const CARE: readonly Role[] = ["owner", "admin", "support"];
const DESK: readonly Role[] = ["owner", "admin", "finance", "support"];
const STAFF: readonly Role[] = ["owner", "admin", "finance", "support", "viewer"];
const SELLERS: readonly Role[] = ["distributor"];
const EVERYBODY: readonly Role[] = ["owner", "admin", "finance", "support", "viewer", "distributor"];

const reads = (roles: readonly Role[], full: readonly Role[] = ADMINS): RouteRule => ({ roles, full });
const acts = (roles: readonly Role[]): RouteRule => ({ roles, full: roles });

export const ROLE_TABLE: Readonly<Record<string, RouteRule>> = {
  // Orders and what they earn
  "GET /orders": reads(STAFF),
  "GET /orders/{order_id}": reads(STAFF),
  "POST /orders/{order_id}/attribution": acts(CARE),
  "POST /orders/{order_id}/attribution/preview": acts(CARE),
  "POST /mlm/orders": acts(ADMINS),
  "GET /commissions": reads(STAFF),
  "GET /commissions/{order_id}": reads(STAFF),
  "GET /commissions/{order_id}/{entry}": reads(STAFF),
  "GET /ledger": reads(STAFF),
  "GET /ledger/days": reads(STAFF),
  "GET /ledger/days/stores/{store_id}": reads(STAFF),
  "GET /ledger/days/distributors/{distributor_id}": reads(STAFF),
  "GET /balances": reads(STAFF),
  "GET /balances/company": reads(STAFF),
  // The network: a viewer counts, and reads nobody's name
  "GET /distributors": reads(STAFF, DESK),
  "GET /distributors/{distributor_id}": reads(STAFF, DESK),
  "GET /distributors/{distributor_id}/upline": reads(STAFF, DESK),
  "GET /distributors/{distributor_id}/downline": reads(STAFF, DESK),
  "GET /distributors/{distributor_id}/levels": reads(STAFF),
  "GET /frontline": reads(STAFF, DESK),
  "POST /distributors": acts(CARE),
  "POST /distributors/import/preview": acts(ADMINS),
  "POST /distributors/import": acts(ADMINS),
  "GET /distributors/{distributor_id}/sponsors": reads(STAFF, DESK),
  "POST /distributors/{distributor_id}/sponsor/preview": acts(ADMINS),
  "POST /distributors/{distributor_id}/sponsor": acts(ADMINS),
  "GET /distributors/{distributor_id}/periods": reads(STAFF),
  "GET /distributors/{distributor_id}/earnings": reads(STAFF),
  "GET /distributors/{distributor_id}/notes": reads(DESK, DESK),
  "POST /distributors/{distributor_id}/notes": acts(DESK),
  "PUT /distributors/{distributor_id}/notes/{note_id}": acts(DESK),
  "GET /placements": reads(STAFF, DESK),
  "GET /placements/trees": reads(STAFF),
  "GET /placements/waiting": reads(STAFF, DESK),
  "GET /placements/below": reads(STAFF, DESK),
  "GET /placements/path": reads(STAFF, DESK),
  "POST /placements/preview": acts(CARE),
  "POST /placements/several": acts(CARE),
  "POST /placements/trees": acts(ADMINS),
  "POST /placements": acts(CARE),
  "POST /placements/move": acts(CARE),
  "POST /placements/fill": acts(ADMINS),
  // Plans and closes
  "GET /plans": reads(STAFF),
  "GET /plans/{plan_hash}": reads(STAFF),
  "POST /plans": acts(ADMINS),
  "POST /plans/lint": acts(ADMINS),
  "POST /plans/{plan_hash}/redate": acts(ADMINS),
  "POST /plans/{plan_hash}/withdraw": acts(ADMINS),
  "GET /periods": reads(STAFF),
  "GET /periods/{period_id}": reads(STAFF),
  "GET /periods/{period_id}/runs": reads(STAFF),
  "GET /periods/{period_id}/results": reads(STAFF),
  "GET /periods/{period_id}/changes": reads(STAFF),
  "GET /periods/{period_id}/explanations/{distributor_id}": reads(STAFF),
  "POST /periods": acts(MONEY),
  "POST /periods/{period_id}/preview": acts(MONEY),
  "POST /periods/{period_id}/close": acts(MONEY),
  "POST /periods/{period_id}/commit": acts(MONEY),
  "POST /periods/{period_id}/rerun": acts(MONEY),
  "POST /periods/{period_id}/reverse-refunds": acts(MONEY),
  "POST /periods/{period_id}/cancel": acts(MONEY),
  // Products and money
  "GET /sku-map": reads(STAFF),
  "POST /sku-map": acts(ADMINS),
  "POST /sku-map/rows": acts(ADMINS),
  "POST /sku-map/preview": acts(ADMINS),
  "POST /sku-map/import/preview": acts(ADMINS),
  "POST /sku-map/import": acts(ADMINS),
  "GET /quarantine": reads(STAFF),
  "GET /quarantine/suggestions": reads(STAFF),
  "GET /exchange-rates": reads(STAFF),
  "POST /exchange-rates": acts(MONEY),
  // Shops
  "GET /deliveries": reads(STAFF),
  "GET /deliveries/{delivery_id}": reads(STAFF),
  "POST /deliveries/{delivery_id}/replay": acts(CARE),
  "POST /connection-codes": acts(ADMINS),
  "GET /stores": reads(STAFF),
  "GET /stores/{store_id}": reads(STAFF),
  "PATCH /stores/{store_id}": acts(ADMINS),
  "GET /stores/{store_id}/settings": reads(STAFF),
  "PATCH /stores/{store_id}/settings": acts(ADMINS),
  "GET /stores/{store_id}/reconciliations": reads(STAFF),
  "GET /stores/{store_id}/health": reads(STAFF),
  "POST /stores/{store_id}/import": acts(ADMINS),
  "GET /stores/{store_id}/summary": reads(STAFF),
  "GET /stores/{store_id}/discount-codes": reads(STAFF),
  "POST /stores/{store_id}/discount-codes": acts(ADMINS),
  "GET /claims": reads(STAFF),
  "POST /claims/{claim_id}/decision": acts(CARE),
  // The company itself
  "GET /jobs": reads(STAFF),
  "POST /jobs/{name}/run": acts(ADMINS),
  "GET /company": reads(EVERYBODY),
  "GET /company/branding": reads(EVERYBODY),
  "GET /company/branding/picture": reads(EVERYBODY),
  "PUT /company/branding": acts(ADMINS),
  "GET /company/evidence-order": reads(STAFF),
  "PUT /company/evidence-order": acts(ADMINS),
  "POST /company/evidence-order/preview": acts(ADMINS),
  "GET /retention": reads(STAFF),
  "PUT /retention": acts(ADMINS),
  "POST /retention/preview": acts(ADMINS),
  "POST /erasures": acts(ADMINS),
  "GET /overview": reads(STAFF),
  "GET /events": reads(STAFF),
  "GET /audit": reads(MONEY, MONEY),
  "GET /search": reads(STAFF, DESK),
  // Referrals: a distributor sees their own
  "GET /referrals/links": reads(EVERYBODY),
  "POST /referrals/links": acts(["owner", "admin", "support", "distributor"]),
  "DELETE /referrals/links/{link_id}": acts(["owner", "admin", "support", "distributor"]),
  "GET /referrals/clicks": reads(EVERYBODY),
  "GET /referrals/conversions": reads(EVERYBODY),
  // The portal: a distributor's own, whatever else they are for the company
  "GET /portal": reads(SELLERS, SELLERS),
  "GET /portal/home": reads(SELLERS, SELLERS),
  "GET /portal/standing": reads(SELLERS, SELLERS),
  "GET /portal/links": reads(SELLERS, SELLERS),
  "GET /portal/shops": reads(SELLERS, SELLERS),
  "GET /portal/earnings": reads(SELLERS, SELLERS),
  "GET /portal/earnings/spans": reads(SELLERS, SELLERS),
  "GET /portal/earnings/sums": reads(SELLERS, SELLERS),
  "GET /portal/orders": reads(SELLERS, SELLERS),
  "GET /portal/orders/{order_id}": reads(SELLERS, SELLERS),
  "GET /portal/periods/{period_id}": reads(SELLERS, SELLERS),
  "GET /portal/team": reads(SELLERS, SELLERS),
  "GET /portal/team/{distributor_id}": reads(SELLERS, SELLERS),
  "GET /portal/highlights": reads(SELLERS, SELLERS),
  "GET /portal/questions": reads(SELLERS, SELLERS),
  "POST /portal/questions": acts(SELLERS),
  "GET /portal/questions/{question_id}": reads(SELLERS, SELLERS),
  "POST /portal/questions/{question_id}/messages": acts(SELLERS),
  "GET /portal-settings": reads(STAFF),
  "PUT /portal-settings": acts(ADMINS),
  // Who wants to join: names of people who are nobody's yet
  "GET /enrolments": reads(CARE, CARE),
  "GET /enrolments/{enrolment_id}": reads(CARE, CARE),
  "POST /enrolments/{enrolment_id}/approve": acts(CARE),
  "POST /enrolments/{enrolment_id}/refuse": acts(CARE),
  "GET /enrolment-settings": reads(STAFF),
  "PUT /enrolment-settings": acts(ADMINS),
  "GET /questions": reads(DESK),
  "GET /questions/{question_id}": reads(DESK),
  "POST /questions/{question_id}/messages": acts(CARE),
  "POST /questions/{question_id}/settle": acts(CARE),
  "GET /materials": reads(EVERYBODY),
  "GET /materials/{material_id}/picture": reads(EVERYBODY),
  "POST /materials": acts(ADMINS),
  "PUT /materials/{material_id}": acts(ADMINS),
  "DELETE /materials/{material_id}": acts(ADMINS),
  // Views of tables: everybody who works for the company keeps their own
  "GET /views": reads(STAFF, STAFF),
  "POST /views": acts(STAFF),
  "PUT /views/{view_id}": acts(STAFF),
  "DELETE /views/{view_id}": acts(STAFF),
  // People
  "GET /people": reads(STAFF, STAFF),
  "PATCH /people/{person_id}": acts(ADMINS),
  "DELETE /people/{person_id}": acts(ADMINS),
  "GET /people/invitations": reads(ADMINS),
  "POST /people/invitations": acts(ADMINS),
  "DELETE /people/invitations/{invitation_id}": acts(ADMINS),
  "POST /people/claim-codes": acts(ADMINS),
  "GET /keys": reads(ADMINS),
  "POST /keys": acts(ADMINS),
  "DELETE /keys/{prefix}": acts(ADMINS),
  "GET /outbox": reads(OWNERS),
  "GET /me": reads(EVERYBODY),
  "GET /me/sessions": reads(EVERYBODY),
  "DELETE /me/sessions": acts(EVERYBODY),
  "DELETE /me/sessions/{session_id}": acts(EVERYBODY),
};

/** What a person may do who is of no company at the moment: look at themselves. */
export const isOwnBusiness = (route: string) => / \/me(\/|$)/.test(route);
