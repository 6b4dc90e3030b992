import type { Fragment } from "../../fragment/fragment.js";
import { type CompiledModel, compileModel, identifierSettings } from "../../model/compile.js";
import type { Model, TimeLocalBlock } from "../../model/model.js";
import { type DigestHasher, impliedEmailDigests, impliedPhoneDigests } from "../../normalize/index.js";
import type { Judge } from "../agglomerate.js";
import { createScorer, type Scorer } from "../bits.js";
import { createEventMaker, type LeadEvent } from "../events.js";
import { type EventNames, type KeyFacts, namesOf } from "../generic.js";
import { createGuards } from "../guards.js";
import { sha256Hex } from "../ids.js";
import { KeyTable } from "../keys.js";
import type { FieldNormalizers } from "../normalizers.js";
import { type ImpliedKey, type Key, NONE, type Observation } from "../observation.js";
import { createObserver, type RefusalCounts } from "../observe.js";
import { type CompiledSide, compileSides } from "../timeLocal.js";
import { createTypeSettings, type TypeSettings } from "../typeSettings.js";
import { flat } from "./flat.js";
import { Recollections } from "./recollections.js";
import type { TokenTable } from "./tokens.js";

/** Facts about keys that grow with the table: what comparisons read of each key, as the documents last read or planned say. */
class LiveFacts implements KeyFacts {
  generic = new Uint8Array(1024);
  genericUntrusted = new Uint8Array(1024);
  names = new Uint8Array(1024);
  typed = new Uint8Array(1024);

  set(index: number, generic: boolean, genericUntrusted: boolean, names: number, typed: boolean): void {
    if (index >= this.generic.length) this.#grow(index);
    this.generic[index] = generic ? 1 : 0;
    this.genericUntrusted[index] = genericUntrusted ? 1 : 0;
    this.names[index] = names;
    this.typed[index] = typed ? 1 : 0;
  }

  #grow(index: number): void {
    const length = Math.max(index + 1, this.generic.length * 2);
    const grown = (from: Uint8Array): Uint8Array<ArrayBuffer> => {
      const to = new Uint8Array(length);
      to.set(from);
      return to;
    };
    this.generic = grown(this.generic);
    this.genericUntrusted = grown(this.genericUntrusted);
    this.names = grown(this.names);
    this.typed = grown(this.typed);
  }
}

/** Bounds beyond which work is put off to `drain`. */
export interface WorkLimits {
  /** Documents of one plan. */
  readonly maxReads: number;
  readonly maxComponentStrands: number;
  readonly maxComponentEdges: number;
  /** Events that may change their strand within one plan. */
  readonly maxMoves: number;
  /** Strands of a component that `drain` still takes on. */
  readonly maxDrainStrands: number;
}

const DEFAULT_WORK_LIMITS: WorkLimits = {
  maxReads: 2_000,
  maxComponentStrands: 500,
  maxComponentEdges: 5_000,
  maxMoves: 200,
  maxDrainStrands: 50_000,
};

/** A kernel lives as long as its process: what it remembers of each kind of value, it holds beside all documents. */
const REMEMBERED_VALUES = 8_192;

interface LastingBlockFields {
  readonly position: number;
  readonly fields: readonly number[];
}

interface TimeBlock {
  readonly position: number;
  readonly block: TimeLocalBlock;
  readonly sides: readonly CompiledSide[];
  readonly binsPerSlot: number;
  readonly fullAt: number;
}

