import WeirCoordination
package import WeirCore

extension LimitReadings {
    package var requestFigures: LimitFigures? { requests.map(Self.figures) }
    package var tokenFigures: LimitFigures? { tokens.map(Self.figures) }

    private static func figures(_ reading: LimitReading) -> LimitFigures {
        LimitFigures(limit: reading.limit, remaining: reading.remaining, resetAfter: reading.resetAfter)
    }
}
