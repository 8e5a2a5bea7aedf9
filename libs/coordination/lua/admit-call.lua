-- Decides whether one call may be sent, and when: room on the fleet, and in each scope (account, tenant, campaign, caller number, country) room, rate and no hold.
-- All or nothing: a refusal changes nothing but that leases which ran out are removed. Harmless when repeated: a call that was admitted keeps its place and the
-- instant it was given, its leases are extended, no second token is taken; only a hold that began since refuses it (nobody may send while one lasts).
--
-- Rate: GCRA, so n calls of a scope take (n - burst) x interval or longer. The starts given out that still lie ahead are kept one by one, where GCRA alone keeps a
-- single "next free instant": a call that waits for its slow caller number would take the account's instants up to there with it, and all others would wait as
-- long. Here they start before it. A scope's list holds at most longest wait / interval + burst instants.
-- KEYS[1] epoch: hash { epoch, run_id, rebuilding }
-- KEYS[2] leases: first part of the names under an epoch (prelude.lua)
-- KEYS[3] scopes: first part of the names of hashes { rate: MessagePack list of GCRA's theoretical arrival time, then the starts ahead; held_until; reason }
-- KEYS[4] media workers: sorted set, worker id -> instant at which its last heartbeat expires (ms)
-- KEYS[5] media worker slots: hash, worker id -> calls that it takes
-- ARGV[1] call id, ARGV[2] lease (ms), ARGV[3] longest wait (ms), ARGV[4] overdial: calls per slot of the fleet
-- ARGV[5…] for each scope four: its key, most calls at a time (-1 any number), interval between calls (ms, 0 none), burst
-- Returns { 'admitted', wait in ms, epoch }, { 'again', wait in ms, epoch }, { 'no_epoch' },
-- or a refusal: { 'full', scope }, { 'too_fast', scope, retry after ms }, { 'held', scope, retry after ms, reason }; scope 0 is the fleet, 1… those of ARGV
local now = now_ms()
local call_id, lease_ms, max_wait_ms, overdial = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local epoch = valid_epoch(KEYS[1])
if not epoch then return { 'no_epoch' } end

-- Starts that have come are folded into the theoretical arrival time. It is never further off than this, unless the interval was made shorter since.
local function read_rate(packed, interval, burst)
  local stored = packed and cmsgpack.unpack(packed) or { 0 }
  local tat, ahead = stored[1], {}
  for i = 2, #stored do
    if stored[i] <= now then tat = math.max(tat, stored[i]) + interval else ahead[#ahead + 1] = stored[i] end
  end
  tat = math.min(tat, now + burst * interval)
  return { interval = interval, tolerance = (burst - 1) * interval, tat = tat, ahead = ahead, gap = 1, gap_tat = tat }
end

local names, rates = {}, {}
for at = 5, #ARGV, 4 do
  local index = #names + 1
  names[index] = ARGV[at]
  local rate, held_until, reason = unpack(redis.call('HMGET', KEYS[3] .. ARGV[at], 'rate', 'held_until', 'reason'))
  local rest_ms = (tonumber(held_until or nil) or 0) - now
  if rest_ms > 0 then return { 'held', index, rest_ms, reason } end
  local interval = tonumber(ARGV[at + 2])
  if interval > 0 then rates[index] = read_rate(rate, interval, tonumber(ARGV[at + 3])) end
end

local function in_use(key)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  return redis.call('ZCARD', key)
end

local slots = slots_key(KEYS[2], epoch)
local held = in_use(slots)
if redis.call('ZSCORE', slots, call_id) then
  local scopes, start_at = read_call(KEYS[2], epoch, call_id)
  write_leases(KEYS[2], epoch, call_id, scopes or names, now, lease_ms)
  return { 'again', math.max(0, start_at - now), tonumber(epoch) }
end
if held >= math.floor(fleet_capacity(KEYS[4], KEYS[5], now) * overdial) then return { 'full', 0 } end
for index, name in ipairs(names) do
  local most = tonumber(ARGV[5 + (index - 1) * 4 + 1])
  if most >= 0 and in_use(scope_leases_key(KEYS[2], epoch, name)) >= most then return { 'full', index } end
end

-- Whether a start at `at`, before the start ahead of ordinal `gap`, leaves room for those that follow it. `tat` as it is before that gap.
local function fits(rate, gap, tat, at)
  local ahead, interval, tolerance = rate.ahead, rate.interval, rate.tolerance
  local tat_with, tat_without = math.max(tat, at) + interval, tat
  for i = gap, #ahead do
    local start = ahead[i]
    if start < at or start < tat_with - tolerance then return false end
    tat_with, tat_without = math.max(tat_with, start) + interval, math.max(tat_without, start) + interval
    if tat_with <= tat_without then return true end
  end
  return true
end

-- The earliest start from `from` on that the rate allows. `from` only grows, so a gap that did not do is never looked at again.
local function earliest(rate, from)
  local ahead, interval, tolerance, gap, tat = rate.ahead, rate.interval, rate.tolerance, rate.gap, rate.gap_tat
  from = math.max(from, ahead[gap - 1] or 0)
  while true do
    local at = math.ceil(math.max(from, tat - tolerance))
    local next = ahead[gap]
    if not next or (next >= at and fits(rate, gap, tat, at)) then
      rate.gap, rate.gap_tat = gap, tat
      return at
    end
    if next > tat then tat = next end
    if next > from then from = next end
    tat, gap = tat + interval, gap + 1
  end
end

local start, slowest = now, 0
repeat
  local before = start
  for index, rate in pairs(rates) do
    local at = earliest(rate, start)
    if at > start then start, slowest = at, index end
  end
until start == before
if start - now > max_wait_ms then return { 'too_fast', slowest, start - now - max_wait_ms } end

for index, rate in pairs(rates) do
  table.insert(rate.ahead, rate.gap, start)
  local last = rate.ahead[#rate.ahead]
  table.insert(rate.ahead, 1, rate.tat)
  redis.call('HSET', KEYS[3] .. names[index], 'rate', cmsgpack.pack(rate.ahead))
  outlive(KEYS[3] .. names[index], math.ceil(last - now + rate.tolerance + rate.interval))
end
write_call(KEYS[2], epoch, call_id, names, start)
write_leases(KEYS[2], epoch, call_id, names, now, lease_ms)
return { 'admitted', start - now, tonumber(epoch) }
