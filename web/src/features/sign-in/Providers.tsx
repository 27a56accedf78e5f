/** The providers of identities by which one may come in: links, which work while the page's own code is still on its way. */

import { type ReactNode, useState } from "react";
import { startAt, startWith } from "../../actions/providers";
import { useStore } from "../../react/useStore";
import { entrance } from "../../ui/strings/entrance";

export function Providers(): ReactNode {
  const providers = useStore((state) => state.providers);
  if (providers.length === 0) return null;
  return (
    <ul className="providers">
      {providers.map(({ name, title }) => (
        <li key={name}>
          <a className="button quiet" href={startAt(name)}>
            {entrance.continueWith(title)}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The same with an invitation, which goes there in no address. */
export function ProvidersWith({ token }: { token: string }): ReactNode {
  const providers = useStore((state) => state.providers);
  const [refused, setRefused] = useState("");
  if (providers.length === 0) return null;

  async function start(name: string): Promise<void> {
    setRefused("");
    const outcome = await startWith(name, token);
    if (!outcome.ok) setRefused(outcome.message);
  }

  return (
    <>
      <ul className="providers">
        {providers.map(({ name, title }) => (
          <li key={name}>
            <button type="button" className="button quiet" onClick={() => void start(name)}>
              {entrance.continueWith(title)}
            </button>
          </li>
        ))}
      </ul>
      {refused !== "" && (
        <p className="field-error" role="alert">
          {refused}
        </p>
      )}
    </>
  );
}
