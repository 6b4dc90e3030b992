import type { FragmentRef, Scalar } from "../fragment/fragment.js";
import type { CompiledModel } from "../model/compile.js";
import type { AttributeSettings, FieldNormalizer } from "../model/model.js";
import { createFieldNormalizers, type FieldNormalizers } from "../resolve/normalizers.js";
import { compareAge, compareText, type Observation } from "../resolve/observation.js";
import type { Membership, Resolution, Support } from "../resolve/resolve.js";
import type { Strand } from "../resolve/strands.js";
import { confidences, decay, membershipProbability, type Testimony } from "./confidence.js";
import type { AttributeValue, Profile, ProfileAttribute, TimelineEntry } from "./profile.js";

/** A fragment of the profile with how firmly it belongs there. */
interface Member {
  readonly observation: Observation;
  readonly membership: number;
}

/** One value as one fragment gives it. */
interface Mention extends Member {
  readonly value: Scalar;
  /** What makes spellings of one value meet, where it is known already. */
  readonly normalForm?: string;
}

export interface ContentBuilder {
  /** The content of a profile at `now` (epoch milliseconds), a pure function of its fragments and `now`. */
  build(membership: Membership, now: number): Profile;
}

/** What content is made of. */
export type ContentBasis = Pick<Resolution, "compiled" | "strands" | "support" | "facts">;

/** Prepares to build profiles of one resolution; normalisers and their memory are shared. */
export function createContentBuilder({ compiled, strands, support, facts }: ContentBasis): ContentBuilder {
  const normalizers = createFieldNormalizers(compiled.model);

  function build({ id, strands: own }: Membership, now: number): Profile {
    const members: Member[] = own.flatMap((index) => {
      const membership = membershipProbability(support[index] as Support);
      return (strands[index] as Strand).events.flatMap(({ observations }) =>
        observations.map((observation) => ({ observation, membership })),
      );
    });
    members.sort((a, b) => compareAge(a.observation, b.observation));
    const times = members.flatMap(({ observation: { atMs } }) => (atMs === null ? [] : [atMs]));
    return {
      id,
      fragments: members.map(({ observation }) => refOf(observation)),
      events: own.reduce((sum, index) => sum + (strands[index] as Strand).events.length, 0),
      firstAt: instantText(times[0]),
      lastAt: instantText(times.at(-1)),
      confidence: members.reduce((least, { membership }) => Math.min(least, membership), 1),
      identifiers: identifiersOf(members, now),
      attributes: attributesOf(members, now),
      consent: consentOf(members),
      timeline: own
        .flatMap((index) =>
          (strands[index] as Strand).events.map(({ name, observations }) => entryOf(name, observations)),
        )
        .sort(compareEntries),
    };
  }

  function identifiersOf(members: readonly Member[], now: number): Record<string, AttributeValue[]> {
    const byType = new Map<string, Mention[]>();
    for (const member of members) {
      for (const key of member.observation.keys) {
        // A switchboard's number or a kiosk's cookie is nobody's.
        if (
          facts.generic[key.index] === 1 ||
          (member.observation.untrusted && facts.genericUntrusted[key.index] === 1)
        )
          continue;
        put(byType, key.type, { ...member, value: key.value, normalForm: `${key.scope}\u0000${key.value}` });
      }
    }
    return Object.fromEntries(
      [...byType]
        .sort(([a], [b]) => compareText(a, b))
        .map(([type, mentions]) => [
          type,
          valuesOf(mentions, { cardinality: "many" }, now, compiled, normalizers),
        ]),
    );
  }

  function attributesOf(members: readonly Member[], now: number): Record<string, ProfileAttribute> {
    const byName = new Map<string, Mention[]>();
    for (const member of members) {
      for (const [name, given] of Object.entries(member.observation.fragment.attributes ?? {})) {
        for (const value of Array.isArray(given) ? (given as readonly Scalar[]) : [given as Scalar])
          put(byName, name, { ...member, value });
      }
    }
    const attributes: [string, ProfileAttribute][] = [];
    for (const [name, mentions] of [...byName].sort(([a], [b]) => compareText(a, b))) {
      const settings = settingsOf(name, compiled);
      const [best, ...alternatives] = valuesOf(mentions, settings, now, compiled, normalizers);
      if (best !== undefined)
        attributes.push([name, { ...best, cardinality: settings.cardinality ?? "one", alternatives }]);
    }
    return Object.fromEntries(attributes);
  }

  return { build };
}

function settingsOf(name: string, { model }: CompiledModel): AttributeSettings {
  return Object.hasOwn(model.content.attributes, name)
    ? (model.content.attributes[name] as AttributeSettings)
    : {};
}

