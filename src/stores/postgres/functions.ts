import { nameIn, type Place } from "./names.js";
import { documentKey, headOf, nameHeadOf, ownerHeadOf, rowKey } from "./tables.js";

/** SQLSTATEs of what the functions themselves refuse. */
export const WRONG_ISOLATION = "LW001";
export const CURSOR_EXPIRED = "LW002";

/**
 * Every lookup goes by an index, one by one, whatever the statistics of the day say: a plan made while the tables were empty, and
 * kept by a session, would read them from end to end when they are not.
 */
const PLANNING = `
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off
  set max_parallel_workers_per_gather = 0 set plan_cache_mode = force_generic_plan set jit = off`;

/** The advisory lock that every writing commit holds until its end: shared, or alone where it would need too many others. */
export function gateOf({ schema, tablePrefix }: Place): string {
  return `hashtextextended('leadweave gate ${schema}.${tablePrefix}', 0)`;
}

/**
 * What makes a read or a commit one round trip.
 *
 * **Commit.** The order is: locks, checks, writes. Locks are advisory, of the transaction, taken in the order of their numbers:
 * exclusive for a document that is written, shared for one that is only expected. They lock names and not rows, so that two
 * cannot create one document at a time, and nobody creates what another expects to be absent. At READ COMMITTED each statement of
 * a function sees what is committed when it begins, hence after the locks were granted. The transaction has no id before it
 * writes: of two commits of which one rests on the other, the later one has the greater id, which is the order of the feed.
 *
 * **Verification.** A changeset that only expects needs no locks: one statement reads one snapshot.
 *
 * **Feed.** Who is still writing holds the gate. A reader goes as far as the least transaction id that may belong to one of them:
 * what commits later has a greater one. Other transactions of the server are not waited for.
 *
 * **Trimming.** Each step marks the last place that it drops in the same transaction. A reader looks at the mark after it has read a
 * page, by a statement of its own: whoever missed what was dropped sees the mark.
 */
export function functions(place: Place): string {
  return `${readFunction(place)}
${holdsFunction(place)}
${commitFunction(place)}
${horizonFunction(place)}
${feedFunction(place)}
${boundsFunction(place)}
${trimFunction(place)}`;
}

const wishKind = (wish: string, at = 0): string => `(${wish}->>${at})::smallint`;

function readFunction(place: Place): string {
  const documents = nameIn(place, "documents");
  return `
create or replace function ${nameIn(place, "read")}(refs jsonb, ranges jsonb, scans jsonb)
  returns table (at integer, name text, version bigint, doc text)
  language plpgsql stable ${PLANNING}
as $body$
#variable_conflict use_column
begin
  if refs is not null then
    return query
      select w.at::integer, null::text, d.version, coalesce(d.raw, d.doc::text)
      from jsonb_array_elements(refs) with ordinality w(wish, at)
      cross join lateral (
        select d.version, d.raw, d.doc from ${documents} d
        where d.kind = ${wishKind("w.wish")} and ${headOf("d.id")} = ${headOf("(w.wish->>1)")} and d.id = w.wish->>1
        limit 1) d;
  end if;
  if ranges is not null then
    return query
      select (w.wish->>0)::integer, r.name, null::bigint, null::text
      from jsonb_array_elements(ranges) w(wish)
      cross join lateral (
        select r.name from ${nameIn(place, "rows")} r
        where r.kind = ${wishKind("w.wish", 1)} and ${ownerHeadOf("r.owner")} = ${ownerHeadOf("(w.wish->>2)")}
          and r.owner = w.wish->>2
        order by ${nameHeadOf("r.name")}, r.name
        limit (w.wish->>3)::integer) r;
  end if;
  if scans is not null then
    return query
      select (w.wish->>0)::integer, d.id, d.version, coalesce(d.raw, d.doc::text)
      from jsonb_array_elements(scans) w(wish)
      cross join lateral (
        select d.id, d.version, d.raw, d.doc from ${documents} d
        where d.kind = ${wishKind("w.wish", 1)} and ${headOf("d.id")} >= ${headOf("coalesce(w.wish->>2, '')")}
          and (w.wish->>2 is null or d.id > w.wish->>2)
        order by ${headOf("d.id")}, d.id
        limit (w.wish->>3)::integer) d;
  end if;
end
$body$;`;
}

/** Whether a document expected is not as expected; `names` has [kind, id, version or null, written]. */
function brokenExpectation(place: Place): string {
  return `
    select from jsonb_array_elements(names) w(name)
    left join lateral (
      select d.version from ${nameIn(place, "documents")} d
      where d.kind = ${wishKind("w.name")} and ${headOf("d.id")} = ${headOf("(w.name->>1)")} and d.id = w.name->>1
      limit 1) d on true
    where (w.name->>2)::bigint <> coalesce(d.version, 0)`;
}

