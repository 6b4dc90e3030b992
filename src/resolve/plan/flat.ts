/**
 * A text in one piece. What `+` and `slice` make refers to the texts that it was made of, and holds them in memory for as long as it
 * is held itself; engines copy it when somebody asks for one of its characters.
 */
export function flat<T extends string>(text: T): T {
  text.charCodeAt(0);
  return text;
}
