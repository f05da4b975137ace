import { AsyncLocalStorage } from "node:async_hooks";
import { passkey } from "@better-auth/passkey";
import { betterAuth, type GenericEndpointContext } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError, createAuthMiddleware, isAPIError } from "better-auth/api";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { magicLink, twoFactor } from "better-auth/plugins";
import { databaseOf } from "../db/query.ts";
import * as tables from "../db/schema/people.ts";
import type { HubParts } from "../parts.ts";
import { AtOnce } from "./at-once.ts";

/** Where an address of a request is handed to the library, which would believe any proxy's header otherwise. */
export const CLIENT_HEADER = "x-upline-client";
export const PASSWORD_CHARACTERS = { min: 12, max: 128 } as const;

export interface SignInMails {
  signIn(mail: { readonly email: string; readonly token: string }): Promise<void>;
  password(mail: { readonly email: string; readonly token: string }): Promise<void>;
}

const DAY = 86_400;
const MINUTES = 60;

/** A password costs a tenth of a second and 16 MB to check: so many at once, and so many that wait. */
const hashing = new AtOnce({ atOnce: 2, waiting: 40 });

/** How passwords are hashed, for whoever stores one. */
export const hashOf = (password: string) => hashing.run(() => hashPassword(password));

const linksByMail = (mails: SignInMails) =>
  magicLink({
    sendMagicLink: ({ email, token }) => mails.signIn({ email, token }),
    disableSignUp: true,
    expiresIn: 10 * MINUTES,
    storeToken: "hashed",
  });

const codesByTheClock = twoFactor({
  issuer: "Upline",
  // Whoever has no password may turn codes on as well; whoever has one shows it.
  allowPasswordless: true,
  schema: {
    user: { fields: { twoFactorEnabled: "totpEnabled" } },
    twoFactor: { modelName: "personTotp", fields: { userId: "personId" } },
  },
});

const passkeys = (url: string) =>
  passkey({
    rpID: new URL(url).hostname,
    rpName: "Upline",
    schema: { passkey: { modelName: "personPasskeys", fields: { userId: "personId", credentialID: "credentialId" } } },
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    // It stands for both factors, so the device must have seen its owner.
    authentication: {
      afterVerification: async ({ verification }) => demandOwner(verification.authenticationInfo.userVerified),
    },
    registration: {
      afterVerification: async ({ verification }) => demandOwner(verification.registrationInfo?.userVerified === true),
    },
  });

/** A link by mail is one factor: it is no way round the second one. */
async function refuseHalfSignIn(
  session: { readonly userId: string },
  context: GenericEndpointContext | null,
): Promise<false | undefined> {
  if (context?.path !== "/magic-link/verify") return undefined;
  const found = await context.context.internalAdapter.findUserById(session.userId);
  return found === null || ("twoFactorEnabled" in found && found.twoFactorEnabled === true) ? false : undefined;
}

/** Whoever changes a password wants everybody else out. */
const endOtherSessions = createAuthMiddleware(async (context) => {
  if (context.path !== "/change-password") return;
  return { context: { ...context, body: { ...context.body, revokeOtherSessions: true } } };
});

/** Whoever a session is of, and the cookies that prolong it. */
export interface FoundSession {
  readonly sessionId: string;
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly totpEnabled: boolean;
  readonly cookies: readonly string[];
}

/** What the hub asks of the library. */
export interface Auth {
  handler(request: Request): Promise<Response>;
  /** Null where the headers bring no session that is good now. */
  sessionOf(headers: Headers): Promise<FoundSession | null>;
}

/**
 * The library of sign-ins (better-auth), on the people's own login. It signs in, and keeps what people sign in with; who may be here at
 * all, and as what, is ours: nobody signs up by themselves. `url` is where people reach the hub: passkeys are bound to its host.
 */
