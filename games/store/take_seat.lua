-- A newcomer sits down.
-- KEYS state seats names tokens teams
-- ARGV player, nickname, folded nickname, fingerprint, team asked for ("" = any), capacity,
--      names of the teams...
-- returns {"ok", team} or {"refused", reason}
local state, seats, names, tokens, teams = unpack(KEYS)
local player, nickname, folded, fingerprint, team, capacity = unpack(ARGV, 1, 6)

local phase, is_locked, late_join = unpack(redis.call('HMGET', state, 'phase', 'is_locked', 'late_join'))
if not phase or phase == 'podium' or phase == 'ended' then
  return {'refused', 'room_over'}
end
if is_locked == '1' or (phase ~= 'lobby' and late_join ~= '1') then
  return {'refused', 'room_locked'}
end
if redis.call('HEXISTS', names, folded) == 1 then
  return {'refused', 'nickname_taken'}
end
if redis.call('HLEN', seats) >= tonumber(capacity) then
  return {'refused', 'room_full'}
end

-- Balanced teams: the smallest, the first of equals.
if team == '' then
  local fewest
  for i = 7, #ARGV do
    local members = tonumber(redis.call('HGET', teams, ARGV[i]) or '0')
    if not fewest or members < fewest then
      fewest, team = members, ARGV[i]
    end
  end
end
if team ~= '' then
  redis.call('HINCRBY', teams, team, 1)
end

local t = redis.call('TIME')
redis.call('HSET', names, folded, player)
redis.call('HSET', tokens, player, fingerprint)
redis.call('HSET', seats, player, cjson.encode({
  nickname = nickname, team = team, folded = folded, joined_ms = t[1] * 1000 + math.floor(t[2] / 1000),
}))
local lifetime = redis.call('TTL', state)
for _, key in ipairs({seats, names, tokens, teams}) do
  redis.call('EXPIRE', key, lifetime)
end
return {'ok', team}
