/** What a status means is told by its shape and its word; its colour only helps. */
export type ShapeName = "good" | "wait" | "open" | "warn" | "bad" | "draft" | "sealed" | "skip";

const PATHS: Readonly<Record<ShapeName, React.ReactNode>> = {
  good: <circle cx="5" cy="5" r="4.5" fill="currentColor" />,
  wait: (
    <>
      <circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M5 1a4 4 0 0 1 0 8z" fill="currentColor" />
    </>
  ),
  open: <circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" strokeWidth="1.4" />,
  warn: <path d="M5 .8 9.8 9.3H.2z" fill="currentColor" />,
  bad: <rect x="1" y="1" width="8" height="8" rx="1" fill="currentColor" />,
  draft: <path d="M5 1 9 5 5 9 1 5z" fill="none" stroke="currentColor" strokeWidth="1.4" />,
  sealed: <path d="M5 .5 9.5 5 5 9.5.5 5z" fill="currentColor" />,
  skip: <path d="M1.5 5h7" fill="none" stroke="currentColor" strokeWidth="1.6" />,
};

export function Shape({ of: name }: { of: ShapeName }) {
  return (
    <svg className={`shape is-${name}`} viewBox="0 0 10 10" aria-hidden="true">
      {PATHS[name]}
    </svg>
  );
}

/** A word with its shape; as a tag beside a headline. */
export function Status({ is, children, tag = false }: { is: ShapeName; children: React.ReactNode; tag?: boolean }) {
  return (
    <span className={`st is-${is}${tag ? " tag" : ""}`}>
      <Shape of={is} />
      <span>{children}</span>
    </span>
  );
}
