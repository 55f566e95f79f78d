import { done, type Game, type Input, type Judge, no } from "./game.ts";

const MOST_MISSES = 5;
const MOST_TRIES = 10;

/** The session of an access token, as the token itself says. */
function sessionIn(accessToken: unknown): string {
  const [, claims = ""] = String(accessToken).split(".");
  return claims === "" ? "" : JSON.parse(Buffer.from(claims, "base64url").toString()).sid;
}

function signIn(game: Game, user: string, said: Input): void {
  const sid = sessionIn(said.accessToken);
  game.bearers.set(said.accessToken, sid);
  game.sessions.set(sid, { user, refresh: said.refreshToken });
}

function end(game: Game, isOver: (sid: string, user: string) => boolean): void {
  for (const [sid, { user }] of game.sessions) if (isOver(sid, user)) game.sessions.delete(sid);
}

const named = ({ users }: Game, username: string) =>
  [...users].find(([, user]) => user.username.toLowerCase() === username.toLowerCase());

const isOver = no(401, "auth.session_over");
/** No server says so, nor may it let in somebody else than who asked. */
const anothers = no(500, "the token of another session");

export const accounts: Readonly<Record<string, Judge>> = {
  "auth.register"(game, _by, { username, password }, said) {
    if (named(game, username)) return no(409, "auth.username_taken");
    game.users.set(said.user?.id, { username, password, misses: 0, tries: 0 });
    signIn(game, said.user?.id, said);
    return done({ user: { username, role: "user", emailVerified: false } }, 201);
  },

  "auth.login"(game, _by, { login, password }, said) {
    const [id = "", user] = named(game, login) ?? [];
    if (!user) return no(401, "auth.wrong_credentials");
    if (user.misses >= MOST_MISSES) return no(429, "auth.too_many_attempts");
    user.tries += 1;
    const isKnownHere = [...game.sessions.values()].some((session) => session.user === id);
    if (user.tries > MOST_TRIES && !isKnownHere) {
      user.misses += 1;
      return no(429, "auth.too_many_attempts");
    }
    if (password !== user.password) {
      user.misses += 1;
      return no(401, "auth.wrong_credentials");
    }
    signIn(game, id, said);
    return done({ user: { id, username: user.username }, tokenType: "bearer" });
  },

  "auth.refresh"(game, _by, { refreshToken }, said) {
    const spent = game.spent.get(refreshToken);
    if (spent !== undefined && game.sessions.has(spent)) {
      game.sessions.delete(spent);
      return no(401, "auth.refresh_reused");
    }
    const [sid, session] = [...game.sessions].find(([, { refresh }]) => refresh === refreshToken) ?? [];
    if (!session || sid === undefined) return isOver;
    game.spent.set(refreshToken, sid);
    session.refresh = said.refreshToken;
    game.bearers.set(said.accessToken, sid);
    return sessionIn(said.accessToken) === sid ? done({ user: { id: session.user } }) : anothers;
  },

  "auth.logout"(game, _by, _input, _said, sid) {
    game.sessions.delete(sid);
    return done();
  },

  "auth.logoutAll"(game, by) {
    end(game, (_sid, user) => user === by);
    return done();
  },

  "auth.endSession"(game, by, { id }) {
    if (game.sessions.get(id)?.user !== by) return no(404, "session.not_found");
    game.sessions.delete(id);
    return done();
  },

  "auth.sessions": ({ sessions }, by, _input, _said, sid) =>
    done({
      items: [...sessions].filter(([, { user }]) => user === by).map(([id]) => ({ id, isCurrent: id === sid })),
    }),

  "auth.me": ({ users }, by) => done({ id: by, username: users.get(by)?.username }),

  "auth.changePassword"(game, by, { oldPassword, newPassword }, said, sid) {
    const [user, session] = [game.users.get(by), game.sessions.get(sid)];
    if (!user || !session) return isOver;
    if (oldPassword !== user.password) return no(403, "auth.wrong_password");
    user.password = newPassword;
    end(game, (other, whose) => whose === by && other !== sid);
    for (const [link, whose] of game.links) if (whose === by) game.links.delete(link);
    game.spent.set(session.refresh, sid);
    game.hasty.add(session.refresh);
    session.refresh = said.refreshToken;
    game.bearers.set(said.accessToken, sid);
    return sessionIn(said.accessToken) === sid ? done({ user: { id: by } }) : anothers;
  },

  "auth.resetPassword"(game, _by, { token, newPassword }) {
    const id = game.links.get(token);
    const user = game.users.get(id ?? "");
    if (!user) return no(400, "auth.link_over");
    user.password = newPassword;
    game.links.delete(token);
    end(game, (_sid, whose) => whose === id);
    return done();
  },
};
