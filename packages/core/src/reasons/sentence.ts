/** The figures of a reason by name: decimal texts, names and ids as they were given, days as `2026-07-01`. */
export type Facts = Readonly<Record<string, string>>;

/** A reason in one language, from its figures and from what it is made of, which is in words already. */
export type Sentence = (facts: Facts, parts: readonly string[]) => string;
