/**
 * A provider of identities that says what it is told to: the code that a house gives back is the lie, as JSON in base64. Several
 * issuers live here, each wrong in a way of its own. Prints its address and that of a place nobody may ask; ends with what
 * started it.
 */

import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const CLIENT = { id: "parlour", secret: "a secret of the tests" };

async function listening(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

/** Whoever is asked here was asked in vain: it counts. */
let asked = 0;
const canary = await listening(
  createServer((_, response) => {
    asked += 1;
    response.end("{}");
  }),
);

const keys = { own: await generateKeyPair("RS256"), next: await generateKeyPair("RS256"), other: await generateKeyPair("RS256") };
const published = [await jwk("own")];

async function jwk(name) {
  return { ...(await exportJWK(keys[name].publicKey)), kid: name, alg: "RS256", use: "sig" };
}

const server = createServer();
const base = await listening(server);
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** What each issuer says of itself. */
function discovery(path) {
  const issuer = `${base}${path}`;
  const said = {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    jwks_uri: `${base}/jwks`,
    userinfo_endpoint: `${base}/userinfo`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256", "HS256", "none"],
  };
  if (path === "/flood") said.padding = "x".repeat(2_000_000);
  if (path === "/another") said.issuer = base;
  if (path === "/tokens-elsewhere") said.token_endpoint = `${canary}/token`;
  if (path === "/keys-elsewhere") said.jwks_uri = `${canary}/jwks`;
  if (path === "/pages-elsewhere") said.authorization_endpoint = `${canary}/authorize`;
  if (path === "/who-elsewhere") said.userinfo_endpoint = `${canary}/userinfo`;
  return said;
}

async function token(lie) {
  const now = Math.floor(Date.now() / 1_000);
  const right = { iss: `${base}${lie.path ?? ""}`, aud: CLIENT.id, sub: "mallory", iat: now, exp: now + 300, name: "Mallory", preferred_username: "mallory" };
  const claims = { ...right, ...lie.claims };
  for (const [name, value] of Object.entries(claims)) if (value === null) delete claims[name];
  const kind = lie.sign ?? "own";
  if (kind === "none") return `${encoded({ alg: "none" })}.${encoded(claims)}.`;
  if (kind === "cut") return `${encoded({ alg: "RS256", kid: "own" })}.${encoded(claims)}.`;
  if (kind === "shared") {
    return new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(CLIENT.secret));
  }
  const kid = kind === "other" ? "own" : kind;
  if (kind === "next" && published.length === 1) published.push(await jwk("next"));
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid }).sign(keys[kind].privateKey);
}

async function exchange(request, response) {
  let body = "";
  for await (const part of request) body += part;
  const lie = JSON.parse(Buffer.from(new URLSearchParams(body).get("code") ?? "", "base64url").toString());
  if (lie.http === "error") return response.writeHead(400).end(JSON.stringify({ error: "invalid_grant" }));
  if (lie.http === "redirect") return response.writeHead(307, { location: `${canary}/token` }).end();
  if (lie.http === "cut") return response.destroy();
  if (lie.http === "junk") return response.end("<html>");
  const id_token = lie.http === "bare" ? undefined : await token(lie);
  response.end(JSON.stringify({ access_token: lie.http === "flood" ? "x".repeat(1_000_000) : "access", token_type: "Bearer", expires_in: 60, id_token }));
}

server.on("request", (request, response) => {
  const path = request.url.split("?")[0];
  response.setHeader("content-type", "application/json");
  if (path === "/redirect/.well-known/openid-configuration") {
    return response.writeHead(302, { location: `${canary}/.well-known/openid-configuration` }).end();
  }
  if (path.endsWith("/.well-known/openid-configuration")) {
    return response.end(JSON.stringify(discovery(path.replace("/.well-known/openid-configuration", ""))));
  }
  if (path === "/jwks") return response.end(JSON.stringify({ keys: published }));
  if (path === "/token") return exchange(request, response);
  if (path === "/asked-in-vain") return response.setHeader("content-length", "1").end(String(Math.min(asked, 9)));
  return response.writeHead(404).end("{}");
});

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
console.log(base);
