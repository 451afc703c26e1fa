-- A player's socket is gone; the seat stays.
-- KEYS state present left
-- ARGV player, connection
local state, present, left = unpack(KEYS)
local player, connection = unpack(ARGV)
if redis.call('HGET', present, player) == connection then
  redis.call('HDEL', present, player)
  local t = redis.call('TIME')
  redis.call('HSET', left, player, t[1] * 1000 + math.floor(t[2] / 1000))
  redis.call('EXPIRE', left, redis.call('TTL', state))
end
