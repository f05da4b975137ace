import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { Browser } from "./framework/client.ts";

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <Browser />
    </StrictMode>,
  );
});
