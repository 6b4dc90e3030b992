import { countText, durationText } from "./table.js";

/** What is being done, how far it is, how fast it goes. Drawn on standard error, and only where that is a terminal. */
export interface Progress {
  /** `done` things so far; `share` of the whole in [0, 1] where it is known. */
  update(done: number, share?: number): void;
  /** Wipes the line. */
  end(): void;
}

const REDRAW_MS = 200;
const SILENT: Progress = { update: () => undefined, end: () => undefined };

export function startProgress(what: string, isQuiet: boolean): Progress {
  const { stderr } = process;
  if (isQuiet || !stderr.isTTY) return SILENT;
  const startedAt = performance.now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update(done, share) {
      const now = performance.now();
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const seconds = (now - startedAt) / 1000;
      const rate = seconds > 0 ? ` · ${countText(done / seconds)}/s` : "";
      const known = share !== undefined && share > 0;
      const left = known && seconds > 1 ? ` · ${durationText((seconds * (1 - share)) / share)} left` : "";
      const percent = known ? ` (${Math.floor(share * 100)} %)` : "";
      stderr.write(`\r\u001b[K${what}: ${countText(done)}${percent}${rate}${left}`);
    },
    end() {
      stderr.write("\r\u001b[K");
    },
  };
}

/** Says what goes on where nothing can be counted. */
export function announce(text: string, isQuiet: boolean): Progress {
  if (isQuiet || !process.stderr.isTTY) return SILENT;
  process.stderr.write(`\r\u001b[K${text}`);
  return { update: () => undefined, end: () => process.stderr.write("\r\u001b[K") };
}
