import type { AppRouter } from "@pitwall/api/procedures";
import type { TRPCLink } from "@trpc/client";
import { observable, type Unsubscribable } from "@trpc/server/observable";
import { PitwallError } from "./error.ts";

/** How a sign-in is kept between calls. */
export interface Session {
  /** The input of a call as it is to be sent. */
  said(path: string, input: unknown): unknown;
  /** Asked as a call leaves: what makes the sign-in that it travels with good again, should it turn out to be over. */
  remedy(): (() => Promise<void>) | null;
  heard(path: string, result: object): void;
}

/** Sends each call, and once more when the sign-in was over and could be made good again. All errors leave as `PitwallError`s. */
export function sessionLink(session: Session): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let running: Unsubscribable | undefined;
        const said = { ...op, input: session.said(op.path, op.input) };
        const send = (isFirst: boolean) => {
          const remedy = session.remedy();
          running = next(said).subscribe({
            next(envelope) {
              session.heard(op.path, envelope.result);
              observer.next(envelope);
            },
            error(error) {
              const refusal = new PitwallError(error);
              if (!isFirst || !remedy || refusal.reason !== "auth.token_invalid") return observer.error(refusal);
              remedy().then(
                () => send(false),
                (final) => observer.error(final),
              );
            },
            complete: () => observer.complete(),
          });
        };
        send(true);
        return () => running?.unsubscribe();
      });
}