function holdsFunction(place: Place): string {
  return `
create or replace function ${nameIn(place, "holds")}(names jsonb) returns boolean
  language plpgsql stable ${PLANNING}
as $body$
begin
  return not exists (${brokenExpectation(place)});
end
$body$;`;
}

function commitFunction(place: Place): string {
  const [documents, rows] = [nameIn(place, "documents"), nameIn(place, "rows")];
  const gate = gateOf(place);
  const lockName = `hashtextextended(w.name->>1, hashtextextended('${place.schema}.${place.tablePrefix}', (w.name->>0)::bigint))`;
  return `
create or replace function ${nameIn(place, "commit")}(
    names jsonb, puts jsonb, row_changes jsonb, feed jsonb, alone boolean, patience text)
  returns boolean
  language plpgsql volatile ${PLANNING}
as $body$
declare
  number bigint;
  is_written boolean;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'leadweave commits at READ COMMITTED only' using errcode = '${WRONG_ISOLATION}';
  end if;
  perform set_config('lock_timeout', patience, true);
  if alone then
    perform pg_advisory_xact_lock(${gate});
  else
    perform pg_advisory_xact_lock_shared(${gate});
    for number, is_written in
      select ${lockName}, bool_or((w.name->>3)::boolean)
      from jsonb_array_elements(names) w(name) group by 1 order by 1
    loop
      if is_written then
        perform pg_advisory_xact_lock(number);
      else
        perform pg_advisory_xact_lock_shared(number);
      end if;
    end loop;
  end if;

  if exists (${brokenExpectation(place)}) then
    return false;
  end if;

  delete from ${documents} d
    using (select ${wishKind("w.name")} as kind, w.name->>1 as id
           from jsonb_array_elements(names) w(name) where w.name->>4 = '1') w
    where d.kind = w.kind and ${headOf("d.id")} = ${headOf("w.id")} and d.id = w.id;
  if puts is not null then
    number := nextval('${nameIn(place, "versions")}');
    insert into ${documents} (kind, id, version, doc, raw)
      select ${wishKind("w.put")}, w.put->>1, number, w.put->2, w.put->>3
      from jsonb_array_elements(puts) w(put)
      on conflict ${documentKey(place)} do update
        set version = excluded.version, doc = excluded.doc, raw = excluded.raw;
  end if;
  if row_changes is not null then
    delete from ${rows} r
      using (select ${wishKind("w.change")} as kind, w.change->>1 as owner, w.change->>2 as name
             from jsonb_array_elements(row_changes) w(change) where w.change->>3 = '0' order by 1, 2, 3) w
      where r.kind = w.kind and ${ownerHeadOf("r.owner")} = ${ownerHeadOf("w.owner")}
        and ${nameHeadOf("r.name")} = ${nameHeadOf("w.name")} and r.owner = w.owner and r.name = w.name;
    insert into ${rows} (kind, owner, name)
      select ${wishKind("w.change")}, w.change->>1, w.change->>2
      from jsonb_array_elements(row_changes) w(change) where w.change->>3 = '1' order by 1, 2, 3
      on conflict ${rowKey(place)} do nothing;
  end if;
  if feed is not null then
    insert into ${nameIn(place, "changes")} (epoch, xid, change, raw)
      select (select value::integer from ${nameIn(place, "meta")} where name = 'epoch'), pg_current_xact_id(),
        w.entry->0, w.entry->>1
      from jsonb_array_elements(feed) with ordinality w(entry, at) order by w.at;
  end if;
  return true;
end
$body$;`;
}

/** The least id of a transaction that may still append to the feed: entries of lesser ones are all there. */
function horizonFunction(place: Place): string {
  return `
create or replace function ${nameIn(place, "horizon")}() returns xid8
  language plpgsql volatile ${PLANNING}
as $body$
declare
  started pg_snapshot;
  upto xid8;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'leadweave reads its feed at READ COMMITTED only' using errcode = '${WRONG_ISOLATION}';
  end if;
  if pg_is_in_recovery() then
    raise exception 'the feed is read from the primary server' using errcode = '25006';
  end if;
  -- In this order: who takes the gate after this moment is given a transaction id that is not below its xmax.
  started := pg_current_snapshot();
  with held as materialized (
    select locktype, virtualtransaction, transactionid::text::bigint as low,
      (classid::bigint << 32 | objid::bigint) = ${gateOf(place)} and objsubid = 1
        and database = (select oid from pg_database where datname = current_database()) as is_gate
    from pg_locks where granted and (locktype = 'advisory' or locktype = 'transactionid' and mode = 'ExclusiveLock'))
  select x.xid into upto
  from (
    select pg_snapshot_xmax(started) as xid
    union all
    -- Running transactions, but for those that are known to hold no gate. One that has its id and not yet the lock on its id,
    -- which is a moment of each, may be anybody's. Locks name the lower half of an id.
    select running.xid from pg_snapshot_xip(started) running(xid)
    where not exists (
      select from held own
      where own.locktype = 'transactionid' and own.low = running.xid::text::numeric % 4294967296
        and not exists (
          select from held gate where gate.is_gate and gate.virtualtransaction = own.virtualtransaction))) x
  order by x.xid limit 1;
  return upto;
end
$body$;`;
}

