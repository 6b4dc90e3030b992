import { numberOfKind } from "./kinds.js";
import { nameIn, type Place } from "./names.js";
import { headOf } from "./tables.js";

/**
 * The store for those who ask with SQL: views over the documents, always as of the last commit, and without anything that ages.
 * They follow the pointers of the live engine (fragment, event, strand, component), so a whole view reads every document that it
 * is made of. Columns are part of the public surface: new ones go to the end.
 */
export function views(place: Place): string {
  const name = (of: string): string => nameIn(place, of);
  const documents = name("documents");
  const kind = {
    event: numberOfKind("event"),
    strand: numberOfKind("strand"),
    component: numberOfKind("component"),
  };
  /** A document by its id, through the index. */
  const found = (alias: string, of: number, id: string): string =>
    `${alias}.kind = ${of} and ${headOf(`${alias}.id`)} = ${headOf(`(${id})`)} and ${alias}.id = ${id}`;
  return `
-- As the engine names documents: 128 bits of SHA-256.
create or replace function ${name("digest_name")}(value text) returns text language sql stable parallel safe
  as $body$ select left(encode(sha256(convert_to(value, 'UTF8')), 'hex'), 32) $body$;

create or replace function ${name("fragment_key")}(source text, id text) returns text
  language sql immutable parallel safe
  as $body$ select '[' || to_json(source)::text || ',' || to_json(id)::text || ']' $body$;

-- The JSON text of a fragment. What JSONB cannot hold becomes U+FFFD.
create or replace function ${name("content")}(value text) returns jsonb language plpgsql immutable strict parallel safe
as $body$
begin
  return value::jsonb;
exception when others then
  return regexp_replace(value, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\\1\\\\ufffd', 'g')::jsonb;
end
$body$;

-- Epoch milliseconds or ISO 8601, UTC where it names no offset; null where it is neither.
create or replace function ${name("instant")}(value jsonb) returns timestamptz language plpgsql stable strict
  set timezone = 'UTC'
as $body$
begin
  return case jsonb_typeof(value)
    when 'number' then to_timestamp((value #>> '{}')::double precision / 1000)
    when 'string' then (value #>> '{}')::timestamptz end;
exception when others then
  return null;
end
$body$;

create or replace view ${name("fragments")} as
select c.content->>'source' as source, c.content->>'id' as fragment_id, (f.doc->>'version')::bigint as version,
  c.content->>'kind' as kind, ${name("instant")}(c.content->'observedAt') as observed_at, c.content,
  f.doc->>'event' as event, f.doc->>'cell' as cell, f.id as document_id
from ${documents} f
cross join lateral (select ${name("content")}(f.doc->>'text') as content offset 0) c
where f.kind = ${numberOfKind("fragment")} and f.doc->>'text' is not null;

create or replace view ${name("strands")} as
select s.id as strand_id, s.doc #>> '{body,profile,id}' as profile_id,
  (s.doc #>> '{body,profile,version}')::bigint as version, false as pending
from ${documents} s
where s.kind = ${kind.strand} and s.doc #>> '{body,component}' is null and s.doc #>> '{body,profile,id}' is not null
union all
select strand.id, profile.value->>'id', (profile.value->>'version')::bigint, (c.doc->>'pending')::boolean
from ${documents} c
cross join lateral jsonb_array_elements(c.doc->'profiles') profile
cross join lateral jsonb_array_elements_text(profile.value->'strands') strand(id)
where c.kind = ${kind.component};

create or replace view ${name("assignments")} as
select f.source, f.fragment_id,
  case when o.strand is not null then o.origin
    else coalesce(p.profile->>'id', s.doc #>> '{body,profile,id}') end as profile_id,
  case when o.strand is not null then (
      select (profile.value->>'version')::bigint from ${documents} waiting
      cross join lateral jsonb_array_elements(waiting.doc->'profiles') profile
      where waiting.kind = ${kind.component} and (waiting.doc->>'pending')::boolean and profile.value->>'id' = o.origin limit 1)
    else coalesce((p.profile->>'version')::bigint, (s.doc #>> '{body,profile,version}')::bigint) end as profile_version,
  s.id as strand_id, coalesce((g.doc->>'pending')::boolean, false) as pending, f.observed_at, f.document_id
from ${name("fragments")} f
left join ${documents} e on ${found("e", kind.event, `${name("digest_name")}(f.event)`)}
cross join lateral (
  select e.id is null or (e.doc->>'over')::boolean as by_itself offset 0) u
cross join lateral (
  select case when u.by_itself then f.cell else e.doc->>'cell' end as cell,
    ${name("digest_name")}('u' || case when u.by_itself then 'f' || ${name("fragment_key")}(f.source, f.fragment_id)
      else 'e' || f.event end) as lone offset 0) at
left join ${documents} c on ${found("c", kind.strand, "at.cell")}
left join ${documents} l on ${found("l", kind.strand, "at.lone")}
cross join lateral (
  select c.id is null or (c.doc->>'alone')::boolean or ((c.doc->>'moving')::boolean and l.id is not null)
    as alone offset 0) w
cross join lateral (
  select case when w.alone then l.id else c.id end as id, case when w.alone then l.doc else c.doc end as doc offset 0) s
left join ${documents} g on ${found("g", kind.component, "(s.doc #>> '{body,component}')")}
-- What has changed while it waits is shown as the first of the profiles that its fragments came from.
left join lateral (
  select touched.value->>'strand' as strand, touched.value #>> '{origins,0}' as origin
  from jsonb_array_elements(g.doc->'touched') touched where touched.value->>'strand' = s.id limit 1) o on true
left join lateral (
  select profile.value as profile from jsonb_array_elements(g.doc->'profiles') profile
  where profile.value->'strands' ? s.id limit 1) p on true;

create or replace view ${name("profiles")} as
select s.profile_id, max(s.version) as version, bool_or(s.pending) as pending, count(*) as strands,
  coalesce(max(a.fragments), 0) as fragments, max(a.first_observed_at) as first_observed_at,
  max(a.last_observed_at) as last_observed_at
from ${name("strands")} s
left join (
  select profile_id, count(*) as fragments, min(observed_at) as first_observed_at, max(observed_at) as last_observed_at
  from ${name("assignments")} group by profile_id) a on a.profile_id = s.profile_id
group by s.profile_id;

create or replace view ${name("attributes")} as
select a.profile_id, v.category, v.name, v.value, count(*) as fragments, array_agg(distinct a.source) as sources,
  min(a.observed_at) as first_observed_at, max(a.observed_at) as last_observed_at
from ${name("assignments")} a
join ${name("fragments")} f on f.document_id = a.document_id
cross join lateral (
  select distinct * from (
    select 'identifier' as category, i.value->>'type' as name, i.value->>'value' as value
    from jsonb_array_elements(f.content->'identifiers') i
    union all
    select 'signal', s.key, s.value #>> '{}' from jsonb_each(f.content->'signals') s
    union all
    select 'attribute', t.key, one.value #>> '{}' from jsonb_each(f.content->'attributes') t
    cross join lateral jsonb_array_elements(
      case jsonb_typeof(t.value) when 'array' then t.value else jsonb_build_array(t.value) end) one(value)) stated) v
where a.profile_id is not null
group by a.profile_id, v.category, v.name, v.value;

create or replace function ${name("profile_of")}(source text, fragment_id text) returns text language sql stable strict
as $body$
  select a.profile_id from ${name("assignments")} a
  where a.document_id = ${name("digest_name")}(${name("fragment_key")}($1, $2))
    and ${headOf("a.document_id")} = ${headOf(`${name("digest_name")}(${name("fragment_key")}($1, $2))`)}
$body$;`;
}