/** A model made ready for planning: the rungs of the ladder as functions, and the tables they share. Holds no state of its own but caches. */
export interface Kernel {
  readonly compiled: CompiledModel;
  readonly limits: WorkLimits;
  readonly table: KeyTable;
  readonly facts: LiveFacts;
  readonly scorer: Scorer;
  readonly judge: Judge;
  readonly normalizers: FieldNormalizers;
  readonly refusals: RefusalCounts;
  readonly lasting: readonly LastingBlockFields[];
  readonly timeLocal: readonly TimeBlock[];
  readonly sessionTypes: ReadonlySet<string>;
  readonly settingsOf: (type: string) => TypeSettings;
  /** What one operation leaves behind for the next. */
  readonly scratch: { work: unknown };
  readonly hasher: DigestHasher | undefined;
  namesOf(event: LeadEvent): EventNames;
  observe(fragment: Fragment): Observation;
  readonly recollections: Recollections;
  makeEvent(name: string, observations: readonly Observation[]): LeadEvent;
  /** The name of a document made from a text that may hold personal data. */
  name(text: string): string;
  /** The same where names hide nothing: what is left of what was erased, and of causes in the feed. */
  conceal(text: string): string;
  /** What a text was called under the peppers that the store had before, as the names of today make it; none as a rule. */
  aliases(text: string): readonly string[];
  keyId(key: Key): string;
  /** The name of the document that says who implies a digest. */
  digestId(digest: Key): string;
  /** What stands for a token in the names of its blocks. */
  tokenName(token: string): string;
  /** The name of a lasting block. */
  blockId(position: number, token: string): string;
  /** The name of a time-local block, of a token by its name. */
  slotId(position: number, slot: number, token: string): string;
  /** Runs something that keeps nothing: values that it is the first to name are forgotten again. */
  passing<T>(run: () => T): T;
  isDigest(key: Key): boolean;
  /** Most cells of what a digest is a digest of; undefined for a plain key. */
  plainMaxCells(key: Key): number | undefined;
  /** The digests that a plain key implies: names of their documents, and the keys, interned only when asked for. */
  digestsOf(key: Key): readonly { readonly id: string; readonly digest: () => Key }[];
}

export interface KernelOptions {
  /** SHA and MD5 of a faster kind. Default @noble/hashes. */
  readonly hasher?: DigestHasher;
  readonly limits?: Partial<WorkLimits>;
  readonly table?: KeyTable;
  /** Numbers for names, where documents need be found by nobody outside this process; goes with `table`. */
  readonly tokens?: TokenTable;
  readonly name?: (text: string) => string;
  /** A keyed hash. Default SHA-256, shortened. */
  readonly conceal?: (text: string) => string;
  /** The same under the peppers that the store had before, newest first. Default none. */
  readonly retired?: readonly ((text: string) => string)[];
}

/** The name of what has no other than one under a retired pepper. */
export function aliasOf(conceal: (text: string) => string, name: string): string {
  return conceal(`retired\u0000${name}`);
}

/** `type NUL NUL algorithm:hex`, short: 128 bits of a digest name it as surely as all, after a number for what it is of. */
function shortDigest(text: string, tokens: TokenTable): string {
  const colon = text.lastIndexOf(":");
  return flat(`${tokens.intern(text.slice(0, colon))}:${text.slice(colon + 1, colon + 33)}`);
}

