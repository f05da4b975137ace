const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u{2800}]|[^\S ]/u;

/**
 * Whether a text holds what nobody sees, or what looks like a space and is another one: zero-width and bidi marks, fillers, variation
 * selectors, no-break spaces. Two ids that differ only by it look the same to everybody and are not.
 */
export function unseenProblem(text: string): string | null {
  const found = UNSEEN.exec(text)?.[0].codePointAt(0);
  if (found === undefined) return null;
  const name = found.toString(16).toUpperCase().padStart(4, "0");
  return `holds a character that cannot be seen (U+${name}): type it again without`;
}
