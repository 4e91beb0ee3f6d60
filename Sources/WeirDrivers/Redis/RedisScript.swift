import WeirCoordination

/// The programs that run inside Redis: each is atomic there, reads that server's own clock, touches only the keys it is
/// handed (all of one hash slot), and leaves every key with an expiry.
///
/// Numbers are whole: Redis keeps them as decimal text, Lua calculates exactly up to 2⁵³, and every division is
/// floored.
enum RedisScript: Int, CaseIterable {
    case window, slots, heartbeat

    private static let width = SharedTiming.bucketMilliseconds

    var text: String {
        switch self {
        case .window: Self.windowText
        case .slots: Self.slotsText
        case .heartbeat: Self.heartbeatText
        }
    }

    /// One limiter's ring of buckets.
    ///
    /// KEYS[1], a hash: `g<b>` granted in bucket b, `r<b>` told by replicas for bucket b, `s` the sum of them all, `o`
    /// no bucket is older, `n` none is newer, `w` the window in milliseconds. KEYS[2], a hash, only for `tell`: `<b>`
    /// what this one replica told for bucket b.
    ///
    /// Invariants:
    /// - `s` is the sum of all g and r. It grows by a grant that keeps it at or below the limit, or by what was used
    ///   anyway.
    /// - A bucket leaves `s` when it has been over for the window and the hold, and not earlier.
    /// - Giving back takes from g alone: what replicas told is used, and cannot come back.
    /// - What a replica tells for a bucket counts once: only what exceeds its former telling is added.
    /// - A clock that went back finds buckets in the future: they count as granted now, so nothing frees early.
    ///
    /// Cost: each bucket is looked at once when it is over, and `o` moves past it; so a question costs the same whether
    /// the ring is full or empty. All fields are read together only after a step of the clock, or a long rest in a long
    /// window.
    private static let windowText = """
        local call, key = redis.call, KEYS[1]
        if ARGV[1] == 'back' then
          local back = math.min(tonumber(call('HGET', key, 'g' .. ARGV[2]) or 0), tonumber(ARGV[3]))
          if back > 0 then
            call('HINCRBY', key, 'g' .. ARGV[2], -back)
            call('HINCRBY', key, 's', -back)
          end
          return 1
        end
        local time = call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local b = math.floor(now / \(width))
        local head = call('HMGET', key, 's', 'o', 'n', 'w')
        local sum, oldest, newest = tonumber(head[1] or 0), tonumber(head[2] or b), tonumber(head[3] or b)
        local window = tonumber(ARGV[1] == 'lease' and ARGV[2] or head[4] or 3600000)
        local hold = window + \(SharedTiming.holdMilliseconds)
        local first = math.floor((now - hold) / \(width))
        if newest > b or first - oldest > 2000 then
          local all = call('HGETALL', key)
          sum, oldest, newest = 0, b, b
          for i = 1, #all, 2 do
            local kind, at = string.match(all[i], '^([gr])(%d+)$')
            if kind then
              local x, count = tonumber(at), tonumber(all[i + 1])
              if x < first or x > b then call('HDEL', key, all[i]) end
              if x > b then
                call('HINCRBY', key, kind .. b, count)
                x = b
              end
              if x >= first then sum, oldest = sum + count, math.min(oldest, x) end
            end
          end
        end
        local function seek(toCounted)
          local step = 1
          while oldest <= newest do
            local size, names = toCounted and step or math.min(first - oldest, 32), {}
            step = 32
            if size <= 0 then return end
            for x = oldest, oldest + size - 1 do
              names[#names + 1] = 'g' .. x
              names[#names + 1] = 'r' .. x
            end
            local counts = call('HMGET', key, unpack(names))
            for i = 1, 2 * size, 2 do
              local count = (counts[i] or 0) + (counts[i + 1] or 0)
              if oldest >= first and count > 0 then return end
              if oldest < first and (counts[i] or counts[i + 1]) then
                sum = sum - count
                call('HDEL', key, names[i], names[i + 1])
              end
              oldest = oldest + 1
            end
          end
        end
        seek(false)
        oldest = math.min(oldest, b)
        local answer = 1
        if ARGV[1] == 'lease' then
          local limit, amount, least = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
          local grant, frees = math.max(math.min(amount, limit - sum), 0), 0
          if grant < least then grant = 0 end
          if grant > 0 then
            call('HINCRBY', key, 'g' .. b, grant)
            sum = sum + grant
          elseif sum > 0 then
            seek(true)
            frees = (oldest + 1) * \(width) + hold - now
          else
            frees = hold
          end
          answer = {grant, b, math.max(limit - sum, 0), frees}
        else
          local told = {}
          for i = 2, #ARGV, 2 do
            local x = math.floor((now - ARGV[i]) / \(width))
            told[x] = (told[x] or 0) + ARGV[i + 1]
          end
          for _, x in ipairs(call('HKEYS', KEYS[2])) do
            if tonumber(x) < first then call('HDEL', KEYS[2], x) end
          end
          for x, count in pairs(told) do
            local more = count - (call('HGET', KEYS[2], x) or 0)
            if x >= first and more > 0 then
              call('HSET', KEYS[2], x, count)
              call('HINCRBY', key, 'r' .. x, more)
              sum, oldest = sum + more, math.min(oldest, x)
            end
          end
          call('PEXPIRE', KEYS[2], window + 1000)
        end
        if sum > 0 then
          call('HSET', key, 's', sum, 'o', oldest, 'n', b, 'w', window)
          call('PEXPIRE', key, window + 1000)
        else
          call('DEL', key)
        end
        return answer
        """

