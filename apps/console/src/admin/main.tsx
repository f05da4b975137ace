import "@mantine/core/styles/global.css";
import "@mantine/core/styles/default-css-variables.css";
import "../design/tokens.css";
import "../design/console.css";
import "../design/own.css";
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { lazy, StrictMode, Suspense, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { useTranslation } from "react-i18next";
import { Callout } from "../design/parts.tsx";
import { Design } from "../design/theme.tsx";
import { CompanyProvider } from "../shared/company.tsx";
import { chooseCompany, chosenCompany, hub, queries } from "../shared/hub.ts";
import { isSignedOut, problemOf } from "../shared/problem.ts";
import { en } from "../words/en.ts";
import { startWords } from "../words/words.ts";
import { router } from "./router.tsx";

const SignIn = lazy(async () => ({ default: (await import("./sign-in.tsx")).SignIn }));
const Invitation = lazy(async () => ({ default: (await import("./mailed-links.tsx")).Invitation }));
const ForgottenPassword = lazy(async () => ({ default: (await import("./mailed-links.tsx")).ForgottenPassword }));

type Me = Awaited<ReturnType<typeof readMe>>;
const readMe = () => answerOf(hub.me.$get());

/** Who is it, and whose pages do they see: before that is known nothing is drawn. */
function Console() {
  const { data: me, error, refetch } = useQuery({ queryKey: ["me"], queryFn: readMe, staleTime: 60_000 });
  if (error && isSignedOut(error))
    return (
      <SignIn
        onDone={() => {
          queries.clear();
          void refetch();
        }}
      />
    );
  if (error) return <Alone>{problemOf(error)}</Alone>;
  return me === undefined ? null : <OfCompany me={me} />;
}

/** Somebody with several companies sees the one they saw last. */
function OfCompany({ me }: { me: Me }) {
  const { t } = useTranslation();
  const seats = me.companies.filter(({ role }) => role !== "distributor");
  const [slug, setSlug] = useState(() => chosenCompany(seats.map((seat) => seat.slug)));
  useEffect(() => chooseCompany(slug), [slug]);
  const seat = seats.find((one) => one.slug === slug);
  const { data, error } = useQuery({
    queryKey: ["company", slug],
    enabled: seat !== undefined,
    queryFn: () => {
      chooseCompany(slug);
      return answerOf(hub.company.$get());
    },
    staleTime: 300_000,
  });
  // Whoever sells and works for nobody has pages of their own.
  if (seat === undefined && me.companies.length > 0) {
    window.location.replace("/portal");
    return null;
  }
  if (seat === undefined) return <Alone>{t("signIn.noCompany", { email: me.email })}</Alone>;
  if (error) return <Alone>{problemOf(error)}</Alone>;
  if (data === undefined) return null;
  return (
    <CompanyProvider
      company={{
        slug: seat.slug,
        name: data.name,
        zone: data.time_zone,
        person: me.name,
        personId: me.person_id,
        role: seat.role,
        others: seats.filter((one) => one.slug !== slug).map(({ slug, name }) => ({ slug, name })),
        change: (to) => {
          chooseCompany(to);
          queries.clear();
          setSlug(to);
        },
      }}
    >
      <RouterProvider router={router} />
    </CompanyProvider>
  );
}

function Alone({ children }: { children: string }) {
  return (
    <main className="sign-in">
      <Callout is="bad">{children}</Callout>
    </main>
  );
}

/** Mailed links have addresses of their own, for whoever is not signed in. */
function Entry() {
  if (window.location.pathname === "/invitation") return <Invitation />;
  if (window.location.pathname === "/password") return <ForgottenPassword />;
  return <Console />;
}

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place for the console");
await startWords({ words: { en, de: async () => (await import("../words/de.ts")).de } });
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Design>
        <Suspense>
          <Entry />
        </Suspense>
      </Design>
    </QueryClientProvider>
  </StrictMode>,
);
