import { Button, Select, TextField } from "@shopify/polaris";
import { type ReactNode, useState } from "react";

/** A text of a form, with its error next to it; it goes by its name when the form is sent. */
export function Field({
  name,
  label,
  help,
  error,
  initial = "",
  suffix,
  isNumber,
  isQuiet,
}: {
  readonly name: string;
  readonly label: string;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  readonly initial?: string;
  readonly suffix?: string;
  readonly isNumber?: boolean;
  /** The label is for those who hear the page: what stands around says it to the others. */
  readonly isQuiet?: boolean;
}) {
  const [value, setValue] = useState(initial);
  return (
    <TextField
      autoComplete="off"
      name={name}
      label={label}
      labelHidden={isQuiet ?? false}
      value={value}
      onChange={setValue}
      {...(help === undefined ? {} : { helpText: help })}
      {...(error === undefined ? {} : { error })}
      {...(suffix === undefined ? {} : { suffix })}
      {...(isNumber ? { inputMode: "decimal" as const } : {})}
    />
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

export function Choice({
  name,
  label,
  options,
  initial,
  isQuiet,
}: {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Option[];
  readonly initial: string;
  readonly isQuiet?: boolean;
}) {
  const [value, setValue] = useState(initial);
  return (
    <Select
      name={name}
      label={label}
      labelHidden={isQuiet ?? false}
      options={options.map(({ value: given, label: shown }) => ({ value: given, label: shown }))}
      value={value}
      onChange={setValue}
    />
  );
}

export function Submit({
  children,
  isBusy,
  isMain = true,
  isOff = false,
}: {
  readonly children: string;
  readonly isBusy: boolean;
  readonly isMain?: boolean;
  readonly isOff?: boolean;
}) {
  return (
    <Button submit variant={isMain ? "primary" : "secondary"} loading={isBusy} disabled={isOff}>
      {children}
    </Button>
  );
}

/** Fields one below the other. */
export function Stack({ children }: { readonly children: ReactNode }) {
  return <div className="up-form">{children}</div>;
}
