-- What goes on in scopes.
-- KEYS[1] epoch: hash { epoch, run_id, rebuilding }
-- KEYS[2] leases: first part of the names under an epoch (prelude.lua)
-- KEYS[3] scopes: first part of the names of hashes { rate, held_until, reason }
-- ARGV scope keys
-- Returns for each { calls in use, held for ms (0 for not held), reason }
local now = now_ms()
local epoch = written_epoch(KEYS[1])
local answers = {}
for index, scope in ipairs(ARGV) do
  local in_use = epoch and redis.call('ZCOUNT', scope_leases_key(KEYS[2], epoch, scope), '(' .. now, '+inf') or 0
  local held_until, reason = unpack(redis.call('HMGET', KEYS[3] .. scope, 'held_until', 'reason'))
  answers[index] = { in_use, math.max(0, (tonumber(held_until or nil) or 0) - now), reason or '' }
end
return answers
