-- Reserves room for one call on the fleet of media workers. Harmless when repeated: a call that holds a slot keeps it, its lease is extended.
-- KEYS[1] slots: sorted set, call id -> end of its lease (ms)
-- KEYS[2] media workers: sorted set, worker id -> instant at which its last heartbeat expires (ms)
-- KEYS[3] media worker slots: hash, worker id -> calls that it takes
-- ARGV[1] call id
-- ARGV[2] lease, ms
-- Returns 1 reserved now, 2 held already (extended), 0 no room
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease_until = now + tonumber(ARGV[2])

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  redis.call('ZADD', KEYS[1], 'GT', lease_until, ARGV[1])
  return 2
end

local capacity = 0
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. now, '+inf')) do
  capacity = capacity + tonumber(redis.call('HGET', KEYS[3], worker) or '0')
end
if redis.call('ZCARD', KEYS[1]) >= capacity then
  return 0
end
redis.call('ZADD', KEYS[1], lease_until, ARGV[1])
return 1
