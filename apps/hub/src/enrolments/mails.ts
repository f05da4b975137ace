import { type Mail, type Sender, signed } from "../mail/mailer.ts";
import type { Language } from "./form.ts";

/** What is written to somebody who wants to join, in the language that they read the page in. */

export const LINK_DAYS = 7;

interface To {
  readonly companyId: number;
  readonly sender: Sender;
  readonly to: string;
  readonly language: Language;
}

type Texts = Readonly<Record<Language, { readonly subject: string; readonly text: string }>>;

const mailOf = ({ companyId, to, sender, language }: To, kind: Mail["kind"], texts: Texts): Mail =>
  signed({ companyId, kind, to, ...texts[language] }, sender, language);

/** The address is theirs where they follow this. */
export const confirmMail = (about: To & { readonly link: string }): Mail =>
  mailOf(about, "enrolment", {
    en: {
      subject: `${about.sender.name}: confirm your address`,
      text: `You want to join ${about.sender.name}. Confirm your address within ${LINK_DAYS} days:\n${about.link}\n\nIf you did not ask for it, leave it: nothing happens, and what was typed is forgotten.\n`,
    },
    de: {
      subject: `${about.sender.name}: Adresse bestätigen`,
      text: `Du möchtest bei ${about.sender.name} mitmachen. Bestätige deine Adresse innerhalb von ${LINK_DAYS} Tagen:\n${about.link}\n\nWenn du das nicht warst, tu nichts: Es geschieht nichts, und die Angaben werden gelöscht.\n`,
    },
  });

/** Whoever is a distributor already is told so by mail, where nobody else reads it. */
export const knownMail = (about: To & { readonly portal: string }): Mail =>
  mailOf(about, "notice", {
    en: {
      subject: `${about.sender.name}: you are enrolled already`,
      text: `Somebody asked to join ${about.sender.name} with this address. It belongs to a distributor already, so nothing was changed.\n\nSign in, or open your account, here:\n${about.portal}\n`,
    },
    de: {
      subject: `${about.sender.name}: du bist schon dabei`,
      text: `Mit dieser Adresse wollte jemand bei ${about.sender.name} mitmachen. Sie gehört schon zu einem Vertriebspartner, deshalb wurde nichts geändert.\n\nHier meldest du dich an oder öffnest dein Konto:\n${about.portal}\n`,
    },
  });

/** They are a distributor now. */
export const welcomeMail = (about: To & { readonly distributorId: string; readonly link: string; readonly days: number }): Mail =>
  mailOf(about, "claim", {
    en: {
      subject: `Welcome to ${about.sender.name}`,
      text: `You are a distributor of ${about.sender.name} now. Your number, which is your code as well, is ${about.distributorId}.\n\nOpen your account within ${about.days} days, and choose how you sign in:\n${about.link}\n\nIt works once.\n`,
    },
    de: {
      subject: `Willkommen bei ${about.sender.name}`,
      text: `Du gehörst jetzt zu ${about.sender.name}. Deine Nummer, die zugleich dein Code ist, lautet ${about.distributorId}.\n\nÖffne innerhalb von ${about.days} Tagen dein Konto und wähle, wie du dich anmeldest:\n${about.link}\n\nDer Link gilt einmal.\n`,
    },
  });

/** The company decided against it, and says why. */
export const refusedMail = (about: To & { readonly reason: string }): Mail =>
  mailOf(about, "notice", {
    en: {
      subject: `${about.sender.name}: your enrolment`,
      text: `${about.sender.name} did not accept your enrolment:\n\n${about.reason}\n`,
    },
    de: {
      subject: `${about.sender.name}: deine Anmeldung`,
      text: `${about.sender.name} hat deine Anmeldung nicht angenommen:\n\n${about.reason}\n`,
    },
  });
