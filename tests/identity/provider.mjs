// The unit's identity provider of the tests: node-oidc-provider on loopback, with its own sign-in pages (any password).
// Usage: node provider.mjs <client id> <client secret> <redirect URI>...; prints its issuer. Ends with its standard input.
//
// POST /spoil with a word makes every following token answer wrong in that way, as a broken or hostile provider would.
import { createServer } from 'node:http';
import { generateKeyPair, exportJWK, SignJWT, UnsecuredJWT, decodeJwt } from 'jose';
import { Provider } from 'oidc-provider';

const [client, secret, ...redirects] = process.argv.slice(2);
const pair = await generateKeyPair('RS256', { extractable: true });
const stranger = await generateKeyPair('RS256', { extractable: true });
const key = { ...(await exportJWK(pair.privateKey)), kid: 'unit', alg: 'RS256', use: 'sig' };
const now = () => Math.floor(Date.now() / 1000);

const sign = (claims, by = pair.privateKey) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'unit' }).sign(by);
const claimed = (change) => async (body) => ({ ...body, id_token: await sign({ ...decodeJwt(body.id_token), ...change() }) });
const WRONG = {
  signature: async (body) => ({ ...body, id_token: await sign(decodeJwt(body.id_token), stranger.privateKey) }),
  unsigned: async (body) => ({ ...body, id_token: new UnsecuredJWT(decodeJwt(body.id_token)).encode() }),
  shared: async (body) => ({
    ...body,
    id_token: await new SignJWT(decodeJwt(body.id_token))
      .setProtectedHeader({ alg: 'HS256', kid: 'unit' }).sign(new TextEncoder().encode(secret)),
  }),
  audience: claimed(() => ({ aud: 'somebody-else' })),
  party: claimed(() => ({ aud: [client, 'somebody-else'], azp: 'somebody-else' })),
  issuer: claimed(() => ({ iss: 'https://elsewhere.example' })),
  expired: claimed(() => ({ exp: now() - 120, iat: now() - 600 })),
  nonce: claimed(() => ({ nonce: 'another' })),
  subject: claimed(() => ({ sub: 'x'.repeat(400) })),
  nobody: claimed(() => ({ sub: '' })),
  tokenless: async (body) => ({ ...body, id_token: undefined }),
  garbage: async (body) => ({ ...body, id_token: 'a.b.c' }),
  list: async () => ['nothing'],
};

let spoil = '';
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: client, client_secret: secret, redirect_uris: redirects, token_endpoint_auth_method: 'client_secret_post' }],
    jwks: { keys: [key] },
    cookies: { keys: ['only', 'for', 'tests'] },
    pkce: { required: () => true, methods: ['S256'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.cn`, name: '示例' }) }),
  });
  provider.use(async (context, next) => {
    if (context.method === 'POST' && context.path === '/spoil') {
      for await (const piece of context.req) spoil = String(piece).trim();
      context.body = 'ok';
      return;
    }
    await next();
    if (context.path === '/token' && context.status === 200 && WRONG[spoil]) {
      context.body = await WRONG[spoil](context.body);
    }
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit());
