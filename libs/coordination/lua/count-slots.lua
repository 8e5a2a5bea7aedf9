-- How much room the fleet has. A registry that is missing (a flushed or fresh Redis) means no capacity, hence no free slot.
-- KEYS[1] slots: sorted set, call id -> end of its lease (ms)
-- KEYS[2] media workers: sorted set, worker id -> instant at which its last heartbeat expires (ms)
-- KEYS[3] media worker slots: hash, worker id -> calls that it takes
-- Returns { capacity, held }
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local capacity = 0
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. now, '+inf')) do
  capacity = capacity + tonumber(redis.call('HGET', KEYS[3], worker) or '0')
end
return { capacity, redis.call('ZCOUNT', KEYS[1], '(' .. now, '+inf') }
