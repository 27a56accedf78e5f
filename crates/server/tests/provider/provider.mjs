/**
 * A provider of identities as there are many: npm's oidc-provider, with a page on which anybody signs in by typing who they are.
 * Prints its address, and ends with what started it.
 */

import { once } from "node:events";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const named = (login) => login.charAt(0).toUpperCase() + login.slice(1);

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "parlour",
      client_secret: "a secret of the tests",
      redirect_uris: ["http://127.0.0.1/api/v1/oidc/real/callback"],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  claims: { openid: ["sub"], profile: ["name", "preferred_username"], email: ["email", "email_verified"] },
  cookies: { keys: ["of the tests"] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, login) => ({
    accountId: login,
    claims: () => ({
      sub: login,
      name: named(login),
      preferred_username: login,
      email: `${login}@example.org`,
      email_verified: true,
    }),
  }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  // Whoever signed in has agreed.
  loadExistingGrant: async (ctx) => {
    const { client, session } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
  pkce: { required: () => true },
});

// The house takes another port for each test.
const back = /^http:\/\/(127\.0\.0\.1|localhost):\d+\/api\/v1\/oidc\/[a-z-]+\/callback$/;
provider.Client.prototype.redirectUriAllowed = (uri) => back.test(uri);

const page = `<!doctype html><html lang="en"><title>A provider</title><main><h1>A provider</h1><form method="post">
<label>Who are you? <input name="login" autofocus></label> <button name="act" value="go">Sign in</button>
<button name="act" value="no">Cancel</button></form></main></html>`;

const handle = provider.callback();
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return handle(request, response);
  if (request.method === "GET") return response.setHeader("content-type", "text/html").end(page);
  let body = "";
  for await (const part of request) body += part;
  const said = new URLSearchParams(body);
  const result =
    said.get("act") === "no" ? { error: "access_denied" } : { login: { accountId: said.get("login") ?? "nobody" } };
  await provider.interactionFinished(request, response, result);
});

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
console.log(issuer);
