import { useEffect, useState } from "react";

export type EmbedStatus = "on" | "off" | "unknown";

/** The block of the theme app extension, by its file's name. */
export const EMBED_HANDLE = "referral";

/** Whether the app embed is on in the shop's theme, as App Bridge knows it; asked in the browser only. */
export function useEmbedStatus(): EmbedStatus {
  const [status, setStatus] = useState<EmbedStatus>("unknown");
  useEffect(() => {
    let isGone = false;
    window.shopify?.app?.extensions?.().then(
      (extensions) => !isGone && setStatus(statusIn(extensions)),
      () => {},
    );
    return () => {
      isGone = true;
    };
  }, []);
  return status;
}

export function statusIn(extensions: readonly AppExtension[]): EmbedStatus {
  const themes = extensions.filter(({ type }) => type === undefined || type.startsWith("theme"));
  const blocks = themes.flatMap(({ activations }) => activations ?? []);
  const embed = blocks.find(({ handle }) => handle === undefined || handle === EMBED_HANDLE);
  if (embed === undefined) return "unknown";
  return embed.status === "active" ? "on" : "off";
}
