import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { SettingsDoc } from "../resolve/plan/documents.js";
import { LeadweaveError } from "./error.js";

/**
 * Peppers that a store had before, as long as something of it is named by them alone: what was erased or removed is kept as a keyed
 * hash of what nobody has any more, so it cannot be named anew. They stand in the settings under the pepper of today (AES-256-GCM, a
 * key by HKDF-SHA-256): whoever opens the store needs that one only, and who has but an old one learns nothing.
 */
const PURPOSE = "leadweave/retired-peppers/1";
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** @param peppers newest first; the empty text stands for none */
export function sealPeppers(peppers: readonly string[], pepper: string): string {
  const [salt, iv] = [randomBytes(SALT_BYTES), randomBytes(IV_BYTES)];
  const cipher = createCipheriv("aes-256-gcm", keyOf(pepper, salt), iv);
  const sealed = [cipher.update(JSON.stringify(peppers), "utf8"), cipher.final()];
  return Buffer.concat([salt, iv, cipher.getAuthTag(), ...sealed]).toString("base64");
}

/**
 * The peppers that the settings keep, newest first.
 *
 * @throws LeadweaveError `store-inconsistent` where this pepper does not open them
 */
export function retiredPeppers({ retired }: SettingsDoc, pepper: string | undefined): readonly string[] {
  if (retired === undefined) return [];
  try {
    const bytes = Buffer.from(retired, "base64");
    const [salt, iv, tag, sealed] = [
      0,
      SALT_BYTES,
      SALT_BYTES + IV_BYTES,
      SALT_BYTES + IV_BYTES + TAG_BYTES,
    ].map((from, part, starts) => bytes.subarray(from, starts[part + 1])) as [Buffer, Buffer, Buffer, Buffer];
    const cipher = createDecipheriv("aes-256-gcm", keyOf(pepper ?? "", salt), iv, {
      authTagLength: TAG_BYTES,
    });
    cipher.setAuthTag(tag);
    return JSON.parse(cipher.update(sealed, undefined, "utf8") + cipher.final("utf8")) as string[];
  } catch {
    throw new LeadweaveError(
      "store-inconsistent",
      "the settings of the store do not open with its pepper: a hand has changed them; restore a backup",
    );
  }
}

function keyOf(pepper: string, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", pepper, salt, PURPOSE, KEY_BYTES));
}
