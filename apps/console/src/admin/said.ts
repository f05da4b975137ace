/** The company's own words, in the languages that it gave. */
export interface Said {
  readonly en?: string | undefined;
  readonly de?: string | undefined;
}

/** In the reader's language, or in the one that there is. */
export const saidIn = (said: Said, language: string): string =>
  (language === "de" ? (said.de ?? said.en) : (said.en ?? said.de)) ?? "";

/** As the hub takes them: a language that is empty is left out. */
export function saidOf({ en, de }: Said): { en?: string; de?: string } {
  return { ...(en?.trim() && { en: en.trim() }), ...(de?.trim() && { de: de.trim() }) };
}

/** An id out of words, that none of the others has: `Starter kit` → `starter-kit`. */
export function idOf(words: string, taken: readonly string[]): string {
  const plain = words.normalize("NFKD").toLowerCase();
  const id =
    plain
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 32) || "field";
  for (let no = 1; ; no++) {
    const wanted = no === 1 ? id : `${id}-${no}`;
    if (!taken.includes(wanted)) return wanted;
  }
}