/** Distinct values, most confident first; ties by oldest mention. Blank and placeholder values are none. */
function valuesOf(
  mentions: readonly Mention[],
  settings: AttributeSettings,
  now: number,
  compiled: CompiledModel,
  normalizers: FieldNormalizers,
): AttributeValue[] {
  const groups = new Map<string, Mention[]>();
  for (const mention of mentions) {
    const normal =
      mention.normalForm ?? normalForm(mention.value, settings.normalizer ?? "text", compiled, normalizers);
    if (normal !== null) put(groups, normal, mention);
  }
  const halfLife = settings.halfLifeDays ?? compiled.model.content.halfLifeDays;
  const held = [...groups.values()];
  const confidence = confidences(
    held.map((group) => testimoniesOf(group, halfLife, now, compiled)),
    settings.cardinality !== "many",
  );
  // Groups stand in the order of their oldest mention, and sorting keeps it among equals.
  return held
    .map((group, index) => summarize(group, confidence[index] as number))
    .sort((a, b) => b.confidence - a.confidence);
}

function normalForm(
  value: Scalar,
  normalizer: FieldNormalizer,
  { model }: CompiledModel,
  normalizers: FieldNormalizers,
): string | null {
  const region = model.phone.defaultRegion;
  const form = (normalizers.values(normalizer, value, region) ??
    normalizers.values("text", value, region))?.[0];
  // `0` and `false` stand for nothing where they are texts; as number and boolean they are what they say.
  return form ?? (normalizer === "text" && typeof value !== "string" ? String(value) : null);
}

/**
 * One testimony a source: a repeat by the same source adds nothing, so its first mention speaks for it, and a value does not
 * become surer by being sent again.
 */
function testimoniesOf(
  mentions: readonly Mention[],
  halfLifeDays: number,
  now: number,
  { model }: CompiledModel,
): Testimony[] {
  const firsts = new Map<string, Mention>();
  for (const mention of mentions)
    if (!firsts.has(mention.observation.fragment.source))
      firsts.set(mention.observation.fragment.source, mention);
  return [...firsts.values()].map(({ observation: { fragment, atMs }, membership }) => {
    const { reliability, defaultReliability } = model.content;
    const ofKind = Object.hasOwn(reliability, fragment.kind)
      ? (reliability[fragment.kind] as number)
      : defaultReliability;
    const fresh = (model.sources[fragment.source]?.reliability ?? ofKind) * membership;
    return { fresh, now: fresh * (atMs === null ? 1 : decay(now - atMs, halfLifeDays)) };
  });
}

function summarize(mentions: readonly Mention[], confidence: number): AttributeValue {
  const spellings = new Map<Scalar, number>();
  for (const { value } of mentions) spellings.set(value, (spellings.get(value) ?? 0) + 1);
  // The commonest spelling; of equally common ones the oldest, which the map holds first.
  const most = Math.max(...spellings.values());
  const value = [...spellings].find(([, count]) => count === most)?.[0] as Scalar;
  const times = mentions.flatMap(({ observation: { atMs } }) => (atMs === null ? [] : [atMs]));
  return {
    value,
    confidence,
    sources: [...new Set(mentions.map(({ observation }) => observation.fragment.source))].sort(),
    fragments: [...new Set(mentions.map(({ observation }) => observation))].map(refOf),
    firstAt: instantText(times[0]),
    lastAt: instantText(times.at(-1)),
  };
}

/** Never wider than the narrowest member: one refusal of a purpose is a refusal. */
function consentOf(members: readonly Member[]): Record<string, boolean> {
  const consent = new Map<string, boolean>();
  for (const { observation } of members) {
    for (const [purpose, granted] of Object.entries(observation.fragment.consent ?? {})) {
      consent.set(purpose, granted && (consent.get(purpose) ?? true));
    }
  }
  return Object.fromEntries([...consent].sort(([a], [b]) => compareText(a, b)));
}

function entryOf(event: string, observations: readonly Observation[]): TimelineEntry {
  return {
    at: instantText(observations[0]?.atMs ?? undefined),
    event,
    kinds: [...new Set(observations.map(({ fragment }) => fragment.kind))],
    fragments: observations.map(refOf),
  };
}

/** By time, unknown last, then by name. */
function compareEntries(a: TimelineEntry, b: TimelineEntry): number {
  if (a.at !== b.at) return a.at === null ? 1 : b.at === null ? -1 : Date.parse(a.at) - Date.parse(b.at);
  return compareText(a.event, b.event);
}

function refOf({ fragment: { source, id } }: Observation): FragmentRef {
  return { source, id };
}

function instantText(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}

function put<V>(groups: Map<string, V[]>, name: string, member: V): void {
  const held = groups.get(name);
  if (held === undefined) groups.set(name, [member]);
  else held.push(member);
}
