-- The room goes from one phase to the next, for exactly one of all who ask.
-- KEYS state present factors limits answers-of-the-round first-votes-of-the-round
--      there-at-its-close, then every other key of the room (to live on)
-- ARGV expected phase, expected round, expected vote, phase, round, vote, lasts in ms (0 = until the
--      host moves on), "bell" (only if it is due) or "host", lifetime in s
-- returns the new revision, or 0 if the room is elsewhere or the bell isn't due
local state, present, factors, limits, answers, first_votes, there = unpack(KEYS, 1, 7)
local expected_phase, expected_round, expected_vote, phase, round, vote, lasts, who, lifetime =
  unpack(ARGV)
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)

local at_phase, at_round, at_vote, bell_at, paused_at, opened_at, limit_ms, told, revision =
  unpack(redis.call('HMGET', state, 'phase', 'round', 'vote', 'bell_at', 'paused_at', 'opened_at',
    'limit_ms', 'told', 'revision'))
if at_phase ~= expected_phase or at_round ~= expected_round or at_vote ~= expected_vote then
  return 0
end
-- What was begun is told before the next begins: a closed question is scored, whoever closed it.
if told ~= revision then
  return 0
end
if who == 'bell' then
  if bell_at == '0' or paused_at ~= '0' or now < tonumber(bell_at) then
    return 0
  end
  -- Those with more time than others are waited for, if they are here.
  local slow = at_phase == 'asking' and redis.call('HGETALL', factors) or {}
  for i = 1, #slow, 2 do
    local own_bell_at = tonumber(opened_at) + tonumber(limit_ms) * tonumber(slow[i + 1])
    if now < own_bell_at and redis.call('HEXISTS', present, slow[i]) == 1
        and redis.call('HEXISTS', answers, slow[i]) == 0 then
      return 0
    end
  end
end
if at_phase == 'asking' and phase == 'talk' and redis.call('EXISTS', answers) == 1 then
  redis.call('RENAME', answers, first_votes)
end
if at_phase == 'asking' and phase == 'closed' then
  redis.call('HSET', limits, at_round, limit_ms)
  redis.call('COPY', present, there)
end
if phase == 'asking' then
  redis.call('HSET', state, 'opened_at', now)
end
redis.call('HSET', state, 'phase', phase, 'round', round, 'vote', vote, 'limit_ms', lasts,
  'bell_at', lasts == '0' and '0' or now + tonumber(lasts), 'paused_at', '0')
for _, key in ipairs(KEYS) do
  redis.call('EXPIRE', key, lifetime)
end
return redis.call('HINCRBY', state, 'revision', 1)
