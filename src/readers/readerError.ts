/** Why a file cannot be read at all. One bad row is no reason: it is reported and skipped. */
export type ReaderErrorCode =
  | "file-not-found"
  | "file-is-folder"
  | "file-unreadable"
  /** The bytes are not what the format says, or of a format that is not read (a spreadsheet, an archive). */
  | "format-unreadable"
  /** No column holds the record ids, so that no row could be named. */
  | "no-record-id";

/** A file that cannot be read. The message names the file and what was expected, never a value from it. */
export class ReaderError extends Error {
  override readonly name = "ReaderError";
  readonly code: ReaderErrorCode;
  /** Path of the file; `-` for a stream. */
  readonly file: string;
  /** Reading again may succeed only where the cause lies outside the file. */
  readonly retryable: boolean;

  constructor(code: ReaderErrorCode, file: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.file = file;
    this.retryable = code === "file-unreadable";
  }
}

/** Turns what the file system throws into a typed error; anything else is passed on as it is. */
export function readerErrorOf(error: unknown, file: string): unknown {
  if (error instanceof ReaderError || !(error instanceof Error) || !("code" in error)) return error;
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      return new ReaderError("file-not-found", file, `${file}: no such file`, error);
    case "EISDIR":
      return new ReaderError("file-is-folder", file, `${file}: is a folder, not a file`, error);
    case "EACCES":
    case "EPERM":
      return new ReaderError("file-unreadable", file, `${file}: may not be read (permission denied)`, error);
    case "Z_DATA_ERROR":
    case "Z_BUF_ERROR":
      return new ReaderError(
        "format-unreadable",
        file,
        `${file}: the gzip data is damaged or cut off`,
        error,
      );
    default:
      return typeof error.code === "string" && /^E[A-Z]+$/.test(error.code)
        ? new ReaderError("file-unreadable", file, `${file}: cannot be read (${error.code})`, error)
        : error;
  }
}
