import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Kind } from "../resolve/plan/documents.js";
import type { Store } from "../stores/store.js";
import { InputError } from "./failure.js";
import type { Output } from "./output.js";
import { scanDocuments } from "./storeCounts.js";

/**
 * A portable dump: what a store was told, without anything that follows from it. One line of JSON a document: a head, then settings,
 * assertions, fragments and what may not come back, then the number of documents, without which it is cut off.
 */
const FORMAT = "leadweave-dump";
const VERSION = 1;

/** In the order in which they are restored: what may not come back must not keep those out who share an identifier with it. */
export const DUMPED_KINDS = [
  "settings",
  "assertion",
  "fragment",
  "suppressed",
] as const satisfies readonly Kind[];

export type DumpedKind = (typeof DUMPED_KINDS)[number];

export interface DumpedDocument {
  readonly kind: DumpedKind;
  readonly id: string;
  readonly text: string;
}

export async function writeDump(
  store: Store,
  output: Output,
  onDocument: (done: number) => void,
): Promise<number> {
  let documents = 0;
  await output.write(`${JSON.stringify({ format: FORMAT, version: VERSION })}\n`);
  for await (const { kind, id, text } of documentsOf(store)) {
    const wait = output.write(`{"kind":${JSON.stringify(kind)},"id":${JSON.stringify(id)},"doc":${text}}\n`);
    if (wait !== undefined) await wait;
    onDocument(++documents);
  }
  await output.write(`${JSON.stringify({ documents })}\n`);
  return documents;
}

/** What a dump of the store would hold. */
export async function* documentsOf(store: Store): AsyncGenerator<DumpedDocument> {
  for (const kind of DUMPED_KINDS)
    for await (const page of scanDocuments(store, kind))
      for (const { id, text } of page) yield { kind, id, text: oneLine(text) };
}

/** A store may space JSON as it likes. */
function oneLine(text: string): string {
  return text.includes("\n") ? JSON.stringify(JSON.parse(text)) : text;
}

/** @throws InputError where the file does not begin as a dump does */
export async function checkDump(path: string): Promise<void> {
  const input = createReadStream(path, { encoding: "utf8", end: 1_000 });
  let start = "";
  for await (const text of input) start += String(text);
  checkHead(path, parse(start.split("\n")[0] ?? ""));
}

/** @throws InputError for what is no dump, and at the end of one that was cut off */
export async function* readDump(path: string): AsyncGenerator<DumpedDocument> {
  const lines = createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let line = 0;
  let documents = 0;
  let isWhole = false;
  for await (const text of lines) {
    line++;
    const read = parse(text);
    if (line === 1) checkHead(path, read);
    else if (isDocument(read)) {
      documents++;
      yield { kind: read.kind, id: read.id, text: JSON.stringify(read.doc) };
    } else if (read?.documents === documents) isWhole = true;
    else throw new InputError(`${path}:${line}: is no line of a dump: it was changed or damaged`);
  }
  if (line === 0) throw new InputError(`${path}: is empty; expected a dump of leadweave backup`);
  if (!isWhole)
    throw new InputError(`${path}: ends after ${documents} documents: it was cut off, make it again`);
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function checkHead(path: string, head: Readonly<Record<string, unknown>> | null): void {
  if (head?.format !== FORMAT)
    throw new InputError(`${path}: is no backup; expected one that leadweave backup made`);
  if (head.version !== VERSION)
    throw new InputError(`${path}: was made by a newer release: update the package`);
}

function isDocument(
  read: Readonly<Record<string, unknown>> | null,
): read is { readonly kind: DumpedKind; readonly id: string; readonly doc: unknown } {
  return (
    read !== null &&
    DUMPED_KINDS.some((kind) => kind === read.kind) &&
    typeof read.id === "string" &&
    typeof read.doc === "object"
  );
}
