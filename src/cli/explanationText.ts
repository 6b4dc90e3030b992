import type { ExplainedDecision, PairExplanation } from "../profile/index.js";
import type { Weight } from "../resolve/bits.js";
import { refText } from "./load.js";
import { alignColumns, bitsText } from "./table.js";

const HEADLINES: Readonly<Record<PairExplanation["status"], string>> = {
  "same-event": "one profile: they describe one event",
  "same-strand": "one profile: the same identifiers and names",
  "same-profile": "one profile",
  "different-profiles": "two profiles",
  "not-live": "no answer: not both are live",
};

const MOST_DECISIONS = 3;

/** An explanation as text: the verdict, the evidence between the two, and the links that decided. */
export function explanationText(
  a: string,
  b: string,
  explanation: PairExplanation,
  mostDecisions = MOST_DECISIONS,
): string {
  const { status, reason, weights, bits, threshold, decisions, together } = explanation;
  const parts = [`${a} and ${b}: ${HEADLINES[status]}.\n${reason}`];
  if (bits !== null) {
    const missing = weights.filter(isMissing).map(({ comparison }) => comparison);
    const without = missing.length === 0 ? "" : `\n${wrap(`nothing to compare: ${missing.join(", ")}`)}`;
    parts.push(
      `Evidence between the two taken by themselves, in bits\n${weightTable(weights, bits)}${without}`,
    );
  }
  if (decisions.length > 0) {
    const title = together ? "The links that join them" : "The links that were refused";
    parts.push(
      `${title} (a link without a shared identifier needs ${bitsText(threshold)})\n${decisionList(decisions, mostDecisions)}`,
    );
  }
  return `${parts.join("\n\n")}\n`;
}

const LINE_LENGTH = 100;

function wrap(text: string): string {
  return text.replace(new RegExp(`(.{1,${LINE_LENGTH}})(?: |$)`, "g"), "  $1\n").trimEnd();
}

/** One side lacks the evidence: the null level, of no weight. */
function isMissing({ level, bits }: Weight): boolean {
  return bits === 0 && (level === null || level === "null");
}

function weightTable(weights: readonly Weight[], bits: number): string {
  const rows = weights
    .filter((weight) => !isMissing(weight))
    .map(({ comparison, level, bits: addend }) => [`  ${comparison}`, level ?? "", bitsText(addend)]);
  return alignColumns([...rows, ["  sum", "", bitsText(bits)]], [2]);
}

function decisionList(decisions: readonly ExplainedDecision[], most: number): string {
  const shown = decisions.slice(0, most).map((decision) => {
    const { type, outcome, between, bits, acceptAt, refusedBy, weights } = decision;
    const guard =
      refusedBy === null
        ? ""
        : ` by the guard ${refusedBy.guard}${refusedBy.type === null ? "" : ` (${refusedBy.type})`}`;
    const evidence =
      bits === null || type === "asserted" ? "" : ` at ${bitsText(bits)}, needs ${bitsText(acceptAt)}`;
    const head = `  ${type} link of ${between.map(refText).join(" and ")}: ${outcome}${guard}${evidence}`;
    return bits === null || weights.length === 0
      ? head
      : `${head}\n${weightTable(weights, bits).replace(/^/gm, "  ")}`;
  });
  if (decisions.length > most) shown.push(`  and ${decisions.length - most} more`);
  return shown.join("\n");
}
