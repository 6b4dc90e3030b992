import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { StoreError } from "../error.js";
import { type CheckedOptions, IN_MEMORY, isDatabase } from "./options.js";

/** Looks at the file and its folder before SQLite does, for SQLite says no more than "unable to open". */
export async function checkPath({ path, driver, isReadOnly, mustExist }: CheckedOptions): Promise<void> {
  if (path === IN_MEMORY || isDatabase(driver)) return;
  const folder = dirname(resolve(path));
  const found = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === "EACCES") throw denied(path, error);
    return null;
  });
  if (found?.isDirectory() === true)
    throw new StoreError("store-missing", `${path} is a folder: name a file`);
  if (found === null) {
    if (isReadOnly || mustExist)
      throw new StoreError("store-missing", `there is no file ${path}: check its name, or begin a new store`);
    const isThere = await stat(folder).then(
      (at) => at.isDirectory(),
      () => false,
    );
    if (!isThere)
      throw new StoreError("store-missing", `there is no folder ${folder}: make it, or name another`);
    await access(folder, constants.W_OK).catch((error: unknown) => {
      throw denied(folder, error);
    });
    return;
  }
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw denied(path, error);
  });
  if (!isReadOnly)
    // SQLite keeps its write-ahead log beside the file.
    for (const each of [path, folder])
      await access(each, constants.W_OK).catch((error: unknown) => {
        throw new StoreError(
          "read-only",
          `${each} can only be read: make the file and its folder writable, or open it with readOnly`,
          error,
        );
      });
}

function denied(path: string, cause: unknown): StoreError {
  return new StoreError("access-denied", `${path}: no permission: let this user read and write it`, cause);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
