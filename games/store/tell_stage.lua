-- Store what everyone sees now and announce it, once for each revision.
-- KEYS state stage lines results news
-- ARGV revision, stage as JSON, own results as JSON {player: JSON}, result of the round as JSON or "",
--      round, then player, line of everyone whose line changed
-- returns 1 for the one who told it, 0 for the others
local state, stage, lines, results, news = unpack(KEYS)
local revision, told, phase, round, bell_at, paused_at, limit_ms, clock = unpack(redis.call(
  'HMGET', state, 'revision', 'told', 'phase', 'round', 'bell_at', 'paused_at', 'limit_ms', 'clock'))
if revision ~= ARGV[1] or told == ARGV[1] then
  return 0
end
-- Lua's unpack has a limit of some thousands, a class may not.
for i = 6, #ARGV, 2 do
  redis.call('HSET', lines, ARGV[i], ARGV[i + 1])
end
if ARGV[4] ~= '' then
  redis.call('HSET', results, ARGV[5], ARGV[4])
end
local lifetime = math.max(1, redis.call('TTL', state))
redis.call('SET', stage, ARGV[2], 'EX', lifetime)
redis.call('EXPIRE', lines, lifetime)
redis.call('EXPIRE', results, lifetime)
redis.call('HSET', state, 'told', revision)
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local head = {'stage', revision, phase, round, clock, bell_at, paused_at, now, limit_ms}
redis.call('PUBLISH', news, table.concat(head, ' ') .. '\n' .. ARGV[2] .. '\n' .. ARGV[3])
return 1
