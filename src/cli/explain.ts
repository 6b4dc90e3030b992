import { type FragmentInput, type FragmentRef, isRemoval } from "../fragment/fragment.js";
import { explainPair } from "../profile/index.js";
import { resolve } from "../resolve/resolve.js";
import { type Command, type Flags, filesOf } from "./command.js";
import { explanationText } from "./explanationText.js";
import { InputError, UsageError } from "./failure.js";
import { type Loaded, loadFragments, refText } from "./load.js";
import { announce } from "./progress.js";
import { READING_ARGS } from "./readingArgs.js";
import { adaptModel, loadSettings } from "./settings.js";
import { nearest } from "./suggest.js";
import { countText } from "./table.js";

export const explainCommand: Command = {
  name: "explain",
  description: "Resolves the files and says why two fragments are, or are not, one person.",
  operands: "FILE…",
  args: {
    pair: {
      type: "string",
      valueHint: "SOURCE/ID SOURCE/ID",
      description: "The two fragments; twice for two pairs",
    },
    ...READING_ARGS,
    json: { type: "boolean", description: "Explanations as JSON, one a line" },
  },
  twoValued: ["pair"],
  repeatable: ["pair"],
  notes: [
    "Give the same files and options as to resolve: what a pair amounts to depends on everything else that is known.\n" +
      "Bits are log2 of a Bayes factor: +1 makes one person twice as likely, -1 half as likely.",
  ],
  examples: [
    { what: "A form and a call", command: "leadweave explain leads.csv --pair web/f000001 calls/f000002" },
    { what: "For a script", command: "leadweave explain web.csv calls.csv --pair web/17 calls/4 --json" },
  ],
  run: runExplain,
};

async function runExplain(flags: Flags): Promise<number> {
  const files = filesOf(flags);
  const names = flags.texts("pair");
  if (names.length === 0) throw new UsageError("name two fragments: --pair SOURCE/ID SOURCE/ID");
  const isQuiet = flags.is("quiet");
  const note = (text: string): void => {
    if (!isQuiet) process.stderr.write(`${text}\n`);
  };
  const settings = await loadSettings(flags, note);
  const loaded = await loadFragments(files, settings, flags, note);
  const refs = findFragments(names, loaded);
  const model = adaptModel(settings.model, loaded.fragments.length, flags);
  const waiting = announce(`resolving ${countText(loaded.fragments.length)} fragments`, isQuiet);
  const resolution = resolve(loaded.fragments, model, settings.assertions);
  waiting.end();
  const texts: string[] = [];
  for (let index = 0; index < refs.length; index += 2) {
    const [a, b] = [refs[index] as FragmentRef, refs[index + 1] as FragmentRef];
    const explanation = explainPair(resolution, a, b);
    texts.push(
      flags.is("json")
        ? `${JSON.stringify({ a, b, ...explanation })}\n`
        : explanationText(refText(a), refText(b), explanation),
    );
  }
  process.stdout.write(texts.join(flags.is("json") ? "" : "\n"));
  return 0;
}

/** The fragments that the names stand for; sources and ids may hold slashes themselves. */
function findFragments(names: readonly string[], { fragments, rejected }: Loaded): FragmentRef[] {
  const wanted = new Set(names);
  const found = new Map<string, FragmentRef>();
  for (const input of fragments) {
    if (isRemoval(input)) continue;
    const text = refText(input);
    if (wanted.has(text)) found.set(text, { source: input.source, id: input.id });
  }
  return names.map((name) => {
    const ref = found.get(name);
    if (ref !== undefined) return ref;
    const row = rejected.find(
      ({ recordId, source }) => recordId !== null && `${source}/${recordId}` === name,
    );
    if (row !== undefined) throw new InputError(`fragment ${name} was rejected (${row.at})`);
    throw new InputError(`no fragment ${name}${suggestions(name, fragments)}`);
  });
}

const MOST_SUGGESTIONS = 3;

/** The same id in other sources first, then names that look alike. */
function suggestions(name: string, fragments: readonly FragmentInput[]): string {
  const refs = [...new Set(fragments.map(refText))];
  const id = name.slice(name.indexOf("/") + 1);
  const same = refs.filter((ref) => ref.endsWith(`/${id}`));
  const shown = (same.length > 0 ? same : nearest(name, refs, MOST_SUGGESTIONS)).slice(0, MOST_SUGGESTIONS);
  if (shown.length > 0) return `; did you mean ${shown.join(" or ")}?`;
  const sources = [...new Set(fragments.map(({ source }) => source))].sort().slice(0, 10);
  return `; expected SOURCE/ID, with a source such as ${sources.join(", ")}`;
}
