import { createHash } from "node:crypto";
import { StoreError } from "../error.js";
import type { Row, Session } from "./client.js";
import { FEED_START, functions, gateOf } from "./functions.js";
import { nameIn, type Place } from "./names.js";
import { FORMAT, tables } from "./tables.js";
import { views } from "./views.js";

/** From one format to the next. */
export interface Step {
  /** The format that it makes of the one before. */
  readonly to: number;
  /** Statements of PL/pgSQL, each ended by a semicolon. */
  sql(place: Place): string;
}

/** In their order, from format 1 on: there is but one so far. A step once released is never changed. */
const STEPS: readonly Step[] = [];

/** Leaves everything as this release has it. */
export async function migrate(session: Session, place: Place): Promise<void> {
  await bringTables(session, place);
  await checkOpen(session, place);
}

/** Makes tables, or takes them to a format by the steps that lead there, and defines functions and views anew. */
export async function bringTables(
  session: Session,
  place: Place,
  steps: readonly Step[] = STEPS,
  format: number = FORMAT,
): Promise<void> {
  await session.query("migrate", migration(place, steps, format));
}

/**
 * Everything in one statement, so that it works on any client, and all of it or nothing happens. Whoever comes second waits, and
 * finds that there is nothing left to do: views are not touched then, since replacing one waits for whoever reads it.
 */
function migration(place: Place, steps: readonly Step[], format: number): string {
  const meta = nameIn(place, "meta");
  const definitions = `${functions(place)}\n${views(place)}`;
  const digest = createHash("sha256").update(definitions).digest("hex");
  return `do $migration$
declare
  held integer;
  moved boolean := false;
  defined text;
begin
  perform pg_advisory_xact_lock(hashtextextended('leadweave migrate ${place.schema}.${place.tablePrefix}', 0));
  if not exists (select from pg_namespace where nspname = '${place.schema}') then
    create schema "${place.schema}";
  end if;
  if to_regclass('${meta}') is null then
    ${tables(place)}
  end if;
  select value::integer into held from ${meta} where name = 'format';
  ${steps.map((step) => stepped(place, step)).join("\n  ")}
  if held is distinct from ${format} then
    if moved then
      raise exception 'no step leads to format ${format}';
    end if;
    return;
  end if;
  select value into defined from ${meta} where name = 'definitions';
  if defined is distinct from '${digest}' then
    ${definitions}
    insert into ${meta} values ('definitions', '${digest}') on conflict (name) do update set value = excluded.value;
  end if;
end
$migration$`;
}

function stepped(place: Place, { to, sql }: Step): string {
  return `if held = ${to - 1} then
    ${sql(place)}
    update ${nameIn(place, "meta")} set value = '${to}' where name = 'format';
    held := ${to};
    moved := true;
  end if;`;
}

/**
 * Refuses a store that is not there, or of another format, and takes note when the data has come to another database cluster.
 *
 * @throws StoreError `store-missing`, `format-newer`, `format-older`, `corrupt`
 */
export async function checkOpen(session: Session, place: Place): Promise<void> {
  const [server] = await session.query(
    "open",
    `select to_regclass('${nameIn(place, "meta")}') is not null as found, current_setting('server_encoding') as encoding,
      current_setting('server_version_num')::integer as version, current_setting('transaction_isolation') as isolation`,
  );
  checkServer(server);
  const [meta] = await session.query(
    "format",
    `select (select value from ${nameIn(place, "meta")} where name = 'format') as format,
      (select ${hasMoved(place)} from ${nameIn(place, "meta")} m where m.name = 'epoch') as moved`,
  );
  const format = Number(meta?.format ?? Number.NaN);
  if (!Number.isSafeInteger(format))
    throw new StoreError(
      "corrupt",
      "the store does not say its format: restore its table meta from a backup",
    );
  if (format > FORMAT)
    throw new StoreError(
      "format-newer",
      `the store has format ${format}, this release knows ${FORMAT}: update the package`,
    );
  if (format < FORMAT)
    throw new StoreError(
      "format-older",
      `the store has format ${format}, this release needs ${FORMAT}: run \`leadweave migrate\``,
    );
  if (meta?.moved === true) await beginEpoch(session, place);
}

function checkServer(server: Row | undefined): void {
  if (Number(server?.version) < 130_000)
    throw new StoreError("failed", "Postgres 13 or later is needed: update the server");
  if (server?.encoding !== "UTF8")
    throw new StoreError("failed", "the encoding of the database must be UTF8: create another one");
  if (server.isolation !== "read committed")
    throw new StoreError(
      "failed",
      "the default isolation must be READ COMMITTED: reset default_transaction_isolation for this role or database",
    );
  if (server.found !== true)
    throw new StoreError(
      "store-missing",
      "the database has no tables of leadweave in this schema: run `leadweave migrate`, or open with `migrate: true`",
    );
}

/**
 * Whether the feed, or the mark of where it begins, which may be all that is left of it, names transactions that this cluster has yet
 * to begin; `m` is the row of the epoch.
 */
function hasMoved(place: Place): string {
  return `(exists (
      select from ${nameIn(place, "changes")}
      where epoch = m.value::integer and xid >= pg_snapshot_xmax(pg_current_snapshot()))
    or exists (
      select from ${nameIn(place, "meta")} s
      where s.name = '${FEED_START}' and split_part(s.value, '.', 1) = m.value
        and nullif(split_part(s.value, '.', 2), '')::xid8 >= pg_snapshot_xmax(pg_current_snapshot())))`;
}

/**
 * The feed has entries of transactions that this cluster has yet to begin: the data was restored from a dump. Their ids say
 * nothing here, so a new epoch begins, in which they all are of the past.
 */
async function beginEpoch(session: Session, place: Place): Promise<void> {
  await session.query(
    "epoch",
    `do $epoch$
    begin
      perform pg_advisory_xact_lock(${gateOf(place)});
      update ${nameIn(place, "meta")} m set value = (m.value::integer + 1)::text
      where m.name = 'epoch' and ${hasMoved(place)};
    end
    $epoch$`,
  );
}
