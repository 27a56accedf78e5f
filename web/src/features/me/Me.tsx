/** One's own pages (UX 3.5 L). */

import type { ReactNode } from "react";
import { me } from "../../ui/strings/me";
import { type Page, Pages } from "../pages/Pages";
import { Connected } from "./Connected";
import { Devices } from "./Devices";
import { Passkeys } from "./Passkeys";
import { Password } from "./Password";
import { Profile } from "./Profile";
import { Reading } from "./Reading";
import { SecondFactor } from "./SecondFactor";
import { Writing } from "./Writing";
import "./me.css";

const PAGES: readonly Page[] = [
  { key: "profile", label: me.pages.profile, content: () => <Profile /> },
  { key: "password", label: me.pages.password, content: () => <Password /> },
  { key: "passkeys", label: me.pages.passkeys, content: () => <Passkeys /> },
  { key: "second-factor", label: me.pages["second-factor"], content: () => <SecondFactor /> },
  { key: "connected", label: me.pages.connected, content: () => <Connected /> },
  { key: "devices", label: me.pages.devices, content: () => <Devices /> },
  { key: "reading", label: me.pages.reading, content: () => <Reading /> },
  { key: "writing", label: me.pages.writing, content: () => <Writing /> },
];

export function Me({ page }: { page: string | null }): ReactNode {
  return <Pages set="me" title={me.title} pages={PAGES} open={page} />;
}
