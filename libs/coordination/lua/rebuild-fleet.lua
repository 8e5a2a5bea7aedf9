-- Writes the leases of calls that are open by Postgres under a new epoch, page by page. From the first page on nobody is admitted; the last page opens the epoch.
-- A page is refused when it is not the next of a rebuild that began on this very server and data: after a flush or restart midway the pages before are lost, and
-- a later rebuild has the say over an earlier one. An epoch is never lowered nor opened twice. Leases are written whatever the limits: the calls are there.
-- KEYS[1] epoch: hash { epoch, run_id: server run that the epoch is valid on, rebuilding: server run on which a rebuild goes on }
-- KEYS[2] leases: first part of the names under an epoch (prelude.lua)
-- ARGV[1] new epoch
-- ARGV[2] 1 for the first page
-- ARGV[3] 1 for the last page
-- ARGV[4] JSON list of { callId, leaseMs, scopes: list of scope keys }
-- Returns { 1, epoch } written, { 0, epoch that is written, 0 for none } refused
local epoch, run_id = ARGV[1], server_run()
local written = tonumber(written_epoch(KEYS[1]) or nil) or 0
if ARGV[2] == '1' then
  if written >= tonumber(epoch) then return { 0, written } end
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'rebuilding', run_id)
elseif written ~= tonumber(epoch) or redis.call('HGET', KEYS[1], 'rebuilding') ~= run_id then
  return { 0, written }
end

local now = now_ms()
for _, call in ipairs(cjson.decode(ARGV[4])) do
  write_call(KEYS[2], epoch, call.callId, call.scopes, now)
  write_leases(KEYS[2], epoch, call.callId, call.scopes, now, call.leaseMs)
end
if ARGV[3] == '1' then
  redis.call('HDEL', KEYS[1], 'rebuilding')
  redis.call('HSET', KEYS[1], 'run_id', run_id)
end
return { 1, tonumber(epoch) }
