-- Send a player away for good: the seat goes, so its token and its points go with it.
-- KEYS state seats waiting tokens teams present lines factors news
-- ARGV player
-- returns 1, or 0 if nobody of that id is seated or waits. The nickname stays taken.
local state, seats, waiting, tokens, teams, present, lines, factors, news = unpack(KEYS)
local seat = redis.call('HGET', seats, ARGV[1]) or redis.call('HGET', waiting, ARGV[1])
if not seat then
  return 0
end
local team = cjson.decode(seat).team
if team ~= '' then
  redis.call('HINCRBY', teams, team, -1)
end
for _, key in ipairs({seats, waiting, tokens, present, lines, factors}) do
  redis.call('HDEL', key, ARGV[1])
end
redis.call('PUBLISH', news, 'close ' .. ARGV[1] .. ' 4403 *')
return 1
