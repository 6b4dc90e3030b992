import { createHash } from "node:crypto";

/** A script, and the digest by which a server that knows it is asked for it. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

/**
 * Keys of every script, always all of them, for a cluster routes by what is named. A document is a field of `docs`,
 * `version SPACE text`, and a member of `ids`; a row is a member of `rows`. Members have the score 0, so their order is that of
 * their bytes. U+0000 joins the parts of a name, which do not hold it.
 */
const PRELUDE = `
local meta, docs, ids, rows, feed = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local at = 0
local function take() at = at + 1; return ARGV[at] end
local format = redis.call('HGET', meta, 'format')
if format and not tonumber(format) then return redis.error_reply('LEADWEAVE-FORMAT not a store') end
if format and tonumber(format) > 1 then return redis.error_reply('LEADWEAVE-NEWER format ' .. format) end
local function held(name)
  local value = redis.call('HGET', docs, name)
  if not value then return '0', false end
  local gap = string.find(value, ' ', 1, true)
  return string.sub(value, 1, gap - 1), string.sub(value, gap + 1)
end
`;

function script(body: string): Script {
  const text = PRELUDE + body;
  return { text, sha1: createHash("sha1").update(text).digest("hex") };
}

/**
 * Wishes, each in three or four words: `d name`, `r prefix limit`, `s prefix after limit`. Answers: version and text; names;
 * ids, versions and texts in turn. Prefixes end with U+0000, and U+0001 is what follows it.
 */
export const READ = script(`
local answers = {}
while at < #ARGV do
  local type = take()
  if type == 'd' then
    local version, text = held(take())
    answers[#answers + 1] = { version, text }
  else
    local key = type == 'r' and rows or ids
    local prefix = take()
    local from = type == 's' and take() or ''
    local start = from == '' and '[' .. prefix or '(' .. prefix .. string.sub(from, 2)
    local stop = '(' .. string.sub(prefix, 1, -2) .. '\\1'
    local names = redis.call('ZRANGEBYLEX', key, start, stop, 'LIMIT', 0, take())
    local answer = {}
    for i = 1, #names do
      answer[#answer + 1] = string.sub(names[i], #prefix + 1)
      if type == 's' then
        local version, text = held(names[i])
        answer[#answer + 1] = version
        answer[#answer + 1] = text
      end
    end
    answers[#answers + 1] = answer
  end
end
return answers
`);

/**
 * Six lists, each behind its length: expected names and versions, puts and texts, deletes, rows put, rows deleted, changes.
 * 0 for a conflict.
 *
 * The version of a commit is the server's clock in microseconds, or one more than the last where the clock is not beyond it. A
 * plain counter would go back with the data when a server comes up again without its last second (`appendfsync everysec`), and
 * then give out what a waiting writer still holds. What may be refused for want of memory is written first: a script is not undone.
 */
export const COMMIT = script(`
for _ = 1, tonumber(take()) do
  local name = take()
  if held(name) ~= take() then return 0 end
end
local now = redis.call('TIME')
local last = tonumber(redis.call('HGET', meta, 'version') or '0')
local version = string.format('%.0f', math.max(last + 1, tonumber(now[1]) * 1000000 + tonumber(now[2])))
redis.call('HSET', meta, 'format', '1', 'version', version)
for _ = 1, tonumber(take()) do
  local name = take()
  redis.call('HSET', docs, name, version .. ' ' .. take())
  redis.call('ZADD', ids, 0, name)
end
for _ = 1, tonumber(take()) do
  local name = take()
  redis.call('HDEL', docs, name)
  redis.call('ZREM', ids, name)
end
for _ = 1, tonumber(take()) do redis.call('ZADD', rows, 0, take()) end
for _ = 1, tonumber(take()) do redis.call('ZREM', rows, take()) end
for i = 1, tonumber(take()) do redis.call('XADD', feed, version .. '-' .. i, 'c', take()) end
return 1
`);

/**
 * Whether what lies before a place was dropped. Places are numbers with a dash between: the first below 2^53, as the clock in
 * microseconds is for two centuries.
 */
const PLACES = `
local function parts(place)
  local gap = string.find(place, '-', 1, true)
  return tonumber(string.sub(place, 1, gap - 1)), tonumber(string.sub(place, gap + 1))
end
local function isBefore(a, b)
  if b == '' or a == b then return false end
  if a == '' then return true end
  local a1, a2 = parts(a)
  local b1, b2 = parts(b)
  return a1 < b1 or (a1 == b1 and a2 < b2)
end
local start = redis.call('HGET', meta, 'start') or ''
local function newest()
  local last = redis.call('XREVRANGE', feed, '+', '-', 'COUNT', 1)
  return #last == 0 and start or last[1][1]
end
`;

/** A page of the feed: the cursor before it, the last place to go to ('' for the present end), how many. Answers that end first. */
export const FEED = script(`${PLACES}
local after, stop, limit = take(), take(), take()
if isBefore(after, start) then return redis.error_reply('LEADWEAVE-EXPIRED dropped') end
if stop == '' then
  stop = newest()
  if stop == '' then return { '' } end
end
local from = after == '' and '-' or '(' .. after
local answer = { stop }
for _, entry in ipairs(redis.call('XRANGE', feed, from, stop, 'COUNT', limit)) do
  answer[#answer + 1] = entry[1]
  answer[#answer + 1] = entry[2][2]
end
return answer
`);

/** Where the feed begins and ends: '' for a beginning before which nothing was dropped, and for the end of a feed without entries. */
export const BOUNDS = script(`${PLACES}
return { start, newest() }
`);

/**
 * One step of dropping: the last place to drop, or '' and the entries to keep, and how many at most. Answers how many were dropped,
 * and how many more there are to drop by number. What is marked and what is gone are of one piece.
 */
export const TRIM = script(`${PLACES}
local through, keep, limit = take(), tonumber(take()), tonumber(take())
if through == '' then limit = math.min(limit, redis.call('XLEN', feed) - keep)
elseif isBefore(newest(), through) then return redis.error_reply('LEADWEAVE-CURSOR beyond the end') end
if limit < 1 then return { 0, 0 } end
local entries = redis.call('XRANGE', feed, '-', through == '' and '+' or through, 'COUNT', limit)
if #entries == 0 then return { 0, 0 } end
redis.call('HSET', meta, 'start', entries[#entries][1])
for _, entry in ipairs(entries) do redis.call('XDEL', feed, entry[1]) end
return { #entries, through == '' and redis.call('XLEN', feed) - keep or 0 }
`);

/** Members of `ids` that begin with a text: no byte of UTF-8 is 255. */
export const COUNT = script(`
local prefix = take()
return redis.call('ZLEXCOUNT', ids, '[' .. prefix, '(' .. prefix .. '\\255')
`);
