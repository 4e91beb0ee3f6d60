import Hummingbird
import NIOCore
import WeirCore

/// Prometheus' page.
enum MetricsRoute {
    /// - Parameter isOpen: nobody is asked for a key, whatever the configuration says: on a port of its own.
    static func add(to table: inout RouteTable, _ house: any House, isOpen: Bool = false) {
        table.get("/metrics", .open, "Metrics in Prometheus' text format.") { _, context in
            // Asked each time, because a reload may change it.
            if !isOpen, house.guardsMetrics { _ = try context.access.get() }
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: Bytes(bytes: await house.metrics())))
        }
    }
}
