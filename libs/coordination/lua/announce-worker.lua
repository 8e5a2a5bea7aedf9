-- Heartbeat of a media worker: it lives, and takes so many calls. Workers whose heartbeat expired are forgotten on the way.
-- KEYS[1] media workers: sorted set, worker id -> instant at which its last heartbeat expires (ms)
-- KEYS[2] media worker slots: hash, worker id -> calls that it takes
-- KEYS[3] media worker peers: hash, worker id -> where other workers reach it, and its room
-- KEYS[4] call holders: sorted set, holder id -> instant of its last heartbeat (ms); those of the last day
-- ARGV[1] worker id
-- ARGV[2] slots
-- ARGV[3] expiry, ms
-- ARGV[4] content for KEYS[3]; empty: it takes nothing from other workers
-- ARGV[5] id under which the worker holds calls; empty: it does not say
-- Returns the number of live workers
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], worker)
  redis.call('HDEL', KEYS[2], worker)
  redis.call('HDEL', KEYS[3], worker)
end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
if ARGV[4] == '' then
  redis.call('HDEL', KEYS[3], ARGV[1])
else
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[4])
end
if ARGV[5] ~= '' then
  redis.call('ZADD', KEYS[4], now, ARGV[5])
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - 86400000) -- no call lasts a day
end
return redis.call('ZCARD', KEYS[1])
