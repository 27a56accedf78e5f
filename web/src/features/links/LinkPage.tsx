/** The pages of links into the house: making it one's own, joining, a new password, back from a provider (DOOR-3, LINK, OIDC). */

import type { ReactNode } from "react";
import type { Link } from "../../platform/location";
import { JoinPage } from "./JoinPage";
import { OwnerPage } from "./OwnerPage";
import { ProviderPage } from "./ProviderPage";
import { ResetPage } from "./ResetPage";
import "../sign-in/SignIn.css";

export function LinkPage({ link }: { link: Link }): ReactNode {
  if (link.to === "owner") return <OwnerPage token={link.token} />;
  if (link.to === "join") return <JoinPage token={link.token} />;
  if (link.to === "oidc") return <ProviderPage page={link.token} />;
  return <ResetPage token={link.token} />;
}
