/**
 * Callers who hide their number. Carriers write a word, and some switches spell the word on the keypad, which yields
 * digits that pass for a number: ANONYMOUS is +266696687, in form a number of Lesotho, and the last ten digits of
 * RESTRICTED are a well-formed number of Austin, Texas. As keys they would join every anonymous caller.
 */

const SPELLED_WORDS = [
  "anonymous",
  "restricted",
  "blocked",
  "unknown",
  "unavailable",
  "private",
  "withheld",
  "outofarea",
  "nocallerid",
  "notprovided",
];

const WORD =
  /anonym|restrict|unknown|private|unavail|block|withh?eld|hidden|suppress|secret|no ?caller ?id|out ?of ?area|not ?provided|inconnu|privad|desconocid|unbekannt/;
const ADDRESS = /^(?:client|sips?|user|agent|webrtc|skype|whatsapp|wss?):/;

const KEYS = "22233344455566677778889999";

/** The digits a word gives when spelled on a telephone keypad: "blocked" → "2562533". */
export function keypadDigits(word: string): string {
  let digits = "";
  for (const letter of word.toLowerCase()) {
    const index = letter.charCodeAt(0) - 97;
    digits += index >= 0 && index < 26 ? KEYS[index] : letter;
  }
  return digits;
}

let spelled: ReadonlySet<string> | undefined;

function spelledNumbers(): ReadonlySet<string> {
  if (spelled !== undefined) return spelled;
  const numbers = new Set<string>();
  for (const word of SPELLED_WORDS) {
    const digits = keypadDigits(word);
    numbers.add(digits);
    // Systems that keep the last ten digits of everything.
    if (digits.length > 10) numbers.add(digits.slice(-10));
  }
  spelled = numbers;
  return numbers;
}

/** Whether digits (no other characters) spell such a word, also behind a `1`, `00`, `011` or `001` that was put before it. */
export function spellsWithheld(digits: string): boolean {
  const numbers = spelledNumbers();
  return (
    numbers.has(digits) ||
    numbers.has(digits.replace(/^(?:00|011)?1?/, "")) ||
    numbers.has(digits.replace(/^00|^011/, ""))
  );
}

/** Whether text in lower case says in words that the number is withheld, or is the address of an internet caller. */
export function saysWithheld(text: string): boolean {
  return ADDRESS.test(text) || WORD.test(text);
}
