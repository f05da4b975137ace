import { useQuery } from "@tanstack/react-query";
import type { Reason } from "@upline/core";
import { useTranslation } from "react-i18next";

/** A reason as the hub sends it: the type of its answers does not follow the parts all the way down. */
export interface SentReason extends Pick<Reason, "kind" | "facts"> {
  readonly parts?: unknown;
}

/** Puts a reason into the words of the screen; `english` is the hub's own sentence for it. */
export type Tell = (reason: SentReason | null | undefined, english: string) => string;

/**
 * The hub's reasons in the language of the screen. English is what the hub says; the words of another language come when they are
 * first needed, and until then nothing stands there. What no word is known for stays English.
 */
export function useTell(): Tell {
  const { i18n } = useTranslation();
  const isGerman = i18n.language === "de";
  const { data, isError } = useQuery({
    queryKey: ["reason-words", "de"],
    queryFn: () => import("@upline/core/german"),
    enabled: isGerman,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return (reason, english) => {
    if (!isGerman || isError || reason === null || reason === undefined) return english;
    return data === undefined ? "" : (data.inGerman(reason as Reason) ?? english);
  };
}

/** Sentences and their reasons, side by side, each with a key of its own; without reasons the sentences alone. */
export function told(
  tell: Tell,
  english: readonly string[],
  reasons: readonly SentReason[] | undefined,
): readonly { readonly key: string; readonly text: string }[] {
  return english.map((text, index) => ({ key: `${index} ${text}`, text: tell(reasons?.[index], text) }));
}
