import Synchronization
import WeirAccess
import WeirCore

/// Where pages far into a list began and ended, for a minute: whoever reads on from there need not have the database count
/// all that comes before it again.
///
/// Rows that come and go meanwhile shift such pages no more than they shift those of somebody who takes a minute from one
/// page to the next.
final class PagePlaces: Sendable {
    /// A list, whichever page of it.
    struct List: Sendable, Hashable {
        let kind: EntityKind
        let conditions: [EntityQuery.Condition]
        let order: EntityQuery.Order
        let descends: Bool

        init(_ kind: EntityKind, _ query: EntityQuery) {
            self.kind = kind
            conditions = query.conditions
            order = query.order
            descends = query.descends
        }
    }

    struct Place: Sendable {
        fileprivate let list: List
        /// How many rows of the list come before it.
        let offset: Int
        /// The row that begins here, or the last one before.
        let row: [SQLValue]
        let isIncluded: Bool
        fileprivate let madeAt: UInt64
    }

    private static let life: UInt64 = 60_000_000_000
    private static let most = 64

    private let time: TimeSource
    /// From how many rows on counting them is worth a memory.
    private let depth: Int
    /// The newest last.
    private let places = Mutex<[Place]>([])

    init(_ time: TimeSource, depth: Int) {
        self.time = time
        self.depth = depth
    }

    /// The nearest place from which to go on to `span`; nil where it is as near from an end of the list.
    func place(_ list: List, before span: PageSpan) -> Place? {
        guard span.offset >= depth else { return nil }
        let now = time.monotonic()
        return places.withLock { places in
            places.removeAll { now - $0.madeAt > Self.life }
            return places.filter {
                $0.list == list && $0.offset <= span.first && span.first - $0.offset < span.offset
            }
            .max { $0.offset < $1.offset }
        }
    }

    func remember(_ list: List, _ span: PageSpan, _ entities: [Entity]) {
        guard span.offset >= depth, let first = entities.first.flatMap({ Self.row($0, list.order) }),
            let last = entities.last.flatMap({ Self.row($0, list.order) })
        else { return }
        let now = time.monotonic()
        let made = [
            Place(list: list, offset: span.first, row: first, isIncluded: true, madeAt: now),
            Place(list: list, offset: span.first + entities.count, row: last, isIncluded: false, madeAt: now),
        ]
        places.withLock { places in
            places.removeAll { place in place.list == list && made.contains { $0.offset == place.offset } }
            places = places.suffix(Self.most - made.count) + made
        }
    }

    /// Nil for orders in which something may be missing.
    private static func row(_ entity: Entity, _ order: EntityQuery.Order) -> [SQLValue]? {
        switch order {
        case .createdAt: [.int(entity.createdAt), .text(entity.id)]
        case .updatedAt: [.int(entity.updatedAt), .text(entity.id)]
        case .spend: [.nanodollars(entity.spend), .text(entity.id)]
        case .id: [.text(entity.id)]
        case .field: nil
        }
    }
}
