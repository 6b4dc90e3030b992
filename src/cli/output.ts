import { unlinkSync } from "node:fs";
import { type FileHandle, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InputError, UsageError } from "./failure.js";

/** Where lines go: a file, or standard output. */
export interface Output {
  /** Path as given; `-` is standard output. */
  readonly path: string;
  /** Returns a promise only when the reader of the text is behind: wait for it. */
  write(text: string): Promise<void> | undefined;
  /** Writes what is left and puts the file in its place. */
  commit(): Promise<void>;
  /** Leaves no trace; does nothing after `commit`. */
  discard(): Promise<void>;
}

const BUFFER_LENGTH = 64 * 1024;

/** Temporary files of this run, removed when it ends early. */
const temporaryFiles = new Set<string>();

/** Removes half-written files; for use when the process is about to end. */
export function removeTemporaryFiles(): void {
  for (const path of temporaryFiles) {
    try {
      unlinkSync(path);
    } catch {
      // Gone already: nothing is left to remove.
    }
  }
  temporaryFiles.clear();
}

/**
 * Opens outputs by option name. Text goes to a temporary file beside its target, which replaces the target on commit, so
 * that a run that ends early leaves the old file whole.
 *
 * @throws UsageError when two outputs, or an output and an input, are one file
 * @throws InputError when a target cannot be written
 */
export async function openOutputs(
  wanted: Readonly<Record<string, string | undefined>>,
  inputs: readonly string[] = [],
): Promise<Record<string, Output>> {
  const taken = new Map<string, string>();
  for (const input of inputs) if (input !== "-") taken.set(await resolvedPath(input), `the input ${input}`);
  const outputs: Record<string, Output> = {};
  try {
    for (const [name, path] of Object.entries(wanted)) {
      if (path === undefined) continue;
      const target = path === "-" ? "-" : await resolvedPath(path);
      const other = taken.get(target);
      if (other !== undefined) throw new UsageError(`--${name} would overwrite ${other}`);
      taken.set(target, `--${name}`);
      outputs[name] = path === "-" ? new StandardOutput() : await openFileOutput(path, target);
    }
  } catch (error) {
    await discardAll(outputs);
    throw error;
  }
  return outputs;
}

export async function commitAll(outputs: Readonly<Record<string, Output>>): Promise<void> {
  for (const output of Object.values(outputs)) await output.commit();
}

export async function discardAll(outputs: Readonly<Record<string, Output>>): Promise<void> {
  for (const output of Object.values(outputs)) await output.discard();
}

/** Through links, so that a link to an input is known for what it is; of a file to be made, through those of its folder. */
async function resolvedPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    try {
      return join(await realpath(dirname(path)), basename(path));
    } catch {
      return path;
    }
  }
}

async function openFileOutput(path: string, target: string): Promise<Output> {
  const found = await stat(target).catch(() => null);
  if (found?.isDirectory() === true) throw new InputError(`${path}: is a folder, not a file`);
  // A pipe or device must not be replaced by a file.
  const isDirect = found !== null && !found.isFile();
  const written = isDirect ? target : join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    const handle = await open(written, "w");
    if (!isDirect) temporaryFiles.add(written);
    return new FileOutput(path, target, written, handle);
  } catch (error) {
    throw new InputError(`${path}: cannot be written (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error && "code" in error)) return "unknown cause";
  return error.code === "ENOENT" ? "its folder does not exist" : String(error.code);
}

class FileOutput implements Output {
  private buffer: string[] = [];
  private length = 0;
  private isOpen = true;

  constructor(
    readonly path: string,
    private readonly target: string,
    private readonly written: string,
    private readonly handle: FileHandle,
  ) {}

  write(text: string): Promise<void> | undefined {
    this.buffer.push(text);
    this.length += text.length;
    return this.length < BUFFER_LENGTH ? undefined : this.flush();
  }

  async commit(): Promise<void> {
    if (!this.isOpen) return;
    await this.flush();
    this.isOpen = false;
    await this.handle.close();
    if (this.written !== this.target) await rename(this.written, this.target);
    temporaryFiles.delete(this.written);
  }

  async discard(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    await this.handle.close();
    if (this.written !== this.target) await unlink(this.written).catch(() => undefined);
    temporaryFiles.delete(this.written);
  }

  private async flush(): Promise<void> {
    const text = this.buffer.join("");
    this.buffer = [];
    this.length = 0;
    try {
      await this.handle.appendFile(text);
    } catch (error) {
      throw new InputError(`${this.path}: cannot be written (${codeOf(error)})`);
    }
  }
}

class StandardOutput implements Output {
  readonly path = "-";
  private buffer = "";

  write(text: string): Promise<void> | undefined {
    this.buffer += text;
    return this.buffer.length < BUFFER_LENGTH ? undefined : this.commit();
  }

  async commit(): Promise<void> {
    const text = this.buffer;
    this.buffer = "";
    if (text !== "" && !process.stdout.write(text)) {
      await new Promise<void>((resolve) => {
        process.stdout.once("drain", resolve);
      });
    }
  }

  discard(): Promise<void> {
    this.buffer = "";
    return Promise.resolve();
  }
}
