import type { CompiledModel } from "../model/compile.js";
import { impliedEmailDigests, impliedPhoneDigests } from "../normalize/index.js";
import type { KeyTable } from "./keys.js";
import { type ImpliedKey, type Key, NONE } from "./observation.js";

/**
 * Makes the function that names the digests which a plain key implies, as far as some fragment states them: implied never
 * meets implied, so that the others meet nothing. Ask only when every fragment was observed.
 */
export function createImplication(
  compiled: CompiledModel,
  table: KeyTable,
): (key: Key) => readonly ImpliedKey[] {
  const { algorithms, emailRules } = compiled.model.digests;
  const stated = new Set(table.keys.map(({ type }) => type));
  const cache = new Map<Key, readonly ImpliedKey[]>();
  return (key) => {
    const types = compiled.digestTypes.get(key.type)?.filter((type) => stated.has(type)) ?? NONE;
    if (types.length === 0) return NONE;
    let implied = cache.get(key);
    if (implied === undefined) {
      const digests =
        compiled.model.identifiers[key.type]?.normalizer === "email"
          ? impliedEmailDigests(key.value, algorithms, emailRules)
          : impliedPhoneDigests(key.value, algorithms);
      const found: ImpliedKey[] = [];
      for (const type of types) {
        for (const { algorithm, hex } of digests) {
          const digest = table.find(type, `${algorithm}:${hex}`);
          if (digest !== undefined) found.push({ key: digest, by: key });
        }
      }
      implied = found.length === 0 ? NONE : found;
      cache.set(key, implied);
    }
    return implied;
  };
}
