/** The only bridge between React and the rest of the client. */

import { createContext, type ReactNode, useContext } from "react";
import type { App } from "../actions/app";

const Context = createContext<App | null>(null);

export function AppProvider({ app, children }: { app: App; children: ReactNode }): ReactNode {
  return <Context value={app}>{children}</Context>;
}

/** The app of this page. */
export function useApp(): App {
  const app = useContext(Context);
  if (app === null) throw new Error("AppProvider is missing");
  return app;
}
