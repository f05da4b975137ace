/** Whether a plan version may judge orders now: it has a date, and that is past. */
export function isInForce({ effective_from: from }: { readonly effective_from: string | null }): boolean {
  return from !== null && Date.parse(from) <= Date.now();
}
