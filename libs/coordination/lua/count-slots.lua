-- How much room the fleet has. Without a registry (a flushed or fresh Redis) there is no capacity; without a valid epoch nobody knows what is in use.
-- KEYS[1] epoch: hash { epoch, run_id, rebuilding }
-- KEYS[2] leases: first part of the names under an epoch (prelude.lua)
-- KEYS[3] media workers: sorted set, worker id -> instant at which its last heartbeat expires (ms)
-- KEYS[4] media worker slots: hash, worker id -> calls that it takes
-- Returns { capacity, held }; held is -1 without a valid epoch
local now = now_ms()
local capacity = fleet_capacity(KEYS[3], KEYS[4], now)
local epoch = valid_epoch(KEYS[1])
return { capacity, epoch and redis.call('ZCOUNT', slots_key(KEYS[2], epoch), '(' .. now, '+inf') or -1 }
