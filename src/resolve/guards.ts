import type { CompiledModel } from "../model/compile.js";
import type { Key } from "./observation.js";
import type { Evidence } from "./strands.js";

/** Why an edge was not followed. */
export type GuardName =
  /** Somebody declared two of the strands different. */
  | "banned"
  /** Two different values of an exclusive identifier. */
  | "exclusive-conflict"
  /** More values of an identifier than one person has. */
  | "too-many-values";

export interface GuardFinding {
  readonly guard: GuardName;
  /** The identifier type that objects; null for a ban. */
  readonly type: string | null;
}

interface GuardedType {
  readonly type: string;
  readonly exclusive: boolean;
  readonly maximum: number;
}

/** The guards of a model on the join of two sides. What a side carries by itself violates nothing. */
export function createGuards(compiled: CompiledModel): (x: Evidence, y: Evidence) => GuardFinding | null {
  const guarded = Object.entries(compiled.model.identifiers)
    .map(
      ([type, settings]): GuardedType => ({
        type,
        exclusive: settings.exclusive === true,
        maximum: settings.maxPerProfile ?? Number.POSITIVE_INFINITY,
      }),
    )
    .filter(({ exclusive, maximum }) => exclusive || Number.isFinite(maximum));
  return (x, y) => {
    for (const { type, exclusive, maximum } of guarded) {
      const [a, b] = [keysOfType(x, type), keysOfType(y, type)];
      if (a.length === 0 || b.length === 0) continue;
      if (exclusive && isConflict(a, b)) return { guard: "exclusive-conflict", type };
      const common = a.filter((key) => b.includes(key)).length;
      const joined = a.length + b.length - common;
      if (joined > maximum && joined > Math.max(a.length, b.length))
        return { guard: "too-many-values", type };
    }
    return null;
  };
}

function keysOfType(side: Evidence, type: string): Key[] {
  return side.keys.filter((key) => key.type === type);
}

/** Within one scope each side has a value that the other lacks: joining them would say that both are one person's. */
function isConflict(a: readonly Key[], b: readonly Key[]): boolean {
  for (const scope of new Set(a.map((key) => key.scope))) {
    const [p, q] = [a.filter((key) => key.scope === scope), b.filter((key) => key.scope === scope)];
    if (q.length > 0 && p.some((key) => !q.includes(key)) && q.some((key) => !p.includes(key))) return true;
  }
  return false;
}