    /// The slots of one limiter of parallel requests.
    ///
    /// KEYS[1], a hash: replica -> its slots. KEYS[2]: the heartbeats, see below.
    ///
    /// Invariants:
    /// - The answer is at least what the replica holds; beyond that it is at most what the limit leaves beside the
    ///   others.
    /// - Others count while they live. Asking is a sign of life, and leaves the report as it was.
    /// - A replica without slots has no field, and a hash without fields does not exist.
    private static let slotsText = """
        local call = redis.call
        local time = call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local limit, held, wanted = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        local report = string.match(call('HGET', KEYS[2], ARGV[1]) or ' ', ' .*$')
        call('HSET', KEYS[2], ARGV[1], string.format('%.0f', now) .. report)
        call('PEXPIRE', KEYS[2], 10000)
        local all, others = call('HGETALL', KEYS[1]), 0
        for i = 1, #all, 2 do
          if all[i] ~= ARGV[1] then
            local seen = string.match(call('HGET', KEYS[2], all[i]) or '0 ', '^%d+')
            if math.abs(now - seen) <= \(SharedTiming.deadMilliseconds) then
              others = others + all[i + 1]
            else
              call('HDEL', KEYS[1], all[i])
            end
          end
        end
        local grant = math.max(held, math.min(wanted, limit - others), 0)
        if grant > 0 then
          call('HSET', KEYS[1], ARGV[1], grant)
          call('PEXPIRE', KEYS[1], 21600000)
        else
          call('HDEL', KEYS[1], ARGV[1])
        end
        return grant
        """

    /// Which replicas live.
    ///
    /// KEYS[1], a hash: replica -> `<milliseconds of its last sign of life> <its report>`.
    ///
    /// Invariants: an entry that is too old, or lies as far in the future of a clock that went back, is removed by
    /// whoever sees it; the answer holds the living and their reports in turn, the one who asks included; ten seconds
    /// after the last sign of life nothing is left.
    private static let heartbeatText = """
        local call = redis.call
        local time = call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        call('HSET', KEYS[1], ARGV[1], string.format('%.0f ', now) .. ARGV[2])
        call('PEXPIRE', KEYS[1], 10000)
        local all, living = call('HGETALL', KEYS[1]), {}
        for i = 1, #all, 2 do
          local at, report = string.match(all[i + 1], '^(%d+) (.*)$')
          if math.abs(now - at) <= \(SharedTiming.deadMilliseconds) then
            living[#living + 1] = all[i]
            living[#living + 1] = report
          else
            call('HDEL', KEYS[1], all[i])
          end
        end
        return living
        """
}
