import { companyInUse } from "./hub.ts";

/** Where a list is as a file: its own address with its filters, which a browser fetches by itself and keeps on its disk. */
export function csvAddress(list: URL): string {
  const url = new URL(list);
  url.searchParams.set("format", "excel");
  const company = companyInUse();
  if (company !== null) url.searchParams.set("company", company);
  return url.pathname + url.search;
}
