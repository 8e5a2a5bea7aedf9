-- Extends the lease of a slot that is still held; never shortens it.
-- KEYS[1] slots: sorted set, call id -> end of its lease (ms)
-- ARGV[1] call id
-- ARGV[2] lease, ms
-- Returns 1 extended, 0 not held (expired or released)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held_until = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not held_until or tonumber(held_until) <= now then
  return 0
end
redis.call('ZADD', KEYS[1], 'GT', now + tonumber(ARGV[2]), ARGV[1])
return 1
