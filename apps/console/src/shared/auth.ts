import { HubProblem } from "@upline/hub/client";

/** What the hub answers at `/auth`, which is no part of the typed client: the library's own addresses and ours. */
async function call(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json().catch(() => ({}));
  const said = typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {};
  if (response.ok) return said;
  const detail =
    typeof said.detail === "string" ? said.detail : typeof said.message === "string" ? said.message : `HTTP ${response.status}`;
  throw new HubProblem({ status: response.status, code: "bad-request", title: "", detail });
}

/** True where a code by the clock is asked for as well. */
export async function signInWithPassword(email: string, password: string): Promise<{ needsCode: boolean }> {
  const { twoFactorRedirect } = await call("/sign-in/email", { email, password });
  return { needsCode: twoFactorRedirect === true };
}

export const signInWithCode = (code: string) =>
  /^\d{6}$/.test(code) ? call("/two-factor/verify-totp", { code }) : call("/two-factor/verify-backup-code", { code });

export const askForLink = (email: string) => call("/sign-in/magic-link", { email });
export const askForPassword = (email: string) => call("/request-password-reset", { email });
export const setPassword = (token: string, newPassword: string) => call("/reset-password", { token, newPassword });
export const signOut = () => call("/sign-out", {});

/** A distributor asks for their own account. The answer is always the same. */
export const claimAccount = (given: { company: string; email: string; code?: string }) => call("/claims", given);

export interface Invited {
  readonly company: string;
  readonly role: string;
  readonly email: string;
  readonly isNew: boolean;
}

export async function lookAtInvitation(token: string): Promise<Invited> {
  const { company, role, email, is_new } = await call("/invitations/look", { token });
  const name = typeof company === "object" && company !== null && "name" in company ? String(company.name) : "";
  return { company: name, role: String(role), email: String(email), isNew: is_new === true };
}

export const acceptInvitation = (given: { token: string; name?: string; password?: string }) =>
  call("/invitations/accept", given);

/** Whether the browser can speak of passkeys as the hub does. */
export const knowsPasskeys = () =>
  typeof PublicKeyCredential !== "undefined" && "parseRequestOptionsFromJSON" in PublicKeyCredential;

export async function signInWithPasskey(): Promise<void> {
  const response = await fetch("/auth/passkey/generate-authenticate-options");
  const options: PublicKeyCredentialRequestOptionsJSON = await response.json();
  const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  if (!(credential instanceof PublicKeyCredential)) throw new Error("The device gave no passkey.");
  await call("/passkey/verify-authentication", { response: credential.toJSON() });
}
