import type { CsvRecord } from "../csv-read.ts";
import type { DistributorImport } from "./rows.ts";

/** A file of distributors: its columns, and a line of it as the import takes it. */

export const DISTRIBUTOR_COLUMNS = {
  required: ["distributor_id"],
  optional: [
    "sponsor_id",
    "name",
    "status",
    "rank",
    "country",
    "tax_id",
    "email",
    "phone",
    "customer_ids",
    "codes",
    "enrolled_at",
  ],
  aliases: { created_at: "enrolled_at", id: "distributor_id", sponsor: "sponsor_id", code: "codes" },
};

export function rowOfRecord({ line, cell, filled }: CsvRecord): DistributorImport {
  // An empty sponsor means the company; every other empty cell says nothing.
  const sponsor = cell("sponsor_id");
  return {
    line,
    distributorId: cell("distributor_id") ?? "",
    sponsorId: sponsor === "" ? null : sponsor,
    name: filled("name"),
    status: filled("status"),
    rank: filled("rank"),
    country: filled("country"),
    taxId: filled("tax_id"),
    email: filled("email"),
    phone: filled("phone"),
    customerIds: listed(filled("customer_ids")),
    codes: listed(filled("codes")),
    enrolledAt: filled("enrolled_at"),
  };
}

/** Several in one cell. */
function listed(cell: string | undefined): string[] | undefined {
  return cell?.split(/[\s;|,]+/).filter((text) => text !== "");
}
