import { senderOf } from "../companies/branding.ts";
import { readCompany } from "../companies/directory.ts";
import type { Company } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { sealerOf } from "../db/sealing.ts";
import { refused } from "../errors.ts";
import { identityHashes } from "../network/buyer-hashes.ts";
import { readBuyerOwners } from "../network/import-queries.ts";
import type { HubParts } from "../parts.ts";
import { mailboxOf } from "../people/claim.ts";
import { newToken, type PeopleParts, readEmail } from "../people/invite.ts";
import {
  checkAnswers,
  checkConsents,
  type FilledIn,
  type GivenConsent,
  type KeptAnswer,
  type Language,
  type Settings,
  strangersProblem,
} from "./form.ts";
import type { Inviter } from "./inviter.ts";
import { confirmMail, knownMail, LINK_DAYS } from "./mails.ts";
import { insertEnrolment } from "./queries.ts";

/** A form that is right, whoever sent it: nothing of it depends on who is known. */
export interface CheckedForm {
  readonly name: string;
  readonly email: string;
  readonly country: string;
  readonly language: Language;
  readonly answers: readonly KeptAnswer[];
  readonly consents: readonly GivenConsent[];
}

/** Throws HubError, which names the field. */
export function checkForm(settings: Pick<Settings, "fields" | "consents">, given: FilledIn): CheckedForm {
  const names = (["first_name", "last_name"] as const).map((field) => {
    const name = given[field].normalize("NFKC").replace(/\s+/gu, " ").trim();
    const problem = name === "" ? "write it, as others should read it" : strangersProblem(name, 90);
    if (problem !== null) throw refused(field, problem);
    return name;
  });
  return {
    ...{ name: names.join(" "), email: mailboxOf(readEmail(given.email)), country: given.country, language: given.language },
    answers: checkAnswers(settings.fields, given.answers),
    consents: checkConsents(settings.consents, given.consents),
  };
}

/** Which distributor of the company an address is; null where it is nobody's. */
export async function ownerOfAddress(
  { box }: Pick<HubParts, "box">,
  tx: Tx,
  { companyId, email }: { companyId: number; email: string },
): Promise<string | null> {
  const company = await readCompany(tx, companyId);
  if (company === null) throw new Error("the company of this transaction does not exist");
  const buyerHashes = identityHashes(box.open(company.buyerKey), { kind: "email", value: email }, "");
  const [owner] = (await readBuyerOwners(tx, { companyId, buyerHashes })).values();
  return owner ?? null;
}

/**
 * Keeps the form and sends the link; to an address that is a distributor's already it sends that instead. Goes on after the answer, which
 * is the same for both.
 */
export async function sendConfirmation(
  parts: PeopleParts,
  args: { company: Company; inviter: Extract<Inviter, { kind: "inviter" }>; form: CheckedForm; now: Date },
): Promise<void> {
  const { company, inviter, form, now } = args;
  const { companyId } = company;
  const { token, tokenHash } = newToken();
  const isKnown = await asCompany(parts.db, companyId, async (tx) => {
    if ((await ownerOfAddress(parts, tx, { companyId, email: form.email })) !== null) return true;
    const seal = await sealerOf(tx, parts.box);
    const enrolmentNo = await insertEnrolment(tx, {
      ...{ companyId, tokenHash, sponsorNo: inviter.sponsorNo, code: inviter.code },
      ...{ name: form.name, country: form.country, language: form.language },
      emailCiphertext: seal(form.email),
      answersCiphertext: seal(JSON.stringify(form.answers)),
      consents: form.consents.map(({ consentId, version }) => ({ consentId, version })),
      askedAt: now,
      expiresAt: new Date(now.getTime() + LINK_DAYS * 86_400_000),
    });
    await insertAudit(tx, { companyId, actor: "enrolment", act: "enrolment.ask", subject: String(enrolmentNo) });
    return false;
  });
  const to = { companyId, sender: await senderOf(parts.db, companyId), to: form.email, language: form.language };
  const slug = encodeURIComponent(company.slug);
  await parts.mailer.send(
    isKnown
      ? knownMail({ ...to, portal: `${parts.url()}/portal?company=${slug}` })
      : confirmMail({ ...to, link: `${parts.url()}/join?company=${slug}#${token}` }),
  );
}
