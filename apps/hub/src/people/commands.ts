import type { Command } from "commander";
import type { CliParts } from "../cli/open.ts";
import { example, printList, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { ROLES, type Role } from "../db/schema/people.ts";
import { refused } from "../errors.ts";
import { peopleUrlOf } from "../http/public-url.ts";
import { openLog } from "../log.ts";
import { openMailer } from "../mail/mailer.ts";
import { makeClaimCode } from "./claim.ts";
import { type Giver, invite, type PeopleParts, readEmail, revokePerson } from "./invite.ts";
import { findPersonByEmail, listInvitations, listStaff } from "./queries.ts";

const GIVER: Giver = { actor: OPERATOR, role: "operator" };
const MOST = 1_000;

/** What people are looked after with, at a terminal. */
export const peoplePartsOf = ({ db, box, env }: CliParts): PeopleParts => ({
  ...{ db, box, env },
  mailer: openMailer({ env, log: openLog("silent") }),
  url: () => peopleUrlOf(env),
});

function roleOf(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role === undefined) throw refused("role", `one of ${ROLES.join(", ")}`, `--role is one of ${ROLES.join(", ")}.`);
  return role;
}

export function peopleCommands(program: Command, terminal: Terminal): void {
  const people = program.command("people").description("Who works for a company, and as what");

  const inviting = people
    .command("invite <email>")
    .description("Invite somebody; the link is mailed, and printed for whoever runs the hub. The first owner comes so")
    .option("--role <role>", ROLES.join(", "), "owner")
    .option("--distributor <id>", "with the role distributor: as whom they sell")
    .option("--company <slug>", "needed where there are several companies")
    .action((email: string, options: CompanyOption & { role: string; distributor?: string }) =>
      withCompany(terminal, options, async (parts, { companyId, name }) => {
        const role = roleOf(options.role);
        const wanted = { companyId, email, role, distributorId: options.distributor, giver: GIVER };
        const { link, expiresAt } = await invite(peoplePartsOf(parts), wanted);
        terminal.out(`${link}\n`);
        terminal.err(`It makes ${email} ${role} of ${name}, once, until ${expiresAt.toISOString().slice(0, 10)}.\n`);
      }),
    );
  example(inviting, "pnpm upline people invite ann@acme.example", "pnpm upline people invite ben@acme.example --role finance");

  const list = people
    .command("list")
    .description("List who works for a company, and who is invited; distributors' accounts are not among them")
    .option("--company <slug>", "needed where there are several companies")
    .option("--json", "as JSON")
    .action((options: CompanyOption & { json?: boolean }) =>
      withCompany(terminal, options, async ({ db }, { companyId }) => {
        const staff = await listStaff(db.people, { companyId, limit: MOST });
        const invited = await listInvitations(db.people, { companyId, limit: MOST });
        const rows = [
          ...staff.map(({ name, email, role, totpEnabled, createdAt }) => ({
            name,
            email,
            role,
            codes: totpEnabled,
            since: createdAt,
          })),
          ...invited.map(({ email, role, createdAt }) => ({
            name: "(invited)",
            email: email ?? "",
            role,
            codes: false,
            since: createdAt,
          })),
        ];
        printList(terminal, rows, { ...options, empty: "There is nobody yet: pnpm upline people invite <email>" });
      }),
    );
  example(list, "pnpm upline people list");
  takingCommands(people, terminal);
}

function takingCommands(people: Command, terminal: Terminal): void {
  const revoke = people
    .command("revoke <email>")
    .description("Take somebody's place in a company away, with the keys that they made; it counts at once")
    .option("--sells", "their account as a distributor")
    .option("--company <slug>", "needed where there are several companies")
    .action((email: string, options: CompanyOption & { sells?: boolean }) =>
      withCompany(terminal, options, async (parts, { companyId, name }) => {
        const person = await findPersonByEmail(parts.db.people, readEmail(email));
        if (person === null)
          throw refused("email", "is nobody's here", `${email} is nobody's here: see \`pnpm upline people list\`.`);
        await revokePerson(parts, { companyId, personId: person.id, giver: GIVER, sells: options.sells === true });
        terminal.out(`${email} has no place in ${name} any more.\n`);
      }),
    );
  example(revoke, "pnpm upline people revoke ben@acme.example");

  const code = people
    .command("claim-code <distributor>")
    .description("Make a one-time code with which a distributor opens their account, where their address is not known")
    .option("--company <slug>", "needed where there are several companies")
    .action((distributorId: string, options: CompanyOption) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const made = await makeClaimCode(parts, { companyId, distributorId, giver: GIVER });
        terminal.out(`${made.code}\n`);
        terminal.err(`It works once, until ${made.expiresAt.toISOString().slice(0, 10)}.\n`);
      }),
    );
  example(code, "pnpm upline people claim-code 1042");
}
