/** Scripts that write a whole name without a space. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/**
 * A distributor as a buyer may see them: the first name and an initial, never more. "Müller, Anna"
 * and "Anna Maria Müller" are "Anna M."; an e-mail address is no name and shows nothing.
 */
export function displayNameOf(name: string): string {
  const [last = "", ...first] = name.split(",");
  const ordered = first.length > 0 ? `${first.join(" ")} ${last}` : last;
  const words = ordered.split(/\s+/).filter((word) => word !== "" && !word.includes("@"));
  const given = words[0] ?? "";
  const family = words.length > 1 ? words.at(-1) : undefined;
  if (family !== undefined) return `${given} ${initial(family)}`;
  return UNSPACED.test(given) && [...given].length > 1 ? initial(given) : given;
}

function initial(word: string): string {
  return `${([...word][0] ?? "").toUpperCase()}.`;
}
