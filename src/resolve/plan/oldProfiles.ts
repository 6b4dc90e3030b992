import type { ProfileId } from "../ids.js";
import { NONE } from "../observation.js";
import type { ComponentsBefore } from "./components.js";
import type { ComponentProfile } from "./documents.js";
import { bodyBefore } from "./strandBody.js";
import type { Work } from "./work.js";

/** The profiles that were shown before the operation, as far as it touches them: each stands in one place. */
export class OldProfiles {
  readonly #work: Work;
  readonly #shown = new Map<ProfileId, ComponentProfile>();
  /** Components that show them; null for a strand that is a profile by itself. */
  readonly #homes = new Map<ProfileId, string | null>();
  /** Of strands that changed while they waited. */
  readonly #touched = new Map<string, readonly ProfileId[]>();
  /** By component and strand: what waits may show the name of a strand that is elsewhere by now. */
  readonly #byStrand = new Map<string, Map<string, ProfileId>>();

  constructor(work: Work, components: ComponentsBefore) {
    this.#work = work;
    for (const { id, profiles, touched } of components.values()) {
      const byStrand = new Map<string, ProfileId>();
      for (const profile of profiles) {
        this.#shown.set(profile.id, profile);
        this.#homes.set(profile.id, id);
        for (const strand of profile.strands) byStrand.set(strand, profile.id);
      }
      this.#byStrand.set(id, byStrand);
      for (const { strand, origins } of touched) this.#touched.set(strand, origins);
    }
    // What the operation has ended is shown until somebody says that it is gone.
    for (const strand of work.before.keys()) if (!work.strand(strand)?.body) this.originsOf(strand);
  }

  /** Ids shown for the fragments that a strand had before the operation, its own first. */
  originsOf(strand: string): readonly ProfileId[] {
    const body = bodyBefore(this.#work, strand);
    if (body === null) return NONE;
    const { component, profile } = body;
    if (component === null) {
      if (profile === null) return NONE;
      if (!this.#shown.has(profile.id)) {
        this.#shown.set(profile.id, { ...profile, strands: [strand] });
        this.#homes.set(profile.id, null);
      }
      return [profile.id];
    }
    const touched = this.#touched.get(strand);
    if (touched !== undefined) return touched;
    const id = this.#byStrand.get(component)?.get(strand);
    return id === undefined ? NONE : [id];
  }

  /** The profiles to which fragments of strands belonged, wherever these fragments were. */
  of(strands: readonly string[]): readonly ComponentProfile[] {
    const found = new Set<ComponentProfile>();
    const note = (strand: string): void => {
      for (const id of this.originsOf(strand)) {
        const profile = this.#shown.get(id);
        if (profile !== undefined) found.add(profile);
      }
    };
    for (const strand of strands) {
      note(strand);
      for (const from of this.#work.cameFrom.get(strand) ?? NONE) note(from);
    }
    return [...found];
  }

  /** Whether a strand has changed while it waited. */
  isTouched(strand: string): boolean {
    return this.#touched.has(strand);
  }

  /** Whether a strand does not lead to what shows its profile: it was gone while that waited, and came back elsewhere. */
  isAway(strand: string, profile: ProfileId): boolean {
    const body = bodyBefore(this.#work, strand);
    return body === null || body.component !== this.#homes.get(profile);
  }

  /** The version that an id showed last, wherever its founder was; 0 when it showed none. */
  versionOf(id: ProfileId): number {
    return this.#shown.get(id)?.version ?? 0;
  }

  /** Of everything that the operation may have changed. */
  byId(members: ReadonlySet<string>): ReadonlyMap<ProfileId, ComponentProfile> {
    for (const strand of this.#work.before.keys()) if (members.has(strand)) this.originsOf(strand);
    return this.#shown;
  }
}
