-- Answers to one vote of a round, decided in the order they came: seated? open? in time? first?
-- KEYS state seats present left factors answers-of-the-round
-- ARGV round, vote, how many ms a phone that left is waited for, then for each answer (there may be
--   none): player, answer as JSON, the network's share in ms
-- returns {answered, 1 if all who are here have answered (2 while one that left is waited for),
--   then for each: "ok" or reason, stored JSON}
local state, seats, present, left, factors, answers = unpack(KEYS)
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local phase, round, vote, opened_at, limit_ms, paused_at = unpack(
  redis.call('HMGET', state, 'phase', 'round', 'vote', 'opened_at', 'limit_ms', 'paused_at'))
local is_this = round == ARGV[1] and vote == ARGV[2]
local replies = {0, 0}

local factor_of = {}
local listed = redis.call('HGETALL', factors)
for i = 1, #listed, 2 do
  factor_of[listed[i]] = listed[i + 1]
end

local function is_in_time(player)
  local factor = tonumber(factor_of[player] or '1')
  return limit_ms == '0' or now <= tonumber(opened_at) + tonumber(limit_ms) * factor
end

for i = 4, #ARGV, 3 do
  local player, answer, lag_ms = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local verdict, stored = 'ok', is_this and redis.call('HGET', answers, player)
  if redis.call('HEXISTS', seats, player) == 0 then
    verdict, stored = 'no_such_player', ''
  elseif stored then
    verdict = 'ok' -- a resend gets the first reply again
  elseif not is_this then
    verdict, stored = 'wrong_round', ''
  elseif phase ~= 'asking' then
    verdict, stored = phase == 'closed' and 'too_late' or 'not_asking', ''
  elseif paused_at ~= '0' then
    verdict, stored = 'clock_paused', ''
  elseif not is_in_time(player) then
    verdict, stored = 'too_late', ''
  else
    stored = '{"answer":' .. answer .. ',"elapsed_ms":' .. math.max(0, now - tonumber(opened_at))
    if lag_ms ~= '0' then
      stored = stored .. ',"lag_ms":' .. lag_ms
    end
    if factor_of[player] then
      stored = stored .. ',"time_factor":' .. factor_of[player]
    end
    stored = stored .. '}'
    redis.call('HSET', answers, player, stored)
  end
  replies[#replies + 1] = verdict
  replies[#replies + 1] = stored
end

redis.call('EXPIRE', answers, redis.call('TTL', state))
replies[1] = redis.call('HLEN', answers)
if phase == 'asking' and is_this and paused_at == '0' then
  local waits = replies[1] == 0
  -- With fewer answers than phones somebody is missing, unless that one's time is over.
  if not waits and (replies[1] >= redis.call('HLEN', present) or #listed > 0) then
    for _, player in ipairs(redis.call('HKEYS', present)) do
      if redis.call('HEXISTS', answers, player) == 0 and is_in_time(player) then
        waits = true
        break
      end
    end
  else
    waits = true
  end
  replies[2] = waits and 0 or 1
  -- A phone that reloads, or whose network blinked, is about to be here again.
  if not waits then
    local gone = redis.call('HGETALL', left)
    for i = 1, #gone, 2 do
      local player, at = gone[i], tonumber(gone[i + 1])
      if now - at < tonumber(ARGV[3]) and redis.call('HEXISTS', present, player) == 0
        and redis.call('HEXISTS', answers, player) == 0 and redis.call('HEXISTS', seats, player) == 1 then
        replies[2] = 2
        break
      end
    end
  end
end
return replies
