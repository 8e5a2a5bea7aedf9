-- Keeps what another worker needs to go on with a call, or forgets it, unless a later owner has the call: a worker that was only frozen changes nothing any more.
-- KEYS[1] owner of the call: hash { epoch, worker }; absent where Redis was lost
-- KEYS[2] snapshot of the call: hash { epoch, content }
-- ARGV[1] epoch of the one who writes
-- ARGV[2] expiry, ms: at least as long as the call may still last
-- ARGV[3] content; empty: the call is over, nobody goes on with it
-- Returns 1; 0 when a later epoch owns the call or has written
local epoch = tonumber(ARGV[1])
local latest = math.max(tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0'), tonumber(redis.call('HGET', KEYS[2], 'epoch') or '0'))
if latest > epoch then return 0 end
if ARGV[3] == '' then
  redis.call('DEL', KEYS[2])
else
  redis.call('HSET', KEYS[2], 'epoch', ARGV[1], 'content', ARGV[3])
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
end
return 1
