import { Badge, Banner, BlockStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useSpeech } from "./speech.ts";

/** Where there is nothing to show: why, and what to do. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="up-empty">
      <BlockStack gap="100" inlineAlign="center">
        <Text as="p" variant="headingSm">
          {title}
        </Text>
        {children && (
          <Text as="p" tone="subdued" alignment="center">
            {children}
          </Text>
        )}
      </BlockStack>
    </div>
  );
}

export function Note({
  tone,
  title,
  children,
}: {
  readonly tone: "info" | "success" | "warning" | "critical";
  readonly title?: string | undefined;
  readonly children?: ReactNode;
}) {
  return (
    <Banner tone={tone} {...(title === undefined ? {} : { title })}>
      {children}
    </Banner>
  );
}

export type Mark = "success" | "attention" | "critical" | "info" | "plain";

export function State({ mark, children }: { readonly mark: Mark; readonly children: string }) {
  return <Badge {...(mark === "plain" ? {} : { tone: mark })}>{children}</Badge>;
}

/** In the place of what is being loaded, of about its height, so that nothing jumps. */
export function Loading({ rows = 3 }: { readonly rows?: number }) {
  const { text } = useSpeech();
  return (
    <div className="up-loading" role="status" aria-label={text("common.loading")}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={index} />
      ))}
    </div>
  );
}
