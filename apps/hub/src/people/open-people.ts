import type { Context } from "hono";
import type { Caller } from "../http/auth.ts";
import { peopleUrlOf } from "../http/public-url.ts";
import type { Logger } from "../log.ts";
import { type Mailer, openMailer } from "../mail/mailer.ts";
import type { HubParts } from "../parts.ts";
import { Attempts } from "./attempts.ts";
import type { PeopleParts } from "./invite.ts";
import { type Auth, openAuth, type SignInMails } from "./open-auth.ts";
import { findPersonByEmail, seatsOf } from "./queries.ts";
import { callerFor, type SignedIn, signedInOf } from "./signed-in.ts";

const MOST_LATER = 200;

/** Everything about people that a running hub has: sign-ins, mails, limits, and what goes on after an answer. */
export class People implements PeopleParts {
  readonly db: HubParts["db"];
  readonly box: HubParts["box"];
  readonly env: HubParts["env"];
  readonly mailer: Mailer;
  readonly attempts: Attempts;
  readonly #log: Logger;
  readonly #later = new Set<Promise<void>>();
  #port: number;
  #auth: Auth | null = null;

  constructor({ db, box, env, log }: Pick<HubParts, "db" | "box" | "env" | "log">) {
    this.db = db;
    this.box = box;
    this.env = env;
    this.#log = log;
    this.#port = env.port;
    this.mailer = openMailer({ env, log });
    this.attempts = new Attempts({ db, box });
  }

  /** The port that the hub found, where the settings took any. */
  listensAt(port: number): void {
    if (port === this.#port) return;
    this.#port = port;
    this.#auth = null;
  }

  readonly url = (): string => peopleUrlOf(this.env, this.#port);

  readonly auth = (): Auth => {
    this.#auth ??= openAuth(this, { url: this.url(), mails: signInMails(this) });
    return this.#auth;
  };

  /** Whose session a request brings; null where it brings none. */
  signedIn(c: Context): Promise<SignedIn | null> {
    return signedInOf(this, c);
  }

  callerFor(signedIn: SignedIn, c: Context, route: string): Caller | null {
    return callerFor(signedIn, c, route);
  }

  /**
   * What nobody may learn the outcome of, not even by how long it takes: the answer goes out first. False where too much of it is under
   * way already.
   */
  later(what: string, work: () => Promise<unknown>): boolean {
    if (this.#later.size >= MOST_LATER) return false;
    const done = work()
      .catch((error: unknown) => {
        this.#log.error({ what, error: error instanceof Error ? error.name : "unknown" }, "something that was to follow failed");
      })
      .then(() => void this.#later.delete(done));
    this.#later.add(done);
    return true;
  }

  /** Resolves once nothing is left to follow. */
  async idle(): Promise<void> {
    while (this.#later.size > 0) await Promise.all(this.#later);
  }
}

/** The mails that the library of sign-ins asks for. It asks for unknown addresses too: nothing is sent to those. */
function signInMails(parts: PeopleParts & { readonly url: () => string }): SignInMails {
  const companyOf = async (email: string) => {
    const person = await findPersonByEmail(parts.db.people, email);
    if (person === null) return null;
    const companies = [...new Set((await seatsOf(parts.db.people, person.id)).map(({ companyId }) => companyId))];
    // Whoever is of several companies is the business of none of them alone.
    return { person, companyId: companies.length === 1 ? (companies[0] ?? null) : null };
  };
  return {
    signIn: async ({ email, token }) => {
      const found = await companyOf(email);
      if (found === null) return;
      const link = `${parts.url()}/auth/magic-link/verify?token=${encodeURIComponent(token)}&callbackURL=%2F`;
      const text = found.person.totpEnabled
        ? `A link to sign in to Upline was asked for. You sign in with a code as well, so a link by mail is not enough:\nuse your password and a code, or a passkey, at ${parts.url()}\n`
        : `Sign in to Upline within 10 minutes:\n${link}\n\nIt works once. If you did not ask for it, leave it: nothing happens.\n`;
      await parts.mailer.send({ companyId: found.companyId, kind: "sign-in", to: email, subject: "Sign in to Upline", text });
    },
    password: async ({ email, token }) => {
      const found = await companyOf(email);
      if (found === null) return;
      const text = `Choose a new password within 30 minutes:\n${parts.url()}/password#${token}\n\nIt works once, and ends every session of yours. If you did not ask for it, leave it: nothing happens.\n`;
      await parts.mailer.send({
        companyId: found.companyId,
        kind: "password",
        to: email,
        subject: "A new password for Upline",
        text,
      });
    },
  };
}
