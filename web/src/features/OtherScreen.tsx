/** What stands in the place of a room and is none. What takes a room's place must not wait for anything. */

import { lazy, type ReactNode, Suspense } from "react";
import type { Screen } from "../store/state";

const LostRoom = lazy(async () => ({ default: (await import("./rooms/LostRoom")).LostRoom }));
const Nowhere = lazy(async () => ({ default: (await import("./rooms/Nowhere")).Nowhere }));
const CatchUp = lazy(() => import("./mine/CatchUp"));
const Threads = lazy(() => import("./mine/Threads"));
const SavedPage = lazy(() => import("./mine/SavedPage"));
const PeoplePage = lazy(() => import("./people/PeoplePage"));

export function OtherScreen({ screen, onBack }: { screen: Screen; onBack: () => void }): ReactNode {
  return (
    <Suspense fallback={<main className="room" />}>
      {screen.type === "people" && <PeoplePage onBack={onBack} />}
      {screen.type === "catch_up" && <CatchUp onBack={onBack} />}
      {screen.type === "threads" && <Threads onBack={onBack} />}
      {screen.type === "saved" && <SavedPage onBack={onBack} />}
      {screen.type === "lost" && <LostRoom key={screen.room} room={screen.room} name={screen.name} onBack={onBack} />}
      {screen.type === "nowhere" && <Nowhere onBack={onBack} />}
    </Suspense>
  );
}
