-- Extends the leases of an admitted call, on its slot and its scopes; never shortens them.
-- KEYS[1] epoch: hash { epoch, run_id, rebuilding }
-- KEYS[2] leases: first part of the names under an epoch (prelude.lua)
-- ARGV[1] call id
-- ARGV[2] lease, ms
-- Returns 1 extended, 0 not held (expired, released, or Redis was lost)
local now = now_ms()
local epoch = written_epoch(KEYS[1])
local held_until = epoch and redis.call('ZSCORE', slots_key(KEYS[2], epoch), ARGV[1])
if not held_until or tonumber(held_until) <= now then return 0 end
write_leases(KEYS[2], epoch, ARGV[1], read_call(KEYS[2], epoch, ARGV[1]) or {}, now, tonumber(ARGV[2]))
return 1
