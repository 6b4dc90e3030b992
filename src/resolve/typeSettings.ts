import { identifierSettings } from "../model/compile.js";
import type { Model } from "../model/model.js";

/** Settings of one identifier type with every default, made once: rungs ask for them for each key again and again. */
export type TypeSettings = ReturnType<typeof identifierSettings> & {
  /** `maxAnchors` as pairs. */
  readonly anchors: readonly (readonly [type: string, limit: number])[];
};

export function createTypeSettings(model: Model): (type: string) => TypeSettings {
  const known = new Map<string, TypeSettings>();
  return (type) => {
    let settings = known.get(type);
    if (settings === undefined) {
      const given = identifierSettings(model, type);
      settings = { ...given, anchors: Object.entries(given.maxAnchors ?? {}) };
      known.set(type, settings);
    }
    return settings;
  };
}
