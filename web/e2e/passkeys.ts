/** A device with a finger that unlocks it, in somebody's browser: Chromium's own virtual authenticator. */

import type { CDPSession } from "playwright-core";
import type { Person } from "./people";

/** The same house under the name that its passkeys are bound to: a number is no name. */
export function named(house: { readonly url: string }): { readonly url: string } {
  return { url: house.url.replace("127.0.0.1", "localhost") };
}

export class Device {
  private readonly session: CDPSession;
  private readonly id: string;

  private constructor(session: CDPSession, id: string) {
    this.session = session;
    this.id = id;
  }

  /** Puts one into the hands of somebody. */
  static async of(person: Person): Promise<Device> {
    const session = await person.context.newCDPSession(person.page);
    await session.send("WebAuthn.enable");
    const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Device(session, authenticatorId);
  }

  /** Whether its owner is let through from now on; who is not has given up. */
  async recognises(owner: boolean): Promise<void> {
    await this.session.send("WebAuthn.setUserVerified", { authenticatorId: this.id, isUserVerified: owner });
  }

  /** How many passkeys are in it. */
  async count(): Promise<number> {
    const { credentials } = await this.session.send("WebAuthn.getCredentials", { authenticatorId: this.id });
    return credentials.length;
  }
}
