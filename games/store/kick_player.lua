-- Send a player away for good: the seat goes, so its token and its points go with it.
-- KEYS state seats tokens teams present lines news
-- ARGV player
-- returns 1, or 0 if nobody of that id is seated. The nickname stays taken.
local state, seats, tokens, teams, present, lines, news = unpack(KEYS)
local seat = redis.call('HGET', seats, ARGV[1])
if not seat then
  return 0
end
local team = cjson.decode(seat).team
if team ~= '' then
  redis.call('HINCRBY', teams, team, -1)
end
redis.call('HDEL', seats, ARGV[1])
redis.call('HDEL', tokens, ARGV[1])
redis.call('HDEL', present, ARGV[1])
redis.call('HDEL', lines, ARGV[1])
redis.call('PUBLISH', news, 'close ' .. ARGV[1] .. ' 4403 *')
return 1
