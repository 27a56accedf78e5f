/** Around a part of the page that is fetched when it is first needed; says so when it cannot be had. */

import { type ReactNode, Suspense } from "react";
import { Boundary } from "./Boundary";
import { strings } from "./strings";

/** Nothing is shown until the part is here, unless something is said to stand there meanwhile: it is small, and near. */
export function Later({ children, meanwhile = null }: { children: ReactNode; meanwhile?: ReactNode }): ReactNode {
  return (
    <Boundary words={strings.notFetched}>
      <Suspense fallback={meanwhile}>{children}</Suspense>
    </Boundary>
  );
}
