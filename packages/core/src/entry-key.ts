/** Where in an order a commission comes from, and whose it is: what names it within its order. */
export interface EntryPlace {
  /** Of the plan; it holds no colon. */
  readonly bonusId: string;
  readonly lineId: string;
  readonly level: number;
  /** Null is the company: breakage. */
  readonly earner: string | null;
}

/** The name of a commission within its order, `bonus:line:level:earner`, such as "level-pay:1:1:9012". */
export function entryKeyOf({ bonusId, lineId, level, earner }: EntryPlace): string {
  return `${bonusId}:${lineId}:${level}:${earner ?? "company"}`;
}

/** The parts of a name again. Lines and distributors may have colons in their ids; the earner is known to whoever asks. */
export function placeOfEntry(entryKey: string, earner: string | null): EntryPlace {
  const head = entryKey.slice(0, -1 - (earner ?? "company").length);
  const bonusEnd = head.indexOf(":");
  const lineEnd = head.lastIndexOf(":");
  return {
    bonusId: head.slice(0, bonusEnd),
    lineId: head.slice(bonusEnd + 1, lineEnd),
    level: Number(head.slice(lineEnd + 1)),
    earner,
  };
}
