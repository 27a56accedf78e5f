/** Passkeys as the browser makes and shows them (WebAuthn). The house speaks JSON with bytes in base64url, the browser in buffers. */

/** What the house asks with; what is not about bytes is handed on as it is. */
type Asked = {
  readonly challenge: string;
  readonly rp?: { readonly id: string };
  readonly user?: { readonly id: string };
  readonly excludeCredentials?: readonly Described[];
  readonly allowCredentials?: readonly Described[];
};
type Described = { readonly id: string };

/** What the browser answers, or why it does not. */
export type Answered =
  | { readonly ok: true; readonly answer: unknown; readonly id: string }
  | { readonly ok: false; readonly why: "cancelled" | "known" | "broken" };

/** Whether this browser knows passkeys at this address. */
export function knowsPasskeys(): boolean {
  return "PublicKeyCredential" in window;
}

/** Makes one. */
export function make(options: unknown): Promise<Answered> {
  const asked = options as Asked;
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user?.id ?? "") },
    excludeCredentials: (asked.excludeCredentials ?? []).map(described),
  } as unknown as PublicKeyCredentialCreationOptions;
  return answered(navigator.credentials.create({ publicKey }), (response) => {
    if (!(response instanceof AuthenticatorAttestationResponse)) return null;
    return { attestationObject: text(response.attestationObject), transports: response.getTransports() };
  });
}

/** Has one shown. */
export function show(options: unknown): Promise<Answered> {
  const asked = options as Asked;
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    allowCredentials: (asked.allowCredentials ?? []).map(described),
  } as unknown as PublicKeyCredentialRequestOptions;
  return answered(navigator.credentials.get({ publicKey }), (response) => {
    if (!(response instanceof AuthenticatorAssertionResponse)) return null;
    const { authenticatorData, signature, userHandle } = response;
    const owner = userHandle === null ? {} : { userHandle: text(userHandle) };
    return { authenticatorData: text(authenticatorData), signature: text(signature), ...owner };
  });
}

/** Tells whoever keeps passkeys that the house did not take one after all, where the browser can. */
export function disown(options: unknown, id: string): void {
  const signal: unknown = Reflect.get(PublicKeyCredential, "signalUnknownCredential");
  if (typeof signal !== "function") return;
  const rpId = (options as Asked).rp?.id;
  Promise.resolve(signal.call(PublicKeyCredential, { rpId, credentialId: id })).catch(() => undefined);
}

async function answered(
  asking: Promise<Credential | null>,
  read: (response: AuthenticatorResponse) => object | null,
): Promise<Answered> {
  try {
    const made = await asking;
    if (!(made instanceof PublicKeyCredential)) return { ok: false, why: "broken" };
    const response = read(made.response);
    if (response === null) return { ok: false, why: "broken" };
    const clientDataJSON = text(made.response.clientDataJSON);
    const [rawId, type, said] = [text(made.rawId), made.type, { ...response, clientDataJSON }];
    const answer = { id: made.id, rawId, type, response: said, clientExtensionResults: {} };
    return { ok: true, answer, id: made.id };
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "InvalidStateError") return { ok: false, why: "known" };
    // Who closes the browser's dialog and who lets its time run out are told the same, on purpose.
    return { ok: false, why: name === "NotAllowedError" || name === "AbortError" ? "cancelled" : "broken" };
  }
}

function described(one: Described): object {
  return { ...one, id: bytes(one.id) };
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
