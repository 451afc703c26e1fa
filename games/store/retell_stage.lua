-- Store another form of the stage that everyone sees, and announce it, if the room is still there.
-- KEYS state stage news
-- ARGV the revision it is another form of, stage as JSON
-- returns 1 for the one who told it, 0 if the room has moved on or another was faster
local state, stage, news = unpack(KEYS)
local revision, told, phase, round, bell_at, paused_at, limit_ms, clock = unpack(redis.call(
  'HMGET', state, 'revision', 'told', 'phase', 'round', 'bell_at', 'paused_at', 'limit_ms', 'clock'))
if revision ~= ARGV[1] or told ~= revision then
  return 0
end
redis.call('SET', stage, ARGV[2], 'KEEPTTL')
revision = redis.call('HINCRBY', state, 'revision', 1)
redis.call('HSET', state, 'told', revision)
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local head = {'stage', revision, phase, round, clock, bell_at, paused_at, now, limit_ms}
redis.call('PUBLISH', news, table.concat(head, ' ') .. '\n' .. ARGV[2] .. '\n{}')
return 1
