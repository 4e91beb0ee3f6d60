import Hummingbird
import NIOCore
import WeirCore

/// Prometheus' page.
enum MetricsRoute {
    static func add(to table: inout RouteTable, _ house: any House, access: RouteTable.Access? = nil) {
        table.get("/metrics", access ?? (house.guardsMetrics ? .key : .open), "Metrics in Prometheus' text format.") {
            _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: Bytes(bytes: await house.metrics())))
        }
    }
}
