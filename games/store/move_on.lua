-- The room goes from one phase to the next, for exactly one of all who ask.
-- KEYS state, then every other key of the room (to live on)
-- ARGV expected phase, expected round, phase, round, lasts in ms (0 = until the host moves on),
--      "bell" (only if it is due) or "host", lifetime in s
-- returns the new revision, or 0 if the room is elsewhere or the bell isn't due
local state = KEYS[1]
local expected_phase, expected_round, phase, round, lasts, who, lifetime = unpack(ARGV)
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)

local at_phase, at_round, bell_at, told, revision =
  unpack(redis.call('HMGET', state, 'phase', 'round', 'bell_at', 'told', 'revision'))
if at_phase ~= expected_phase or at_round ~= expected_round then
  return 0
end
-- What was begun is told before the next begins: a closed question is scored, whoever closed it.
if told ~= revision then
  return 0
end
if who == 'bell' and (bell_at == '0' or now < tonumber(bell_at)) then
  return 0
end
if phase == 'asking' then
  redis.call('HSET', state, 'opened_at', now)
end
redis.call('HSET', state, 'phase', phase, 'round', round,
  'bell_at', lasts == '0' and '0' or now + tonumber(lasts))
for _, key in ipairs(KEYS) do
  redis.call('EXPIRE', key, lifetime)
end
return redis.call('HINCRBY', state, 'revision', 1)
