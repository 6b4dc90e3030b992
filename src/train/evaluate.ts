/** Agreement of a clustering with the truth, over the records that both name. */
export interface Evaluation {
  readonly records: number;
  /** Records of one side that the other does not name; they are left out. */
  readonly unmatched: { readonly assignments: number; readonly truth: number };
  readonly pairwise: PrecisionRecall & {
    readonly truePairs: number;
    readonly foundPairs: number;
    readonly commonPairs: number;
  };
  /** B-cubed: A. Bagga, B. Baldwin 1998; per record, then averaged. */
  readonly bCubed: PrecisionRecall;
  readonly clusters: {
    readonly found: number;
    readonly true: number;
    /** Found clusters that are exactly a true one. */
    readonly exact: number;
    /** Found clusters that hold records of several true ones. */
    readonly overMerged: number;
    /** True clusters whose records lie in several found ones. */
    readonly underMerged: number;
    readonly largestFound: number;
  };
}

export interface PrecisionRecall {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * Pairwise and B-cubed precision, recall and F1, and cluster counts. Where there are no pairs to find or none found, the
 * undefined ratio counts as 1: nothing was wrong, or nothing was missed.
 *
 * @param assignments record → cluster found
 * @param truth record → true entity
 */
export function evaluate(
  assignments: ReadonlyMap<string, string>,
  truth: ReadonlyMap<string, string>,
): Evaluation {
  const found = new Map<string, number>();
  const real = new Map<string, number>();
  const common = new Map<string, Map<string, number>>();
  let records = 0;
  for (const [record, cluster] of assignments) {
    const entity = truth.get(record);
    if (entity === undefined) continue;
    records++;
    found.set(cluster, (found.get(cluster) ?? 0) + 1);
    real.set(entity, (real.get(entity) ?? 0) + 1);
    let row = common.get(cluster);
    if (row === undefined) {
      row = new Map();
      common.set(cluster, row);
    }
    row.set(entity, (row.get(entity) ?? 0) + 1);
  }

  let commonPairs = 0;
  let precisionSum = 0;
  let recallSum = 0;
  let exact = 0;
  let overMerged = 0;
  const pieces = new Map<string, number>();
  for (const [cluster, row] of common) {
    const size = found.get(cluster) as number;
    if (row.size > 1) overMerged++;
    for (const [entity, shared] of row) {
      const entitySize = real.get(entity) as number;
      commonPairs += pairsOf(shared);
      precisionSum += (shared * shared) / size;
      recallSum += (shared * shared) / entitySize;
      if (shared === size && shared === entitySize) exact++;
      pieces.set(entity, (pieces.get(entity) ?? 0) + 1);
    }
  }
  const foundPairs = sumPairs(found);
  const truePairs = sumPairs(real);
  return {
    records,
    unmatched: { assignments: assignments.size - records, truth: truth.size - records },
    pairwise: {
      ...precisionRecall(ratio(commonPairs, foundPairs), ratio(commonPairs, truePairs)),
      truePairs,
      foundPairs,
      commonPairs,
    },
    bCubed: precisionRecall(ratio(precisionSum, records), ratio(recallSum, records)),
    clusters: {
      found: found.size,
      true: real.size,
      exact,
      overMerged,
      underMerged: [...pieces.values()].filter((count) => count > 1).length,
      largestFound: [...found.values()].reduce((most, size) => Math.max(most, size), 0),
    },
  };
}

function pairsOf(size: number): number {
  return (size * (size - 1)) / 2;
}

function sumPairs(sizes: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const size of sizes.values()) sum += pairsOf(size);
  return sum;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function precisionRecall(precision: number, recall: number): PrecisionRecall {
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  };
}
