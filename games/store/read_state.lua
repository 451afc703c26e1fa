-- Where a room stands, and when that is.
-- KEYS state stage
-- returns {fields and values of the state, stage or false, seconds, microseconds}
local t = redis.call('TIME')
return {redis.call('HGETALL', KEYS[1]), redis.call('GET', KEYS[2]), t[1], t[2]}
