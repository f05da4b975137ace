import { Fragment, type ReactNode } from "react";
import { Shape, type ShapeName } from "./shapes.tsx";

/** A headline that is a sum: `107.95 − 4.90 = 86.60`. What is pushed aside stands at the right end. */
export function Equation({ label, terms, aside }: { label: string; terms: readonly Term[]; aside?: Omit<Term, "sign"> }) {
  return (
    <section className="equation" aria-label={label}>
      {terms.map((term) => (
        <Fragment key={term.name}>
          {term.sign && <i>{term.sign}</i>}
          <div>
            <span>{term.name}</span>
            <b>{term.value}</b>
          </div>
        </Fragment>
      ))}
      {aside && (
        <div className="push">
          <span>{aside.name}</span>
          <b>{aside.value}</b>
        </div>
      )}
    </section>
  );
}

export interface Term {
  readonly sign?: "+" | "−" | "=";
  readonly name: string;
  readonly value: ReactNode;
}

/** One calculation a line, what it comes to at the right; the last is what they sum to. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className="steps">
      {steps.map((step) => (
        <li key={step.key ?? step.name} className={step.isSum ? "sum" : undefined}>
          <span>{step.name}</span>
          <span className="num">{step.value}</span>
          {step.why && <p>{step.why}</p>}
        </li>
      ))}
    </ol>
  );
}

export interface Step {
  /** Where names are not known yet, or the same. */
  readonly key?: string;
  readonly name: string;
  readonly value: ReactNode;
  readonly why?: ReactNode;
  readonly isSum?: boolean;
}

/** What happened, the earliest first. */
export function Timeline({ events }: { events: readonly TimelineEvent[] }) {
  return (
    <ol className="timeline">
      {events.map((event) => (
        <li key={event.key}>
          <Shape of={event.shape} />
          <span className="when">{event.when}</span>
          {event.what}
        </li>
      ))}
    </ol>
  );
}

export interface TimelineEvent {
  readonly key: string;
  readonly shape: ShapeName;
  readonly when: ReactNode;
  readonly what: ReactNode;
}

/** Names and values, one below the other, in a panel. */
export function Defs({ rows }: { rows: readonly { name: ReactNode; value: ReactNode; isTotal?: boolean }[] }) {
  return (
    <dl className="defs">
      {rows.map((row, index) => (
        <Fragment key={index}>
          <dt className={row.isTotal ? "total" : undefined}>{row.name}</dt>
          <dd className={row.isTotal ? "total" : undefined}>{row.value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** One tinted line that says what is the matter and what to do. */
export function Callout({ is, children }: { is: "warn" | "bad" | "good" | "accent"; children: ReactNode }) {
  return (
    <div className={`callout ${is}`} role={is === "bad" ? "alert" : "status"}>
      <Shape of={is === "accent" ? "sealed" : is} />
      <div>{children}</div>
    </div>
  );
}

/** A bone of the width of what it stands for; it has its room at once and is seen late, so that what comes at once never flickers. */
export function Bone({ width = 96 }: { width?: number }) {
  return <span className="bone" style={{ width }} aria-hidden="true" />;
}

/** The bones of words that are not known yet: typical ones in their place, unseen, so that they wrap where the real ones will. */
export function BoneText({ children }: { children: ReactNode }) {
  return (
    <span className="bone-text" aria-hidden="true">
      {children}
    </span>
  );
}

/** How much of a bound is reached; the bound's own name stands beside it. */
export function Meter({ share, warn = false, label }: { share: number; warn?: boolean; label: string }) {
  const percent = Math.max(0, Math.min(100, share * 100));
  return (
    <div className="meter" role="img" aria-label={label}>
      <i className={warn ? "warn" : undefined} style={{ width: `${percent}%` }} />
    </div>
  );
}
