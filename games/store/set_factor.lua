-- Give a player so many times as long as others; the phone looks again.
-- KEYS state seats factors news
-- ARGV player, factor
-- returns 1, or 0 if nobody of that id is seated
local state, seats, factors, news = unpack(KEYS)
if redis.call('HEXISTS', seats, ARGV[1]) == 0 then
  return 0
end
if tonumber(ARGV[2]) == 1 then
  redis.call('HDEL', factors, ARGV[1])
else
  redis.call('HSET', factors, ARGV[1], ARGV[2])
  redis.call('EXPIRE', factors, redis.call('TTL', state))
end
redis.call('PUBLISH', news, 'close ' .. ARGV[1] .. ' 4410 *')
return 1
