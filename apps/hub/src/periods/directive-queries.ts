import type { Tx } from "../db/connect.ts";

export async function insertDirective(
  tx: Tx,
  args: {
    companyId: number;
    distributorNo: number;
    kind: "override" | "constraint";
    rank: string | null;
    from: Date;
    until: Date;
    reason: string;
    actor: string;
  },
): Promise<void> {
  await tx`
    insert into rank_directives (company_id, distributor_no, kind, rank, valid_from, valid_until, reason, actor)
    values (${args.companyId}, ${args.distributorNo}, ${args.kind}, ${args.rank}, ${args.from}, ${args.until}, ${args.reason}, ${args.actor})`;
}
