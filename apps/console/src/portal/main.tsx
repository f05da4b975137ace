import "@mantine/core/styles/global.css";
import "@mantine/core/styles/default-css-variables.css";
import "../design/tokens.css";
import "../design/console.css";
import "../design/own.css";
import "./portal.css";
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { lazy, StrictMode, Suspense, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { useTranslation } from "react-i18next";
import { Callout } from "../design/parts.tsx";
import { Design } from "../design/theme.tsx";
import { signOut } from "../shared/auth.ts";
import { CompanyProvider } from "../shared/company.tsx";
import { chooseCompany, chosenCompany, hub, queries } from "../shared/hub.ts";
import { isSignedOut, problemOf } from "../shared/problem.ts";
import { Worn, wear } from "./branding.tsx";
import { router } from "./router.tsx";
import { startPortalWords } from "./words/start.ts";

/** For strangers, whatever they are signed in as. */
const isJoining = /^\/join(\/|$)/.test(window.location.pathname);
const Join = lazy(async () => ({ default: (await import("./join/join.tsx")).Join }));
const SignIn = lazy(async () => ({ default: (await import("./sign-in.tsx")).PortalSignIn }));

type Me = Awaited<ReturnType<typeof readMe>>;
const readMe = () => answerOf(hub.me.$get());

/** Who is it, and for which company do they sell: before that is known nothing is drawn. */
function Portal() {
  const { data: me, error, refetch } = useQuery({ queryKey: ["me"], queryFn: readMe, staleTime: 60_000 });
  const enter = () => {
    queries.clear();
    void refetch();
  };
  if (error && isSignedOut(error)) return <SignIn onDone={enter} />;
  if (error) return <Alone>{problemOf(error)}</Alone>;
  return me === undefined ? null : <OfCompany me={me} />;
}

/** Somebody who sells for several companies sees the one they saw last. */
function OfCompany({ me }: { me: Me }) {
  const { t } = useTranslation("portal");
  const seats = me.companies.filter(({ role }) => role === "distributor");
  const [slug, setSlug] = useState(() => chosenCompany(seats.map((seat) => seat.slug)));
  chooseCompany(slug);
  const seat = seats.find((one) => one.slug === slug);
  const { data, error } = useQuery({
    queryKey: ["company", slug],
    enabled: seat !== undefined,
    queryFn: async () => {
      const [company, branding] = await Promise.all([answerOf(hub.company.$get()), answerOf(hub.company.branding.$get())]);
      return { ...company, branding };
    },
    staleTime: 300_000,
  });
  const accent = data?.branding.accent;
  useEffect(() => {
    if (accent !== undefined) wear(accent);
  }, [accent]);
  if (seat === undefined)
    return (
      <Alone>
        {t("signedOut", { email: me.email })}{" "}
        <button type="button" className="btn quiet small" onClick={() => void signOut().finally(() => window.location.reload())}>
          {t("signOut")}
        </button>
      </Alone>
    );
  if (error) return <Alone>{problemOf(error)}</Alone>;
  if (data === undefined) return null;
  return (
    <CompanyProvider
      company={{
        slug: seat.slug,
        name: data.branding.name,
        zone: data.time_zone,
        person: me.name,
        personId: me.person_id,
        role: seat.role,
        others: seats.filter((one) => one.slug !== slug).map((one) => ({ slug: one.slug, name: one.name })),
        change: (to) => {
          queries.clear();
          setSlug(to);
        },
      }}
    >
      <Worn value={data.branding}>
        <RouterProvider router={router} />
      </Worn>
    </CompanyProvider>
  );
}

function Alone({ children }: { children: React.ReactNode }) {
  return (
    <main className="sign-in">
      <Callout is="bad">{children}</Callout>
    </main>
  );
}

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place for the portal");
await startPortalWords();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Design>
        <Suspense>{isJoining ? <Join /> : <Portal />}</Suspense>
      </Design>
    </QueryClientProvider>
  </StrictMode>,
);
