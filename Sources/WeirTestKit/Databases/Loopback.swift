import Foundation

/// Sockets on 127.0.0.1.
enum Loopback {
    struct Failed: Error { let code: Int32 }

    static func listener() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var place = address(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        // sockaddr_in begins like sockaddr, whose size is handed over with it; as the system's interface wants it.
        let isUp = withUnsafeMutablePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 100) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isUp else {
            close(descriptor)
            throw Failed(code: errno)
        }
        return (descriptor, Int(UInt16(bigEndian: place.sin_port)))
    }

    /// Nil when nobody listens there.
    static func connection(to port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var place = address(port)
        // As above.
        let isUp = withUnsafeMutablePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isUp else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
