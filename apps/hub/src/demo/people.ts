import { randomBytes } from "node:crypto";
import { asPeople } from "../db/connect.ts";
import type { Role } from "../db/schema/people.ts";
import type { Hub } from "../hub.ts";
import { acceptInvitation } from "../people/accept.ts";
import { invite } from "../people/invite.ts";
import { findPersonByEmail } from "../people/queries.ts";

interface DemoPerson {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly distributorId?: string;
}

const PEOPLE: readonly DemoPerson[] = [
  { email: "owner@demo.example", name: "Olivia Owner", role: "owner" },
  { email: "finance@demo.example", name: "Finn Finance", role: "finance" },
  { email: "support@demo.example", name: "Sam Support", role: "support" },
  { email: "distributor@demo.example", name: "Dana Distributor", role: "distributor", distributorId: "D1040" },
];

/** People who can sign in at once, by their ids, with one password that is made anew for each demo. */
export interface DemoPeople {
  readonly password: string;
  readonly owner: string;
  readonly finance: string;
}

/** Each is invited and accepts, like anybody else. */
export async function demoPeople(hub: Hub, companyId: number): Promise<DemoPeople> {
  const password = randomBytes(9).toString("base64url");
  const giver = { actor: "demo", role: "operator" } as const;
  for (const { email, name, role, distributorId } of PEOPLE) {
    const { link } = await invite(hub.people, { companyId, email, role, distributorId, giver });
    await acceptInvitation(hub.people, { token: link.split("#")[1] ?? "", name, password });
  }
  const idOf = async (role: Role) => {
    const email = PEOPLE.find((person) => person.role === role)?.email ?? "";
    return (await asPeople(hub.db, "demo", (tx) => findPersonByEmail(tx, email)))?.id ?? "";
  };
  return { password, owner: await idOf("owner"), finance: await idOf("finance") };
}

/** How they sign in. */
export function signInLines(hub: Hub, { password }: DemoPeople): string[] {
  return [
    `The console: ${hub.people.url()}/console, for the distributor ${hub.people.url()}/portal. Sign in with the password ${password}:`,
    ...PEOPLE.map(
      ({ email, role, distributorId }) =>
        `  ${email.padEnd(26)} ${role}${distributorId === undefined ? "" : ` ${distributorId}`}`,
    ),
  ];
}
