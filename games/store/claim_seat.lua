-- Whoever knows a personal code has its seat: the tokens of the phone before are void.
-- KEYS seats waiting tokens issued codes
-- ARGV code, fingerprint
-- returns the player, or nothing if no seat has the code. A code the host issued works once.
local seats, waiting, tokens, issued, codes = unpack(KEYS)
local code, fingerprint = unpack(ARGV)
local once = redis.call('HGET', issued, code)
local player = once or redis.call('HGET', codes, code)
if not player or (redis.call('HEXISTS', seats, player) == 0
    and redis.call('HEXISTS', waiting, player) == 0) then
  return false
end
if once then
  redis.call('HDEL', issued, code)
end
redis.call('HSET', tokens, player, fingerprint)
return player