export function createKernel(model: Model, options: KernelOptions = {}): Kernel {
  const compiled = compileModel(model);
  const table = options.table ?? new KeyTable();
  const { tokens } = options;
  const name = options.name ?? ((text: string) => text);
  const observer = createObserver(compiled, table, REMEMBERED_VALUES);
  const facts = new LiveFacts();
  const keyIds: string[] = [];
  const { algorithms, emailRules } = model.digests;
  const hasDigests = compiled.digestTypes.size > 0;

  const impliedTexts = (key: Key): string[] => {
    const types = compiled.digestTypes.get(key.type);
    if (types === undefined) return [];
    const digests =
      model.identifiers[key.type]?.normalizer === "email"
        ? impliedEmailDigests(key.value, algorithms, emailRules, options.hasher)
        : impliedPhoneDigests(key.value, algorithms, options.hasher);
    const texts: string[] = [];
    for (const type of types)
      for (const { algorithm, hex } of digests) texts.push(`${type}\u0000\u0000${algorithm}:${hex}`);
    return texts;
  };
  const digestName = (text: string): string =>
    tokens === undefined ? name(text) : shortDigest(text, tokens);
  const textOf = (key: Key): string => `${key.type}\u0000${key.scope}\u0000${key.value}`;

  const conceal = options.conceal ?? ((text: string) => sha256Hex(text, options.hasher).slice(0, 32));
  const retired = options.retired ?? NONE;
  /** Names of a text as the store had them `at` peppers ago, that of then first. */
  const namesSince = (at: number, text: string): readonly string[] => {
    const own = retired[at];
    if (own === undefined) return NONE;
    return [own(text), ...namesSince(at + 1, text).map((older) => aliasOf(own, older))];
  };

  const makeEvents = createEventMaker(compiled, () => NONE);
  const digestTypes = new Set([...compiled.digestTypes.values()].flat());

  /** Within one event a digest is trusted as what implies it is: only there does implication matter before keys are looked up. */
  function makeEvent(eventName: string, observations: readonly Observation[]): LeadEvent {
    if (!hasDigests) return makeEvents(eventName, observations);
    const stated = new Map<string, Key>();
    for (const { keys } of observations)
      for (const key of keys) if (digestTypes.has(key.type)) stated.set(textOf(key), key);
    if (stated.size === 0) return makeEvents(eventName, observations);
    const impliedBy = (by: Key): readonly ImpliedKey[] =>
      impliedTexts(by).flatMap((text) => {
        const key = stated.get(text);
        return key === undefined ? [] : [{ key, by }];
      });
    return createEventMaker(compiled, impliedBy)(eventName, observations);
  }

  const scorer = createScorer(compiled, facts);
  // Cell and strand of an event ask for its names one after the other.
  let lastNamed: LeadEvent | null = null;
  let lastNames: EventNames | null = null;
  const kernel: Kernel = {
    compiled,
    limits: { ...DEFAULT_WORK_LIMITS, ...options.limits },
    table,
    facts,
    scorer,
    judge: { scorer, guards: createGuards(compiled), compiled },
    normalizers: observer.normalizers,
    refusals: observer.refusals,
    lasting: model.blocks.lasting.map(({ fields }, position) => ({
      position,
      fields: fields.map((field) => compiled.fieldIndex.get(field) as number),
    })),
    timeLocal: model.blocks.timeLocal.map((block, position) => ({
      position,
      block,
      sides: compileSides(block, compiled),
      binsPerSlot: Math.round(block.slotMs / block.binMs),
      fullAt: block.fullAt ?? 8,
    })),
    sessionTypes: new Set(
      Object.keys(model.identifiers).filter((type) => model.identifiers[type]?.scope === "session"),
    ),
    settingsOf: createTypeSettings(model),
    scratch: { work: null },
    hasher: options.hasher,
    namesOf(event) {
      if (event !== lastNamed) {
        lastNamed = event;
        lastNames = namesOf(event, compiled);
      }
      return lastNames as EventNames;
    },
    observe: observer.observe,
    recollections: new Recollections(observer.observe),
    makeEvent,
    name,
    conceal,
    aliases: (text) =>
      retired.length === 0 ? NONE : namesSince(0, text).map((older) => aliasOf(conceal, older)),
    keyId(key) {
      let id = keyIds[key.index];
      if (id === undefined) {
        id = tokens === undefined ? name(textOf(key)) : key.index.toString(36);
        keyIds[key.index] = id;
      }
      return id;
    },
    digestId: (digest) => digestName(textOf(digest)),
    tokenName: (token) => (tokens === undefined ? token : tokens.intern(token)),
    blockId: (position, token) =>
      tokens === undefined ? name(`${position}\u0000${token}`) : `${position}:${tokens.intern(token)}`,
    slotId: (position, slot, token) =>
      tokens === undefined ? name(`${position}.${slot}\u0000${token}`) : `${position}.${slot}:${token}`,
    passing(run) {
      const [keys, texts] = [table.size, tokens?.size ?? 0];
      try {
        return run();
      } finally {
        table.truncate(keys);
        tokens?.truncate(texts);
        if (keyIds.length > keys) keyIds.length = keys;
      }
    },
    plainMaxCells({ type }) {
      const plain = model.identifiers[type]?.digestOf;
      return plain === undefined ? undefined : identifierSettings(model, plain).maxCells;
    },
    isDigest: ({ type }) => digestTypes.has(type),
    digestsOf: (key) =>
      impliedTexts(key).map((text) => ({
        id: digestName(text),
        digest: () => {
          const [type, , value] = text.split("\u0000") as [string, string, string];
          return table.intern(type, value);
        },
      })),
  };
  return kernel;
}
