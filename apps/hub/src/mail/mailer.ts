import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { z } from "zod";
import type { Env } from "../env.ts";
import type { Logger } from "../log.ts";

/** Mail goes out by SMTP. Without a mail server it lies in a folder, where whoever runs the hub, or tries it out, finds it. */

/** What a mail is about. Whoever has the link of `sign-in` and `password` is somebody else: those are shown to nobody over the API. */
export const MAIL_KINDS = ["invitation", "claim", "enrolment", "sign-in", "password", "notice"] as const;

const mail = z.object({
  /** Of which company it speaks; null where it is a person's own. */
  companyId: z.number().nullable(),
  kind: z.enum(MAIL_KINDS),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  /** By whose name it goes out, and where answers to it go; absent: the hub's own. */
  from: z.string().optional(),
  replyTo: z.string().optional(),
});
export type Mail = Readonly<z.infer<typeof mail>>;
const kept = mail.extend({ mailId: z.string(), at: z.string() });
export type KeptMail = Readonly<z.infer<typeof kept>>;

/** A company as whoever gets its mails knows it. */
export interface Sender {
  readonly name: string;
  /** Where questions go. */
  readonly support: string | null;
}

const QUESTIONS = { en: "Questions? Write to", de: "Fragen? Schreib an" } as const;

/** A mail of a company, by its name, with where questions go at its foot. */
export function signed(mail: Mail, { name, support }: Sender, language: keyof typeof QUESTIONS = "en"): Mail {
  if (support === null) return { ...mail, from: name };
  return { ...mail, from: name, replyTo: support, text: `${mail.text}\n${QUESTIONS[language]} ${support}\n` };
}

/** So many mails stay in the folder, the newest. */
const MOST_KEPT = 1_000;
/** A mail server that does not answer holds up nobody for longer. */
const PATIENCE_MS = 10_000;

export interface Mailer {
  /** Sends, or keeps; false where neither went. Never throws: nobody is told whether there was anybody to write to. */
  send(mail: Mail): Promise<boolean>;
  /** What lies in the folder of a company, the newest first; empty where mail goes out. */
  listKept(companyId: number, limit: number): KeptMail[];
  /** Where mails lie; null where they go out. */
  readonly folder: string | null;
}

export function openMailer({ env, log }: { env: Pick<Env, "smtpUrl" | "mailFrom" | "dataDir">; log: Logger }): Mailer {
  return env.smtpUrl === null ? outbox(join(env.dataDir, "outbox"), log) : smtp(env.smtpUrl, { from: env.mailFrom, log });
}

function smtp(url: string, { from, log }: { from: string; log: Logger }): Mailer {
  const timeouts = { connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS };
  const transport = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  const address = /<([^>]+)>/.exec(from)?.[1] ?? from;
  const send = async ({ to, subject, text, kind, from: name, replyTo }: Mail) => {
    try {
      const by = name === undefined ? from : { name, address };
      await transport.sendMail({ from: by, to, subject, text, ...(replyTo !== undefined && { replyTo }) });
      return true;
    } catch (error) {
      // Neither the address nor the link belongs in a log.
      log.error(
        { kind, error: error instanceof Error ? error.name : "unknown", code: codeOf(error) },
        "a mail could not be sent",
      );
      return false;
    }
  };
  return { send, listKept: () => [], folder: null };
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

function outbox(folder: string, log: Logger): Mailer {
  const send = async (mail: Mail) => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const at = new Date().toISOString();
      const mailId = `${at.replace(/\D/g, "")}-${randomBytes(4).toString("hex")}`;
      writeFileSync(join(folder, `${mailId}.json`), `${JSON.stringify({ mailId, at, ...mail }, null, 2)}\n`, { mode: 0o600 });
      for (const old of namesIn(folder).slice(MOST_KEPT)) rmSync(join(folder, old), { force: true });
      return true;
    } catch (error) {
      log.error({ kind: mail.kind, code: codeOf(error) }, "a mail could not be kept in the outbox folder");
      return false;
    }
  };
  const listKept = (companyId: number, limit: number): KeptMail[] => {
    const found: KeptMail[] = [];
    for (const name of namesIn(folder)) {
      const read = kept.safeParse(readJson(join(folder, name)));
      if (read.success && read.data.companyId === companyId) found.push(read.data);
      if (found.length >= limit) break;
    }
    return found;
  };
  return { send, listKept, folder };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .reverse();
  } catch {
    // Nothing was sent yet.
    return [];
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}
