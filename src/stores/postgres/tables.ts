import { nameIn, type Place } from "./names.js";

/** Format of the tables: opening data of a greater one is refused. */
export const FORMAT = 1;

/**
 * Ids and names are texts of any length, an index entry has at most 2,704 bytes: so the first characters are indexed, and of what
 * is longer a digest. In the collation "C" the first characters are ordered as the whole, which is what scans go by.
 */
const HEAD = 500;
const OWNER_HEAD = 100;
const NAME_HEAD = 400;

export const headOf = (id: string): string => `left(${id}, ${HEAD})`;
export const ownerHeadOf = (owner: string): string => `left(${owner}, ${OWNER_HEAD})`;
export const nameHeadOf = (name: string): string => `left(${name}, ${NAME_HEAD})`;

/** What `on conflict` and the unique indexes name. */
export function documentKey(place: Place): string {
  return `(kind, ${headOf("id")}, (case when length(id) > ${HEAD} then ${nameIn(place, "digest")}(id) else '' end))`;
}

export function rowKey(place: Place): string {
  const long = `length(owner) > ${OWNER_HEAD} or length(name) > ${NAME_HEAD}`;
  const digest = `${nameIn(place, "digest")}(owner) || ${nameIn(place, "digest")}(name)`;
  return `(kind, ${ownerHeadOf("owner")}, ${nameHeadOf("name")}, (case when ${long} then ${digest} else '' end))`;
}

/**
 * Tables of format 1.
 *
 * Versions come from a sequence and not from transaction ids: a sequence goes on where it was after a dump is restored elsewhere.
 * In `changes` the transaction id says what must be finished before a reader may pass; `epoch` counts the database clusters that
 * the data has lived in, whose transaction ids have nothing to do with each other.
 */
export function tables(place: Place): string {
  const name = (of: string): string => nameIn(place, of);
  const index = (of: string): string => `"${place.tablePrefix}${of}"`;
  return `
create table ${name("meta")} (
  name text primary key,
  value text not null
);
create sequence ${name("versions")} as bigint;
create function ${name("digest")}(value text) returns text language plpgsql immutable strict parallel safe
  as $body$ begin return encode(sha256(convert_to(value, 'UTF8')), 'hex'); end $body$;
create table ${name("documents")} (
  kind smallint not null,
  id text collate "C" not null,
  version bigint not null check (version > 0),
  doc jsonb not null,
  raw text
) with (fillfactor = 85);
create unique index ${index("documents_key")} on ${name("documents")} ${documentKey(place)};
create table ${name("rows")} (
  kind smallint not null,
  owner text collate "C" not null,
  name text collate "C" not null
);
create unique index ${index("rows_key")} on ${name("rows")} ${rowKey(place)};
create table ${name("changes")} (
  epoch integer not null,
  xid xid8 not null,
  seq bigint generated always as identity,
  change jsonb not null,
  raw text,
  primary key (epoch, xid, seq)
);
insert into ${name("meta")} values ('format', '${FORMAT}'), ('epoch', '1');`;
}
