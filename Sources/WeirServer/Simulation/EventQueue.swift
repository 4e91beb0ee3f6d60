/// What happens when, in a simulation: a binary heap. Of what happens at the same time, what was put in first comes first.
struct EventQueue {
    enum Kind: UInt8 { case arrival, resume, firstToken, attemptEnd, tick }

    struct Event {
        let at: UInt64
        let number: UInt64
        let kind: Kind
        /// Which flight it is about.
        let flight: Int32

        @inline(__always)
        func isBefore(_ other: Event) -> Bool { at != other.at ? at < other.at : number < other.number }
    }

    private var heap: [Event] = []
    private var count: UInt64 = 0

    mutating func put(_ kind: Kind, at time: UInt64, flight: Int = -1) {
        count += 1
        let event = Event(at: time, number: count, kind: kind, flight: Int32(truncatingIfNeeded: flight))
        heap.append(event)
        heap.withUnsafeMutableBufferPointer { heap in
            var place = heap.count - 1
            while place > 0 {
                let parent = (place - 1) / 2
                guard event.isBefore(heap[parent]) else { break }
                heap[place] = heap[parent]
                place = parent
            }
            heap[place] = event
        }
    }

    mutating func take() -> Event? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return last }
        heap.withUnsafeMutableBufferPointer { heap in
            var place = 0
            while true {
                var child = place * 2 + 1
                guard child < heap.count else { break }
                if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
                guard heap[child].isBefore(last) else { break }
                heap[place] = heap[child]
                place = child
            }
            heap[place] = last
        }
        return first
    }
}
