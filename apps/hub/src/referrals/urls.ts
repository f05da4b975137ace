import { listCompanies } from "../companies/queries.ts";
import type { HubParts } from "../parts.ts";

/** Addresses of links by their name; where the hub has several companies they say which. */
export async function referralUrls(
  hub: Pick<HubParts, "db">,
  publicUrl: string,
  companyId: number,
): Promise<(name: string) => string> {
  const companies = await listCompanies(hub.db.gate);
  const slug = companies.length > 1 ? companies.find((company) => company.companyId === companyId)?.slug : undefined;
  const query = slug === undefined ? "" : `?company=${slug}`;
  return (name) => `${publicUrl}/r/${encodeURIComponent(name)}${query}`;
}
