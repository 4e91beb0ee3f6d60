import NIOCore
import WeirCore
import WeirLimits
import WeirRouting

/// A hedged attempt at a stream (`hedge_after`): when its first token has not come by then, another deployment is asked
/// besides, and the one whose first token comes first goes on. The other one's connection is closed at once.
///
/// A second attempt counts as one in every limit, takes a retry from the group's budget, and is made only where another
/// deployment of the same order may serve. What the loser was sent counts as used: at the deployment, for the client's limits,
/// and in its provider's budget.
extension AttemptLoop {
    func hedged(after time: UInt64) async throws(GatewayFault) -> Reply {
        guard let first = presentLane() else { return try await attempt() }
        let race = HedgeRace(upstream, arrival.abandonment)
        first.isFirst = true
        race.start(first)
        await race.wait(atMost: time)
        if race.isOpen, let second = await otherLane() { race.start(second) }
        while true {
            if let reply = try decided(race) { return reply }
            await race.wait()
        }
    }

    /// What has come of the race so far; nil when it goes on. Throws when all have failed, or the client has left.
    @inline(never)
    private func decided(_ race: HedgeRace) throws(GatewayFault) -> Reply? {
        if race.clientLeft {
            for lane in race.lanes {
                lane.lose()
                lane.loop.meter.ended(nil, isAbandoned: true)
            }
            throw GatewayFault(.clientLeft, "the client left before the first token")
        }
        if let winner = race.winner, let reply = winner.reply {
            race.remove(winner)
            for lane in race.lanes { lose(lane, to: winner) }
            take(over: winner)
            arrival.abandonment.onAbandon { winner.abandonment.abandon() }
            if case .stream(let stream) = reply.body { stream.report(to: meter) }
            return reply
        }
        while let failed = race.failed, let fault = failed.fault {
            race.remove(failed)
            guard race.lanes.isEmpty else {
                noteLost(failed, fault)
                continue
            }
            arrival.abandonment.onAbandon(nil)
            take(over: failed)
            throw fault
        }
        return nil
    }

    private func lose(_ lane: HedgeLane, to winner: HedgeLane) {
        lane.lose()
        let tokens = snapshot.estimate.prompt(bytes: arrival.call.body.readableBytes)
        let usage = Usage(promptTokens: tokens, completionTokens: 0)
        lane.loop.meter.count(usage, at: lane.candidate.deployment)
        lane.loop.meter.ended(nil, isAbandoned: true, isOutrun: !winner.isFirst)
        meter.lostTokens += tokens
    }
}
