-- The epoch under which calls may be admitted now.
-- KEYS[1] epoch: hash { epoch, run_id, rebuilding }
-- Returns the epoch; nil when Redis was lost, is another server, or a rebuild is not finished
return tonumber(valid_epoch(KEYS[1]) or nil)
