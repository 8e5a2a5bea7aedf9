-- Frees the slot of a call and its place in all its scopes. Tokens of a rate are not given back: the call may have been sent.
-- KEYS[1] epoch: hash { epoch, run_id, rebuilding }
-- KEYS[2] leases: first part of the names under an epoch (prelude.lua)
-- ARGV[1] call id
-- Returns 1 freed, 0 not held
local epoch = written_epoch(KEYS[1])
if not epoch then return 0 end
for _, scope in ipairs(read_call(KEYS[2], epoch, ARGV[1]) or {}) do
  redis.call('ZREM', scope_leases_key(KEYS[2], epoch, scope), ARGV[1])
end
redis.call('DEL', call_key(KEYS[2], epoch, ARGV[1]))
return redis.call('ZREM', slots_key(KEYS[2], epoch), ARGV[1])
