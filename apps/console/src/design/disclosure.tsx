import { type ReactNode, useEffect, useRef, useState } from "react";

/** A word that opens a small panel below itself; Esc and a press beside it close it, and the word has the focus again. */
export function Disclosure({ word, children }: { word: string; children: (close: () => void) => ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return;
    const onPress = (event: PointerEvent) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, [isOpen]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc closes from wherever the focus is within
    <div
      ref={place}
      className="disclosure"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen) return;
        event.stopPropagation();
        close();
      }}
    >
      <button ref={opener} type="button" className="btn quiet small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {word}
      </button>
      {isOpen && <div className="floating">{children(close)}</div>}
    </div>
  );
}
