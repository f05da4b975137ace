import { Modal } from "@mantine/core";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/Paper.css";
import "@mantine/core/styles/ScrollArea.css";
import "@mantine/core/styles/UnstyledButton.css";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../shared/problem.ts";
import { Callout } from "./parts.tsx";

/** An act that needs more than a press: what it does, its fields, and one button that names it. What was typed stays when it fails. */
export function Dialog(props: {
  title: string;
  about?: ReactNode;
  act: string;
  isReady: boolean;
  isBusy: boolean;
  error: unknown;
  onAct: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const { title, about, act, isReady, isBusy, error, onAct, onClose, children } = props;
  return (
    <Modal
      opened
      onClose={onClose}
      title={<b className="dialog-title">{title}</b>}
      size={520}
      centered
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !isBusy) onAct();
        }}
      >
        {about && <p className="sub">{about}</p>}
        {children}
        {error !== null && error !== undefined && <Callout is="bad">{problemOf(error)}</Callout>}
        <div className="row" style={{ justifyContent: "flex-end", flexWrap: "wrap" }}>
          <button type="button" className="btn" onClick={onClose}>
            {t("cancel")}
          </button>
          <button type="submit" className="btn primary" disabled={!isReady || isBusy}>
            {isBusy ? t("working") : act}
          </button>
        </div>
      </form>
    </Modal>
  );
}
