import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Role } from "../db/schema/people.ts";
import { invite } from "../people/invite.ts";
import type { TestHub } from "./test-hub.ts";

/** A browser as far as signing in goes: it keeps cookies, and says which page it is on. */
export class SignInBrowser {
  readonly hub: Pick<TestHub, "app">;
  readonly cookies = new Map<string, string>();
  /** Headers of every call, such as the company. */
  headers: Record<string, string> = { origin: "http://hub.test", "sec-fetch-site": "same-origin" };
  password = "correct horse battery";

  constructor(hub: Pick<TestHub, "app">) {
    this.hub = hub;
  }

  async call(
    path: string,
    { body, method, headers }: { body?: unknown; method?: string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await this.hub.app.request(`http://hub.test${path}`, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: {
        ...this.headers,
        ...(cookie === "" ? {} : { cookie }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  keep(line: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/; Max-Age=0/i.test(line) || value === "") this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  async json(path: string, options?: { body?: unknown; method?: string }): Promise<Record<string, unknown>> {
    const response = await this.call(path, options);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }

  signIn(email: string, password: string = this.password): Promise<Response> {
    return this.call("/auth/sign-in/email", { body: { email, password } });
  }
}

export interface Newcomer {
  readonly email: string;
  readonly role: Role;
  readonly companyId?: number;
  readonly distributorId?: string;
  readonly name?: string;
}

const OPERATOR = { actor: "operator", role: "operator" } as const;

/** Somebody who was invited by the operator and accepted, signed in. */
export async function signedUp(
  hub: TestHub,
  { email, role, companyId = hub.company.companyId, distributorId, name = email.split("@")[0] ?? "" }: Newcomer,
  { signIn = true, origin }: { signIn?: boolean; origin?: string } = {},
): Promise<SignInBrowser> {
  const { link } = await invite(hub.people, { companyId, email, role, distributorId, giver: OPERATOR });
  const browser = new SignInBrowser(hub);
  if (origin !== undefined) browser.headers.origin = origin;
  const token = link.split("#")[1];
  await browser.json("/auth/invitations/accept", { body: { token, name, password: browser.password } });
  if (signIn && !(await browser.signIn(email)).ok) throw new Error(`${email} could not sign in`);
  return browser;
}

/** What was sent to an address, the newest first, as it lies in the outbox folder. */
export function mailsTo(hub: Pick<TestHub, "people">, email: string): { subject: string; text: string; kind: string }[] {
  const folder = hub.people.mailer.folder ?? "";
  return readdirSync(folder)
    .sort()
    .reverse()
    .map(
      (name) =>
        JSON.parse(readFileSync(join(folder, name), "utf8")) as { to: string; subject: string; text: string; kind: string },
    )
    .filter(({ to }) => to === email);
}
