import { useMemo } from "react";
import { useRouteLoaderData } from "../framework/client.ts";
import type { Locale } from "../i18n/locale.ts";
import { type Speech, speak } from "../i18n/speak.ts";

/** The merchant's language and the shop's time zone, as the root and the frame of the pages know them. */
export function useSpeech(): Speech {
  const root = useRouteLoaderData("root") as { readonly locale: Locale } | undefined;
  const frame = useRouteLoaderData("routes/app") as { readonly timeZone: string } | undefined;
  const locale = root?.locale ?? "en";
  const timeZone = frame?.timeZone ?? "UTC";
  return useMemo(() => speak(locale, timeZone), [locale, timeZone]);
}
