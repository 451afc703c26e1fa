-- Change a field of a room that still exists.
-- KEYS state
-- ARGV field, value
-- returns 1, or 0 if the room is gone
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
