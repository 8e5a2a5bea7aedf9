-- Binds a call to the media worker that accepted its socket: from now on that worker owns it, and writes under an older epoch fail.
-- KEYS[1] owner of the call: hash { epoch, worker }
-- ARGV[1] worker id
-- ARGV[2] expiry, ms: at least as long as the call may still last
-- ARGV[3] epoch that Postgres knows (0 for none), so that a lost Redis never hands out an epoch twice
-- Returns the new epoch
local epoch = math.max(tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0'), tonumber(ARGV[3])) + 1
redis.call('HSET', KEYS[1], 'epoch', epoch, 'worker', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return epoch
