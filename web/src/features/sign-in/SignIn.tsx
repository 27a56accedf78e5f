/** The first visit: the house, and the ways in that its door leaves (UX 3.5 A). */

import { lazy, type ReactNode, useState } from "react";
import { useStore } from "../../react/useStore";
import { Later } from "../../ui/Later";
import { strings } from "../../ui/strings";
import { entrance } from "../../ui/strings/entrance";
import { NameForm } from "./NameForm";
import { PasswordForm } from "./PasswordForm";
import { Providers } from "./Providers";
import "./SignIn.css";

const Knock = lazy(async () => ({ default: (await import("./Knock")).Knock }));

export function SignIn(): ReactNode {
  const house = useStore((state) => state.house);
  return (
    <main className="first-visit">
      <h1>{house.name}</h1>
      {house.people > 0 && <p className="first-visit-people">{strings.peopleHere(house.people, house.here)}</p>}
      <Ways />
    </main>
  );
}

/** The ways in; also in the dialog of somebody who was signed out. */
export function Ways(): ReactNode {
  const door = useStore((state) => state.house.door);
  const [byPassword, choose] = useState(door === "invitation");
  if (byPassword) {
    return (
      <>
        <PasswordForm />
        <Providers />
        {door === "invitation" ? (
          <p className="first-visit-other">{entrance.byInvitation}</p>
        ) : (
          <p className="first-visit-other">
            <button type="button" className="link" onClick={() => choose(false)}>
              {door === "open" ? entrance.nameInstead : entrance.knock}
            </button>
          </p>
        )}
      </>
    );
  }
  return (
    <>
      {door === "open" ? (
        <NameForm />
      ) : (
        <Later>
          <Knock />
        </Later>
      )}
      <Providers />
      <p className="first-visit-other">
        {entrance.haveAccount}{" "}
        <button type="button" className="link" onClick={() => choose(true)}>
          {entrance.signIn}
        </button>
      </p>
    </>
  );
}
