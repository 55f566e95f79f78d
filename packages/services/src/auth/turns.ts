import { DomainError } from "@pitwall/domain/domain-error";

export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so many works run at a time and so many wait; whoever comes to a full queue is sent away at once. */
export function turns(limits: { readonly atOnce: number; readonly waiting: number }): InTurn {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < limits.atOnce) running += 1;
    else {
      if (queue.length >= limits.waiting) throw busy();
      // Whoever finishes hands its turn over, so `running` stays as it is.
      await new Promise<void>((begin) => queue.push(begin));
    }
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

function busy(): DomainError {
  return new DomainError(
    "unavailable",
    "auth.busy",
    "Too many people are signing in right now. Try again in a moment.",
    {
      retryAfterSeconds: 2,
    },
  );
}