export function openAuth(parts: Pick<HubParts, "db" | "box">, at: { readonly url: string; readonly mails: SignInMails }): Auth {
  const library = openLibrary(parts, at);
  return {
    handler: (request) => library.handler(request),
    sessionOf: async (headers) => {
      const { headers: answered, response: found } = await library.api.getSession({ headers, returnHeaders: true });
      if (found === null) return null;
      const { id: personId, name, email, twoFactorEnabled } = found.user;
      const cookies = answered?.getSetCookie() ?? [];
      return { sessionId: found.session.id, personId, name, email, totpEnabled: twoFactorEnabled === true, cookies };
    },
  };
}

function openLibrary({ db, box }: Pick<HubParts, "db" | "box">, { url, mails }: { url: string; mails: SignInMails }) {
  const isSecure = url.startsWith("https:");
  return betterAuth({
    appName: "Upline",
    baseURL: url,
    basePath: "/auth",
    secret: box.deriveLasting("sign-ins of people"),
    // The address that a request came to was held against its origin already (`http/origin.ts`), whatever the hub's own is.
    trustedOrigins: (request) => (request === undefined ? [] : [new URL(request.url).origin]),
    database: drizzleAdapter(databaseOf(db.people), { provider: "pg", schema: tables, transaction: true }),
    user: { modelName: "people", fields: { updatedAt: "changedAt" } },
    session: {
      modelName: "personSessions",
      fields: { userId: "personId", userAgent: "browser", updatedAt: "changedAt" },
      expiresIn: 7 * DAY,
      updateAge: DAY,
      freshAge: 60 * MINUTES,
      // A copy in the cookie would outlive a session that was revoked.
      cookieCache: { enabled: false },
    },
    account: { modelName: "personCredentials", fields: { userId: "personId", updatedAt: "changedAt" } },
    verification: {
      modelName: "personVerifications",
      fields: { updatedAt: "changedAt" },
      // What a mail carries is worth a sign-in: the table holds hashes of it.
      storeIdentifier: "hashed",
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_CHARACTERS.min,
      maxPasswordLength: PASSWORD_CHARACTERS.max,
      password: { hash: hashOf, verify: (given) => hashing.run(() => verifyPassword(given)) },
      sendResetPassword: ({ user, token }) => mails.password({ email: user.email, token }),
      resetPasswordTokenExpiresIn: 30 * MINUTES,
      revokeSessionsOnPasswordReset: true,
    },
    plugins: [linksByMail(mails), codesByTheClock, passkeys(url)],
    databaseHooks: { session: { create: { before: refuseHalfSignIn } } },
    hooks: { before: endOtherSessions },
    onAPIError: {
      // What is no refusal of its own, such as a database that is away, is answered as everywhere in the hub.
      onError: (error) => {
        const noted = failures.getStore();
        if (noted !== undefined && !isAPIError(error)) noted.error = error;
      },
    },
    // Limits are our own, over all replicas: `people/attempts.ts`.
    rateLimit: { enabled: false },
    advanced: {
      // Said outright: the library leaves both out where it takes itself to be tested.
      disableCSRFCheck: false,
      disableOriginCheck: false,
      cookiePrefix: "upline",
      useSecureCookies: isSecure,
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure },
      ipAddress: { ipAddressHeaders: [CLIENT_HEADER] },
    },
    telemetry: { enabled: false },
    // What it would log carries addresses.
    logger: { disabled: true },
  });
}

const failures = new AsyncLocalStorage<{ error?: unknown }>();

/** Runs the library's handler. Throws what failed unexpectedly, which the library itself would answer with a bare 500. */
export async function handle(auth: Auth, request: Request): Promise<Response> {
  const noted: { error?: unknown } = {};
  const response = await failures.run(noted, () => auth.handler(request));
  if ("error" in noted) throw noted.error;
  return response;
}

function demandOwner(isSeen: boolean): void {
  if (!isSeen) throw new APIError("UNAUTHORIZED", { message: "Use a passkey that asks for a fingerprint, face or PIN." });
}
