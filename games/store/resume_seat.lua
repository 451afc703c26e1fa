-- A player sits down on a socket: the first time, or back again.
-- KEYS state seats waiting tokens present lines factors news
-- ARGV player, fingerprint, next fingerprint, connection, prefix of the answers' keys
-- returns {"ok", seat, answer or "", line or "", time factor}, {"waiting", seat} or {"refused"}
local state, seats, waiting, tokens, present, lines, factors, news = unpack(KEYS)
local player, fingerprint, next_fingerprint, connection, answers = unpack(ARGV)

local seat = redis.call('HGET', seats, player)
local awaited = not seat and redis.call('HGET', waiting, player)
local known = redis.call('HGET', tokens, player)
if not (seat or awaited) or not known then
  return {'refused'}
end
-- Two secrets are good: the newest handed out, and the one before in case the phone vanished
-- before the newest reached it. Using the newest retires the other.
local newest, before = known:match('^(%S+) ?(%S*)$')
if fingerprint ~= newest and fingerprint ~= before then
  return {'refused'}
end
redis.call('HSET', tokens, player, next_fingerprint .. ' ' .. fingerprint)
if awaited then
  return {'waiting', awaited}
end

local other = redis.call('HGET', present, player)
redis.call('HSET', present, player, connection)
redis.call('EXPIRE', present, redis.call('TTL', state))
if other and other ~= connection then
  redis.call('PUBLISH', news, 'close ' .. player .. ' 4405 ' .. other)
end
local round = redis.call('HGET', state, 'round')
return {
  'ok', seat,
  redis.call('HGET', answers .. round, player) or '',
  redis.call('HGET', lines, player) or '',
  redis.call('HGET', factors, player) or '1',
}
