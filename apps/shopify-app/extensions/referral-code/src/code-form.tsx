import { readCode } from "@upline/core/referral-code";
import { useRef, useState } from "preact/hooks";

/** What became of a code that was handed on; refused is said beside the field. */
export type Outcome = "taken" | "refused";

interface CodeFormProps {
  readonly text: (key: string) => string;
  readonly send: string;
  readonly refused: string;
  /** Takes a code that is one. */
  readonly hand: (code: string) => Promise<Outcome>;
}

/** One field for a referral code, judged by the hub's own rule, with what is wrong beside it. */
export function CodeForm({ text, send, refused, hand }: CodeFormProps) {
  // Not a state: the form may be sent in the same moment as the field's last change, before anything is drawn again.
  const typed = useRef("");
  const [error, setError] = useState<string | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const keep = ({ currentTarget }: Event): void => {
    typed.current = currentTarget && "value" in currentTarget ? String(currentTarget.value) : "";
  };
  const submit = async (): Promise<void> => {
    if (isBusy) return;
    const read = readCode(typed.current);
    if (!("code" in read)) return setError(text("field.invalid"));
    setError(undefined);
    setBusy(true);
    const outcome = await hand(read.code).catch((): Outcome => "refused");
    setBusy(false);
    if (outcome === "refused") setError(refused);
  };
  return (
    <s-form onSubmit={() => void submit()}>
      <s-grid gridTemplateColumns="1fr auto" gap="base" alignItems="start">
        <s-text-field
          label={text("field.label")}
          name="upline-referral-code"
          autocomplete="off"
          maxLength={60}
          error={error}
          onInput={keep}
          onChange={keep}
        />
        <s-button type="submit" variant="secondary" loading={isBusy}>
          {send}
        </s-button>
      </s-grid>
    </s-form>
  );
}
