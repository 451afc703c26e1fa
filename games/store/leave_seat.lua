-- A player's socket is gone; the seat stays.
-- KEYS present
-- ARGV player, connection
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then
  redis.call('HDEL', KEYS[1], ARGV[1])
end
