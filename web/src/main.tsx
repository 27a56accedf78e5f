/** Makes the app, renders it. */

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createApp } from "./actions/app";
import { AppFrame } from "./features/AppFrame";
import { followOtherTabs } from "./platform/preferences";
import { AppProvider } from "./react/AppContext";

followOtherTabs();
const place = document.getElementById("app");
if (place !== null) {
  const root = createRoot(place);
  void createApp().then((app) =>
    root.render(
      <StrictMode>
        <AppProvider app={app}>
          <AppFrame />
        </AppProvider>
      </StrictMode>,
    ),
  );
}
