-- Lets nobody start in a scope for a while: Retry-After of the carrier, a circuit breaker. The longest of several holds counts.
-- KEYS[1] scope: hash { rate, held_until, reason }
-- ARGV[1] hold, ms
-- ARGV[2] reason
-- Returns for how many ms the scope is held now
local now, hold_ms = now_ms(), tonumber(ARGV[1])
local rest_ms = (tonumber(redis.call('HGET', KEYS[1], 'held_until') or nil) or 0) - now
if rest_ms >= hold_ms then return rest_ms end
redis.call('HSET', KEYS[1], 'held_until', now + hold_ms, 'reason', ARGV[2])
outlive(KEYS[1], hold_ms)
return hold_ms
