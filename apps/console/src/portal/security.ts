import { HubProblem } from "@upline/hub/client";

/** What somebody changes about how they sign in, at `/auth`: the library's own addresses. */
async function call(path: string, body?: object): Promise<Record<string, unknown> & { readonly list?: unknown }> {
  const response = await fetch(`/auth${path}`, {
    ...(body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json().catch(() => ({}));
  const said = Array.isArray(answer) ? { list: answer } : typeof answer === "object" && answer !== null ? { ...answer } : {};
  if (response.ok) return said;
  const told = said as Record<string, unknown>;
  const detail =
    typeof told.detail === "string" ? told.detail : typeof told.message === "string" ? told.message : `HTTP ${response.status}`;
  throw new HubProblem({ status: response.status, code: "bad-request", title: "", detail });
}

export const changeName = (name: string) => call("/update-user", { name });
/** Ends every other session. */
export const changePassword = (currentPassword: string, newPassword: string) =>
  call("/change-password", { currentPassword, newPassword, revokeOtherSessions: true });

/** What an app is to be shown, and the spare codes, each of which works once. */
export async function beginSecondStep(password: string): Promise<{ uri: string; spare: readonly string[] }> {
  const { totpURI, backupCodes } = await call("/two-factor/enable", { password });
  return { uri: String(totpURI), spare: Array.isArray(backupCodes) ? backupCodes.map(String) : [] };
}
export const finishSecondStep = (code: string) => call("/two-factor/verify-totp", { code });
export const endSecondStep = (password: string) => call("/two-factor/disable", { password });

export interface Passkey {
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: string | null;
}

export async function listPasskeys(): Promise<Passkey[]> {
  const { list } = await call("/passkey/list-user-passkeys");
  return (Array.isArray(list) ? list : []).map((each: Record<string, unknown>) => ({
    id: String(each.id),
    name: typeof each.name === "string" && each.name !== "" ? each.name : null,
    createdAt: typeof each.createdAt === "string" ? each.createdAt : null,
  }));
}

export async function addPasskey(name: string): Promise<void> {
  const response = await fetch("/auth/passkey/generate-register-options");
  if (!response.ok)
    throw new HubProblem({ status: response.status, code: "bad-request", title: "", detail: `HTTP ${response.status}` });
  const options: PublicKeyCredentialCreationOptionsJSON = await response.json();
  const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  if (!(credential instanceof PublicKeyCredential)) throw new Error("The device gave no passkey.");
  await call("/passkey/verify-registration", { response: credential.toJSON(), name });
}
export const deletePasskey = (id: string) => call("/passkey/delete-passkey", { id });
