-- Stands before the scripts that scripts.ts names: what they share.
-- Names under an epoch are built here, since only a script knows the epoch at its instant. With the epoch in them, a rebuild has nothing to clear: older leases
-- are no longer looked at and expire. `leases` is keys.leases; all lie in one hash slot with the KEYS, so a cluster takes the names that are not declared.
local function slots_key(leases, epoch) return leases .. ':' .. epoch .. ':slots' end
local function scope_leases_key(leases, epoch, scope) return leases .. ':' .. epoch .. ':scope:' .. scope end
local function call_key(leases, epoch, call_id) return leases .. ':' .. epoch .. ':call:' .. call_id end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- A run of this server process: another one may have lost or forgotten anything. INFO costs about 15 µs.
local function server_run() return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') end

-- The epoch that is written, whether it may be trusted or not; false for none.
local function written_epoch(epoch_key) return redis.call('HGET', epoch_key, 'epoch') end

-- The epoch under which calls may be admitted: its leases were written whole, on this run of the server. False for none.
local function valid_epoch(epoch_key)
  local epoch, run_id = unpack(redis.call('HMGET', epoch_key, 'epoch', 'run_id'))
  return epoch and run_id and run_id == server_run() and epoch
end

-- Sum of what the live media workers take.
local function fleet_capacity(workers_key, slots_hash, now)
  local workers = redis.call('ZRANGEBYSCORE', workers_key, '(' .. now, '+inf')
  local capacity = 0
  if #workers == 0 then return capacity end
  for _, taken in ipairs(redis.call('HMGET', slots_hash, unpack(workers))) do
    capacity = capacity + (tonumber(taken or nil) or 0)
  end
  return capacity
end

-- Keeps a key at least so long.
local function outlive(key, ms)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, ms) end
end

-- Writes or extends a call's leases on a slot of the fleet and on its scopes; never shortens them.
local function write_leases(leases, epoch, call_id, scopes, now, lease_ms)
  local function lease(key)
    redis.call('ZADD', key, 'GT', now + lease_ms, call_id)
    outlive(key, lease_ms)
  end
  lease(slots_key(leases, epoch))
  for _, scope in ipairs(scopes) do lease(scope_leases_key(leases, epoch, scope)) end
  outlive(call_key(leases, epoch, call_id), lease_ms)
end

-- What was written about an admitted call: its scopes, and the instant from which it may be sent. The first is false when nothing was.
local function read_call(leases, epoch, call_id)
  local scopes, start_at = unpack(redis.call('HMGET', call_key(leases, epoch, call_id), 'scopes', 'start_at'))
  return scopes and cjson.decode(scopes), tonumber(start_at or nil) or 0
end

local function write_call(leases, epoch, call_id, scopes, start_at)
  redis.call('HSET', call_key(leases, epoch, call_id), 'scopes', cjson.encode(scopes), 'start_at', start_at)
end
