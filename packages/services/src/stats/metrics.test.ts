import { expect, test } from "vitest";
import { mayScrape } from "./metrics.ts";

const TOKEN = "let me read your figures";

test.each([
  { peer: "127.0.0.1", said: {}, token: undefined, may: true, who: "this machine" },
  { peer: "::1", said: {}, token: undefined, may: true, who: "this machine by IPv6" },
  { peer: "::ffff:127.0.0.1", said: {}, token: undefined, may: true, who: "this machine on a double stack" },
  { peer: "203.0.113.7", said: {}, token: undefined, may: false, who: "a stranger" },
  { peer: "172.17.0.1", said: {}, token: undefined, may: false, who: "a gateway that everybody comes through" },
  { peer: "127.0.0.1", said: { "x-forwarded-for": "127.0.0.1" }, token: undefined, may: false, who: "a proxy here" },
  { peer: undefined, said: {}, token: undefined, may: false, who: "nobody" },
  { peer: "203.0.113.7", said: { authorization: `Bearer ${TOKEN}` }, token: TOKEN, may: true, who: "the bearer" },
  { peer: "127.0.0.1", said: {}, token: TOKEN, may: false, who: "this machine without the token" },
  { peer: "127.0.0.1", said: { authorization: `Bearer ${TOKEN}s` }, token: TOKEN, may: false, who: "a guesser" },
  { peer: "127.0.0.1", said: { authorization: TOKEN }, token: TOKEN, may: false, who: "a bearer of something else" },
])("the metrics are told to $who: $may", ({ peer, said, token, may }) => {
  expect(mayScrape(token, { peer, headers: new Headers(said) })).toBe(may);
});
