/** What stands where something will be that is being fetched: nothing, or why it could not be. */

import type { ReactNode } from "react";
import { strings } from "../../ui/strings";
import type { Fetched } from "./useFetched";

export function Waiting({ of }: { of: Fetched<unknown> }): ReactNode {
  if (of.failed === "") return null;
  return (
    <p role="alert">
      {of.failed}{" "}
      <button type="button" className="link" onClick={of.again}>
        {strings.tryAgain}
      </button>
    </p>
  );
}
