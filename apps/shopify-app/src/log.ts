import { type Logger, pino } from "pino";

export type { Logger };

/** Structured logs without personal data: shops, topics, counts and times; never a body, a token or a database error's text. */
export function openLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: "message" });
}
