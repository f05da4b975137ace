import { Spotlight, spotlight } from "@mantine/spotlight";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/ScrollArea.css";
import "@mantine/core/styles/Input.css";
import "@mantine/core/styles/Paper.css";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/Flex.css";
import "@mantine/spotlight/styles.css";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCompany } from "../shared/company.tsx";
import { waysOf } from "./navigation.ts";

/** ⌘K: a page by its name, an order or a distributor by its number. */
export default function Finder({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { role } = useCompany();
  const [asked, setAsked] = useState("");
  useEffect(() => {
    spotlight.open();
    return () => spotlight.close();
  }, []);
  const term = asked.trim();
  const pages = waysOf(role)
    .flat()
    .filter(({ name }) => t(name).toLowerCase().includes(term.toLowerCase()))
    .map(({ name, to }) => ({ id: to, label: t(name), onClick: () => void navigate({ to }) }));
  const found =
    term === ""
      ? []
      : [
          {
            id: "order",
            label: t("find.order", { term }),
            onClick: () => void navigate({ to: "/orders", search: { platform_order_id: term } }),
          },
          {
            id: "distributor",
            label: t("find.distributor", { term }),
            onClick: () => void navigate({ to: "/network", search: { chosen: term } }),
          },
          {
            id: "ledger",
            label: t("find.ledger", { term }),
            onClick: () => void navigate({ to: "/ledger", search: { distributor_id: term } }),
          },
        ];
  return (
    <Spotlight
      actions={[
        { group: t("find.pages"), actions: pages },
        { group: t("find.things"), actions: found },
      ]}
      query={asked}
      onQueryChange={setAsked}
      filter={(_query, actions) => actions}
      nothingFound={t("find.nothing")}
      onSpotlightClose={onClose}
      searchProps={{ placeholder: t("nav.find"), "aria-label": t("nav.find") }}
    />
  );
}
