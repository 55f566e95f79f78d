import { Presets, SingleBar } from "cli-progress";
import type { Progress } from "./measure.ts";

/** A bar that moves where people watch, and a line for each step where nobody can; the table alone stands on stdout. */
export function openProgress(stream: NodeJS.WriteStream): Progress & { end(): void } {
  const startedAt = performance.now();
  const after = () => `${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s`;
  if (!stream.isTTY) {
    return {
      step: (_share, what) => void stream.write(`${after()}  ${what}\n`),
      end: () => undefined,
    };
  }
  const bar = new SingleBar(
    { format: "[{bar}] {after}  {what}", barsize: 30, hideCursor: true, clearOnComplete: true, stream },
    Presets.rect,
  );
  bar.start(1, 0, { after: after(), what: "" });
  return {
    step: (share, what) => bar.update(share, { after: after(), what: what.slice(0, 70) }),
    end: () => bar.stop(),
  };
}
