/** The pages of links into the house: making it one's own, joining, choosing a new password (DOOR-3, LINK). */

import type { ReactNode } from "react";
import type { Link } from "../../platform/location";
import { JoinPage } from "./JoinPage";
import { OwnerPage } from "./OwnerPage";
import { ResetPage } from "./ResetPage";
import "../sign-in/SignIn.css";

export function LinkPage({ link }: { link: Link }): ReactNode {
  if (link.to === "owner") return <OwnerPage token={link.token} />;
  if (link.to === "join") return <JoinPage token={link.token} />;
  return <ResetPage token={link.token} />;
}
