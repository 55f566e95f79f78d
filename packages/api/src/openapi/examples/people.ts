import { type Examples, ids } from "./examples.ts";

const ownProfile = {
  id: ids.anna,
  username: "anna",
  email: "anna@example.org",
  emailVerified: true,
  fullName: "Anna Keller",
  role: "user",
  since: "2026-02-20T18:04:11.000Z",
};

const account = {
  id: ids.anna,
  username: "anna",
  email: "anna@example.org",
  emailVerifiedAt: "2026-02-20T18:06:40.000Z",
  fullName: "Anna Keller",
  role: "user",
  tier: "standard",
  isActive: true,
  since: "2026-02-20T18:04:11.000Z",
};

const session = {
  id: ids.session,
  device: "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0",
  address: "192.0.2.0",
  startedAt: "2026-03-01T09:12:30.000Z",
  lastSeenAt: "2026-03-08T07:55:02.000Z",
};

const notification = {
  id: ids.notification,
  type: "results_in",
  title: "Australian Grand Prix: results are in",
  body: "Slipstream scored 55.5 points.",
  link: "/api/v1/races/2026/australian-grand-prix/results",
  data: { season: 2026, slug: "australian-grand-prix", revision: 1 },
  createdAt: "2026-03-08T14:30:05.000Z",
};

const { isActive: _isActive, ...profile } = account;

export const people: Examples = {
  shapes: {
    OwnProfile: ownProfile,
    SignedIn: {
      accessToken: "header.payload.signature",
      refreshToken: "p3Wc8sTz1vQ7yXk5RmB2dFhJ9nLg4aUe",
      tokenType: "bearer",
      expiresIn: 1800,
      user: ownProfile,
    },
    Session: { ...session, isCurrent: true },
    PublicProfile: {
      id: ids.anna,
      username: "anna",
      fullName: "Anna Keller",
      since: "2026-02-20T18:04:11.000Z",
      teams: 1,
      leagues: 1,
    },
    FoundUser: { id: ids.anna, username: "anna", fullName: "Anna Keller" },
    Account: account,
    MyData: {
      exportedAt: "2026-03-09T08:00:00.000Z",
      profile,
      sessions: [{ ...session, expiresAt: "2026-04-07T07:55:02.000Z" }],
      mailedLinks: [
        {
          purpose: "verify_email",
          email: "anna@example.org",
          createdAt: "2026-02-20T18:04:11.000Z",
          expiresAt: "2026-02-21T18:04:11.000Z",
          usedAt: "2026-02-20T18:06:40.000Z",
        },
      ],
      teams: [],
      leagues: [],
      notifications: [{ ...notification, readAt: null }],
      preferences: [{ type: "lock_reminder", inApp: true, email: true }],
    },
    Notification: { ...notification, isRead: false },
    NotificationPreference: { type: "lock_reminder", inApp: true, email: true },
    Stats: { users: 2, teams: 2, leagues: 1, updatedAt: "2026-03-08T15:00:00.000Z" },
  },
  requests: {
    "auth.register": {
      username: "anna",
      email: "anna@example.org",
      password: "Late-Braking-Into-Turn-1",
      fullName: "Anna Keller",
    },
    "auth.login": { login: "anna", password: "Late-Braking-Into-Turn-1" },
    "auth.refresh": { refreshToken: "p3Wc8sTz1vQ7yXk5RmB2dFhJ9nLg4aUe" },
    "auth.changePassword": { oldPassword: "Late-Braking-Into-Turn-1", newPassword: "Early-Apex-At-Turn-9" },
    "auth.forgotPassword": { email: "anna@example.org" },
    "auth.resetPassword": { token: "Kx2vN8qLw4TzR6yB1mHs7cJd", newPassword: "Early-Apex-At-Turn-9" },
    "auth.verifyEmail": { token: "Kx2vN8qLw4TzR6yB1mHs7cJd" },
    "auth.changeEmail": { newEmail: "anna.keller@example.org", password: "Late-Braking-Into-Turn-1" },
    "users.update": { fullName: "Anna Keller" },
    "users.remove": { password: "Late-Braking-Into-Turn-1" },
    "notifications.setPreferences": { items: [{ type: "lock_reminder", inApp: true, email: true }] },
    "admin.changeUser": { tier: "premium" },
  },
  answers: {
    "notifications.count": { unread: 1 },
    "notifications.readAll": { marked: 1 },
  },
};
