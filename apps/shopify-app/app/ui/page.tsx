import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { Link } from "../framework/client.ts";
import { useAddress } from "./address.ts";

/** A page: its title stands in Shopify's title bar, and is read out in the frame. */
export function Page({
  title,
  intro,
  children,
}: {
  readonly title: string;
  readonly intro?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <main className="up-page">
      <ui-title-bar title={title} />
      <h1 className="up-hidden">{title}</h1>
      {intro && <p className="up-intro">{intro}</p>}
      <BlockStack gap="400">{children}</BlockStack>
    </main>
  );
}

/** A part of a page under a heading of its own; `action` stands beside the heading. */
export function Section({
  title,
  about,
  action,
  children,
}: {
  readonly title: string;
  readonly about?: string | undefined;
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          {action}
        </InlineStack>
        {about && (
          <Text as="p" tone="subdued">
            {about}
          </Text>
        )}
        {children}
      </BlockStack>
    </Card>
  );
}

/** A link to another page of the app. */
export function Door({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  const address = useAddress();
  return (
    <Link className="up-door" to={address(to)} prefetch="intent">
      {children}
    </Link>
  );
}

/** A figure with what it means, which is a door to what it is made of. */
export function Figure({
  to,
  name,
  value,
  notes,
  tone = "plain",
}: {
  readonly to: string;
  readonly name: string;
  readonly value: string;
  readonly notes: readonly string[];
  readonly tone?: "plain" | "warning" | undefined;
}) {
  const address = useAddress();
  return (
    <Link className={`up-figure up-figure--${tone}`} to={address(to)} prefetch="intent">
      <span className="up-figure__name">{name}</span>
      <span className="up-figure__value">{value}</span>
      {notes.map((note) => (
        <span className="up-figure__note" key={note}>
          {note}
        </span>
      ))}
    </Link>
  );
}

/** A link that looks like a button. */
export function ActionLink({
  to,
  children,
  external,
}: {
  readonly to: string;
  readonly children: string;
  readonly external?: boolean;
}) {
  return (
    <Button url={to} {...(external ? { target: "_top", external: true } : {})}>
      {children}
    </Button>
  );
}