const epochIn = (place: Place): string =>
  `(select value::integer from ${nameIn(place, "meta")} where name = 'epoch')`;

/** The last place that was dropped, as a row of epoch, transaction and number; the beginning where none was. */
export const FEED_START = "feed_start";

function startIn(place: Place): string {
  const part = (at: number, type: string): string =>
    `coalesce((select split_part(value, '.', ${at}) from ${nameIn(place, "meta")} where name = '${FEED_START}'), '0')::${type}`;
  return `(${part(1, "integer")}, ${part(2, "xid8")}, ${part(3, "bigint")})`;
}

function feedFunction(place: Place): string {
  const changes = nameIn(place, "changes");
  return `
create or replace function ${nameIn(place, "feed")}(
    after_epoch integer, after_xid text, after_seq bigint, until text, most integer)
  returns table (epoch integer, xid text, seq bigint, change text, horizon text)
  language plpgsql volatile ${PLANNING}
as $body$
#variable_conflict use_column
declare
  current_epoch integer;
  upto xid8 := until::xid8;
begin
  if upto is null then
    upto := ${nameIn(place, "horizon")}();
  end if;
  current_epoch := ${epochIn(place)};
  return query
    select c.epoch, c.xid::text, c.seq, coalesce(c.raw, c.change::text), upto::text
    from ${changes} c
    where (c.epoch, c.xid, c.seq) > (after_epoch, after_xid::xid8, after_seq)
      and (c.epoch < current_epoch or c.xid < upto)
    order by c.epoch, c.xid, c.seq
    limit most;
  if (after_epoch, after_xid::xid8, after_seq) < ${startIn(place)} then
    raise exception 'entries after this place were dropped' using errcode = '${CURSOR_EXPIRED}';
  end if;
end
$body$;`;
}

/** Where the feed begins, and its end, or the place behind which so many entries are left. */
function boundsFunction(place: Place): string {
  return `
create or replace function ${nameIn(place, "bounds")}(behind bigint) returns table (first text, last text)
  language plpgsql volatile ${PLANNING}
as $body$
declare
  current_epoch integer;
  upto xid8;
begin
  upto := ${nameIn(place, "horizon")}();
  current_epoch := ${epochIn(place)};
  select c.epoch || '.' || c.xid || '.' || c.seq into last
    from ${nameIn(place, "changes")} c
    where c.epoch < current_epoch or c.xid < upto
    order by c.epoch desc, c.xid desc, c.seq desc
    offset behind limit 1;
  select value into first from ${nameIn(place, "meta")} where name = '${FEED_START}';
  last := coalesce(last, first);
  return next;
end
$body$;`;
}

/** One step of dropping: up to a place, and at most so many entries. Answers how many they were. */
function trimFunction(place: Place): string {
  const [changes, meta] = [nameIn(place, "changes"), nameIn(place, "meta")];
  return `
create or replace function ${nameIn(place, "trim")}(to_epoch integer, to_xid text, to_seq bigint, most integer) returns bigint
  language plpgsql volatile ${PLANNING}
as $body$
declare
  dropped record;
  done bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('leadweave trim ${place.schema}.${place.tablePrefix}', 0));
  select c.epoch, c.xid, c.seq into dropped
    from (
      select c.epoch, c.xid, c.seq from ${changes} c
      where (c.epoch, c.xid, c.seq) <= (to_epoch, to_xid::xid8, to_seq)
      order by c.epoch, c.xid, c.seq limit most) c
    order by c.epoch desc, c.xid desc, c.seq desc limit 1;
  if not found then
    return 0;
  end if;
  insert into ${meta} values ('${FEED_START}', dropped.epoch || '.' || dropped.xid || '.' || dropped.seq)
    on conflict (name) do update set value = excluded.value;
  delete from ${changes} c where (c.epoch, c.xid, c.seq) <= (dropped.epoch, dropped.xid, dropped.seq);
  get diagnostics done = row_count;
  return done;
end
$body$;`;
}
