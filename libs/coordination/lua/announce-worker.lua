-- Heartbeat of a media worker: it lives, and takes so many calls. Workers whose heartbeat expired are forgotten on the way.
-- KEYS[1] media workers: sorted set, worker id -> instant at which its last heartbeat expires (ms)
-- KEYS[2] media worker slots: hash, worker id -> calls that it takes
-- ARGV[1] worker id
-- ARGV[2] slots
-- ARGV[3] expiry, ms
-- Returns the number of live workers
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], worker)
  redis.call('HDEL', KEYS[2], worker)
end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
