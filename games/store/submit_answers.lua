-- Answers to one round, decided in the order they came: seated? open? in time? first?
-- KEYS state seats present answers-of-the-round
-- ARGV round, then for each answer: player, answer as JSON
-- returns {answered, 1 if all who are here have answered, then for each: "ok" or reason, stored JSON}
local state, seats, present, answers = unpack(KEYS)
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local phase, round, opened_at, bell_at =
  unpack(redis.call('HMGET', state, 'phase', 'round', 'opened_at', 'bell_at'))
local replies = {0, 0}

for i = 2, #ARGV, 2 do
  local player, answer = ARGV[i], ARGV[i + 1]
  local verdict, stored = 'ok', redis.call('HGET', answers, player)
  if redis.call('HEXISTS', seats, player) == 0 then
    verdict, stored = 'no_such_player', ''
  elseif stored then
    verdict = 'ok' -- a resend gets the first reply again
  elseif round ~= ARGV[1] then
    verdict, stored = 'wrong_round', ''
  elseif phase ~= 'asking' then
    verdict, stored = phase == 'closed' and 'too_late' or 'not_asking', ''
  elseif now > tonumber(bell_at) then
    verdict, stored = 'too_late', ''
  else
    stored = '{"answer":' .. answer .. ',"elapsed_ms":' .. math.max(0, now - tonumber(opened_at)) .. '}'
    redis.call('HSET', answers, player, stored)
  end
  replies[#replies + 1] = verdict
  replies[#replies + 1] = stored
end

redis.call('EXPIRE', answers, redis.call('TTL', state))
replies[1] = redis.call('HLEN', answers)
if phase == 'asking' and round == ARGV[1] and replies[1] >= redis.call('HLEN', present) then
  replies[2] = 1
  for _, player in ipairs(redis.call('HKEYS', present)) do
    if redis.call('HEXISTS', answers, player) == 0 then
      replies[2] = 0
      break
    end
  end
end
return replies
