/** The door by approval: asking to be let in, and waiting for it, also through a reload (DOOR-5). */

import { type ReactNode, useEffect, useState } from "react";
import { enterAfterKnock, forgetKnock, type Knocking, knock, readKnock } from "../../actions/entrance";
import { type Refused, refused } from "../../actions/outcome";
import { every } from "../../platform/clock";
import { useActions } from "../../react/useActions";
import { Field, Form, SendButton, useForm } from "../../ui/Form";
import { strings } from "../../ui/strings";
import { entrance } from "../../ui/strings/entrance";

const ASK_EVERY_MS = 3_000;

export function Knock({ name = "" }: { name?: string }): ReactNode {
  const [knocking, setKnocking] = useState<Knocking | null>(readKnock);
  const [over, setOver] = useState<string | null>(null);
  if (knocking !== null) {
    return (
      <Waiting
        knocking={knocking}
        onOver={(message) => {
          forgetKnock();
          setOver(message);
          setKnocking(null);
        }}
      />
    );
  }
  if (over !== null) {
    return (
      <>
        <p role="alert">{over}</p>
        <button type="button" className="button quiet first-visit-again" onClick={() => setOver(null)}>
          {entrance.askAgain}
        </button>
      </>
    );
  }
  return <Ask called={name} onAsked={setKnocking} />;
}

type AskProps = { readonly called: string; readonly onAsked: (knocking: Knocking) => void };

function Ask({ called, onAsked }: AskProps): ReactNode {
  const form = useForm({ name: called, note: "" }, async ({ name, note }) => {
    const outcome = await knock(name, note);
    if (outcome.ok) onAsked(outcome.value);
    return outcome;
  });
  return (
    <Form form={form} className="entrance-form">
      <p className="first-visit-how">{entrance.askToComeIn}</p>
      <Field form={form} name="name" label={strings.yourName} autoComplete="nickname" autoFocus />
      <Field form={form} name="note" label={entrance.knockNote} hint={entrance.knockNoteHint} />
      <SendButton form={form}>{entrance.knock}</SendButton>
    </Form>
  );
}

function Waiting({ knocking, onOver }: { knocking: Knocking; onOver: (message: string | null) => void }): ReactNode {
  const { comeIn } = useActions();
  const [taken, setTaken] = useState<Refused | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again and again while the same knock waits
  useEffect(() => {
    if (taken !== null) return;
    let asking = false;
    async function ask(): Promise<void> {
      if (asking) return;
      asking = true;
      const answer = await enterAfterKnock(knocking.token);
      asking = false;
      if (answer === "waiting") return;
      if (answer.ok) {
        forgetKnock();
        await comeIn(async () => answer);
      } else if (answer.code === "name_taken") {
        setTaken(answer);
      } else if (answer.code === "forbidden") {
        onOver(entrance.declined);
      } else if (answer.code === "link_over" || answer.code === "not_found") {
        onOver(answer.message);
      }
      // Anything else passes: the house is asked again.
    }
    void ask();
    return every(ASK_EVERY_MS, () => void ask());
  }, [knocking.token, taken]);

  if (taken !== null) return <OtherName knocking={knocking} suggestion={taken.suggestion} />;
  return (
    <div role="status">
      <h2 className="first-visit-waiting">{entrance.waiting}</h2>
      <p>{entrance.waitingFor(knocking.name)}</p>
      <p className="field-hint">{entrance.waitingHint}</p>
      <button type="button" className="button quiet first-visit-again" onClick={() => onOver(null)}>
        {entrance.giveUp}
      </button>
    </div>
  );
}

/** They may come in, and somebody has their name by now. */
function OtherName({ knocking, suggestion }: { knocking: Knocking; suggestion: string | null }): ReactNode {
  const { comeIn } = useActions();
  const form = useForm({ name: suggestion ?? knocking.name }, async ({ name }) => {
    const outcome = await comeIn(async () => {
      const answer = await enterAfterKnock(knocking.token, name);
      return answer === "waiting" ? refused(entrance.waiting) : answer;
    });
    if (outcome.ok) forgetKnock();
    return outcome;
  });
  return (
    <Form form={form} className="entrance-form">
      <p className="first-visit-how">{entrance.otherName}</p>
      <Field form={form} name="name" label={strings.yourName} autoComplete="nickname" autoFocus />
      <SendButton form={form}>{strings.comeIn}</SendButton>
    </Form>
  );
}
