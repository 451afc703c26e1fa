-- Stop the clock, let it go on, or give more time; announce it.
-- KEYS state news
-- ARGV "pause", "go_on" or "extend", expected phase, expected round, ms more
-- returns 1, or 0 if the room is elsewhere or there is nothing to change
local state, news = unpack(KEYS)
local verb, expected_phase, expected_round, more_ms = unpack(ARGV)
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local phase, round, bell_at, opened_at, limit_ms, paused_at, told, revision = unpack(redis.call(
  'HMGET', state, 'phase', 'round', 'bell_at', 'opened_at', 'limit_ms', 'paused_at', 'told', 'revision'))
if phase ~= expected_phase or round ~= expected_round or told ~= revision then
  return 0
end
local is_paused = paused_at ~= '0'
if verb == 'pause' then
  if is_paused or (bell_at == '0' and phase ~= 'asking') or
      (bell_at ~= '0' and now >= tonumber(bell_at)) then
    return 0
  end
  paused_at = now
elseif verb == 'go_on' then
  if not is_paused then
    return 0
  end
  -- Everything happened later by as long as the clock stood.
  local stood_ms = now - tonumber(paused_at)
  opened_at = tonumber(opened_at) + stood_ms
  if bell_at ~= '0' then
    bell_at = tonumber(bell_at) + stood_ms
  end
  paused_at = '0'
else
  if bell_at == '0' then
    return 0
  end
  bell_at = tonumber(bell_at) + tonumber(more_ms)
  limit_ms = tonumber(limit_ms) + tonumber(more_ms)
end
redis.call('HSET', state, 'bell_at', bell_at, 'opened_at', opened_at, 'limit_ms', limit_ms,
  'paused_at', paused_at)
local clock = redis.call('HINCRBY', state, 'clock', 1)
redis.call('PUBLISH', news,
  table.concat({'clock', clock, bell_at, paused_at, now, limit_ms}, ' '))
return 1
