-- Let in somebody who waits; the phone knocks again and sits down.
-- KEYS state seats waiting news
-- ARGV player
-- returns the seat as JSON, or nothing if nobody of that id waits
local state, seats, waiting, news = unpack(KEYS)
local seat = redis.call('HGET', waiting, ARGV[1])
if not seat then
  return false
end
redis.call('HDEL', waiting, ARGV[1])
redis.call('HSET', seats, ARGV[1], seat)
redis.call('EXPIRE', seats, redis.call('TTL', state))
redis.call('PUBLISH', news, 'close ' .. ARGV[1] .. ' 4410 *')
return seat
