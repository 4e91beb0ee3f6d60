import WeirAccess
import WeirCore

/// How a `MemoryStore` sorts, cuts and rounds: as a database does.
enum MemoryOrder {
    /// By bytes.
    static func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

    /// Ids break ties, in the same direction.
    static func sorted(_ entities: [Entity], by order: EntityQuery.Order, descends: Bool) -> [Entity] {
        entities.sorted { left, right in
            let (first, second) = descends ? (right, left) : (left, right)
            let isEqual: Bool
            let isLess: Bool
            switch order {
            case .createdAt: (isEqual, isLess) = compared(first.createdAt, second.createdAt)
            case .updatedAt: (isEqual, isLess) = compared(first.updatedAt, second.updatedAt)
            case .spend: (isEqual, isLess) = compared(first.spend, second.spend)
            case .id: (isEqual, isLess) = (true, false)
            case .field(let field) where field.isMoney:
                (isEqual, isLess) = compared(field.money(of: first), field.money(of: second)) { $0 < $1 }
            case .field(let field):
                (isEqual, isLess) = compared(field.text(of: first), field.text(of: second), by: precedes)
            }
            return isEqual ? precedes(first.id, second.id) : isLess
        }
    }

    private static func compared<Value: Comparable>(_ left: Value, _ right: Value) -> (Bool, Bool) {
        (left == right, left < right)
    }

    /// Nothing stands behind everything.
    private static func compared<Value: Equatable>(
        _ left: Value?, _ right: Value?, by isLess: (Value, Value) -> Bool
    ) -> (Bool, Bool) {
        guard let left, let right else { return (left == nil && right == nil, right == nil && left != nil) }
        return (left == right, isLess(left, right))
    }

    /// Page `number`, counted from 1; empty behind the last one.
    static func page<Element>(_ all: [Element], number: Int, size: Int) -> [Element] {
        let (skipped, isTooMany) = max(0, number - 1).multipliedReportingOverflow(by: max(0, size))
        return isTooMany ? [] : Array(all.dropFirst(skipped).prefix(max(0, size)))
    }

    /// The nearest whole nanodollar, away from zero when both are equally near.
    static func wholeNanodollars(_ money: Money) -> Money {
        let unit: Int128 = 1_000_000_000
        let (whole, rest) = money.attodollars.quotientAndRemainder(dividingBy: unit)
        let step: Int128 = rest.magnitude * 2 >= unit.magnitude ? (rest < 0 ? -1 : 1) : 0
        return Money(attodollars: (whole + step) * unit)
    }

    /// What an audit log keeps of a text that it is searched by.
    static func clipped(_ text: String) -> String {
        var text = text
        text.unicodeScalars.removeAll { $0 == "\0" }
        while text.utf8.count > LookupField.longest { text.unicodeScalars.removeLast() }
        return text
    }
}
