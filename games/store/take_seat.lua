-- A newcomer sits down, or waits to be let in where the host approves.
-- KEYS state seats waiting names tokens teams factors codes
-- ARGV player, folded nickname, fingerprint, seat as JSON without its team, team asked for ("" = any),
--      capacity, code of the roster ("" = none), time factor, names of the teams...
-- returns {"ok", team}, {"waiting", team} or {"refused", reason}
local state, seats, waiting, names, tokens, teams, factors, codes = unpack(KEYS)
local player, folded, fingerprint, seat, team, capacity, code, factor = unpack(ARGV, 1, 8)

local phase, is_locked, late_join, approves = unpack(
  redis.call('HMGET', state, 'phase', 'is_locked', 'late_join', 'approves_seats'))
if not phase or phase == 'podium' or phase == 'ended' then
  return {'refused', 'room_over'}
end
if is_locked == '1' or (phase ~= 'lobby' and late_join ~= '1') then
  return {'refused', 'room_locked'}
end
if redis.call('HEXISTS', names, folded) == 1 then
  return {'refused', 'nickname_taken'}
end
if redis.call('HLEN', seats) + redis.call('HLEN', waiting) >= tonumber(capacity) then
  return {'refused', 'room_full'}
end

-- Balanced teams: the smallest, the first of equals.
if team == '' then
  local fewest
  for i = 9, #ARGV do
    local members = tonumber(redis.call('HGET', teams, ARGV[i]) or '0')
    if not fewest or members < fewest then
      fewest, team = members, ARGV[i]
    end
  end
end
if team ~= '' then
  redis.call('HINCRBY', teams, team, 1)
end

-- A code of the roster is as good as the host's nod.
local waits = approves == '1' and code == ''
redis.call('HSET', names, folded, player)
redis.call('HSET', tokens, player, fingerprint)
redis.call('HSET', waits and waiting or seats, player,
  '{"team":' .. cjson.encode(team) .. ',' .. string.sub(seat, 2))
if code ~= '' then
  redis.call('HSET', codes, code, player)
end
if tonumber(factor) ~= 1 then
  redis.call('HSET', factors, player, factor)
end
local lifetime = redis.call('TTL', state)
for _, key in ipairs(KEYS) do
  redis.call('EXPIRE', key, lifetime)
end
return {waits and 'waiting' or 'ok', team}
