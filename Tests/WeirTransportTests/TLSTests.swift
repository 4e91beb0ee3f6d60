import NIOSSL
import Testing
import WeirCore
import WeirLoops
import WeirTestKit
import WeirTransport

@Suite(.enabled(if: Certificates.openssl != nil, "the openssl command is needed"))
struct TLSTests {
    private static let numbered: @Sendable (ServerEnd) async -> Void = { end in
        while await end.request() != nil { end.reply("\(end.number)") }
    }

    /// A server's context; with `asksClients` it wants a certificate of the same authority.
    private func context(_ files: Certificates, asksClients: Bool = false) throws -> NIOSSLContext {
        guard asksClients else {
            let made = try ListenerTLS.context(
                certificateChain: files.path("server.pem"), privateKey: files.path("server.key"))
            return try #require(made)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(files.path("server.pem")).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: files.path("server.key"), format: .pem)))
        configuration.trustRoots = .file(files.path("ca.pem"))
        configuration.certificateVerification = .noHostnameVerification
        return try NIOSSLContext(configuration: configuration)
    }

    /// What two requests to a server with TLS give, over one connection if all is well.
    private func heard(
        _ identity: (Certificates) -> TLSIdentity, host: String = "localhost", asksClients: Bool = false
    ) async throws -> [Loopback.Heard] {
        let files = try Certificates(server: "upstream.test")
        defer { files.remove() }
        let identities = TLSIdentities()
        let number = identities.number(of: identity(files))
        let context = try context(files, asksClients: asksClients)
        let holder = Holder()
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, tls: context, Self.numbered)
            let pool = await loopback.pool(identities: identities)
            let request = Loopback.request(server.port, host: host, isTLS: true, identity: number)
            for _ in 0..<2 { holder.heard.append(await loopback.exchange(pool, request)) }
            #expect(await pool.run { $0.counts.busy } == 0)
        }
        return holder.heard
    }

    private final class Holder { var heard: [Loopback.Heard] = [] }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `an authority of one's own is trusted`(host: String) async throws {
        let heard = try await heard({ TLSIdentity(certificateAuthorities: $0.path("ca.pem")) }, host: host)
        #expect(heard.map(\.body) == ["0", "0"])
    }

    @Test func `an authority that nobody knows is not`() async throws {
        let heard = try await heard { _ in TLSIdentity() }
        #expect(heard.first?.fault?.code == .upstreamRefused)
        #expect(heard.first?.fault?.message.contains("TLS handshake") == true)
    }

    @Test func `a configuration may trust anybody`() async throws {
        #expect(try await heard { _ in TLSIdentity(verifies: false) }.map(\.body) == ["0", "0"])
    }

    @Test func `a client's certificate is shown where it is asked for`() async throws {
        let heard = try await heard(
            {
                TLSIdentity(
                    certificateAuthorities: $0.path("ca.pem"), certificateChain: $0.path("client.pem"),
                    privateKey: $0.path("client.key"))
            }, asksClients: true)
        #expect(heard.map(\.body) == ["0", "0"])
    }

    @Test func `without a client's certificate there is no reply`() async throws {
        let heard = try await heard({ TLSIdentity(certificateAuthorities: $0.path("ca.pem")) }, asksClients: true)
        #expect(heard.allSatisfy { $0.fault?.source == .upstream })
    }

    @Test func `files that are not there are a fault that names the upstream`() async throws {
        let heard = try await heard { _ in TLSIdentity(certificateChain: "/nowhere.pem") }
        #expect(heard.first?.fault?.code == .upstreamRefused)
        #expect(heard.first?.fault?.message.contains("certificate files") == true)
    }

    @Test func `equal identities share a number`() {
        let identities = TLSIdentities()
        #expect(identities.number(of: TLSIdentity()) == 0)
        let own = identities.number(of: TLSIdentity(certificateAuthorities: "a"))
        #expect(own == 1)
        #expect(identities.number(of: TLSIdentity(certificateAuthorities: "a")) == own)
        #expect(identities.number(of: TLSIdentity(certificateAuthorities: "a", verifies: false)) == 2)
    }

    // MARK: Through a proxy

    @Test func `a secure upstream is reached through a tunnel`() async throws {
        let files = try Certificates(server: "upstream.test")
        defer { files.remove() }
        let identities = TLSIdentities()
        let number = identities.number(of: TLSIdentity(certificateAuthorities: files.path("ca.pem")))
        let context = try context(files)
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, tls: context, Self.numbered)
            let floor = loopback.floor
            let upstream = server.port
            let proxy = try await ScriptedServer.start(on: floor) { end in
                _ = await end.request()
                guard
                    let far = try? await Connector.connect(
                        on: floor, host: "127.0.0.1", port: upstream, timeout: .seconds(5))
                else { return }
                end.say("HTTP/1.1 200 Connection established\r\n\r\n")
                let near = end.port
                floor.start { await Self.copy(far, to: near) }
                await Self.copy(near, to: far)
            }
            let settings = ProxySettings(environment: ["https_proxy": "http://me:pw@127.0.0.1:\(proxy.port)"])
            let pool = await loopback.pool(identities: identities, proxies: settings)
            let request = Loopback.request(443, host: "upstream.test", isTLS: true, identity: number)
            for _ in 0..<2 { #expect(await loopback.exchange(pool, request).body == "0") }
            #expect(
                proxy.requests == [
                    "CONNECT upstream.test:443 HTTP/1.1\r\nhost: upstream.test:443\r\n"
                        + "proxy-authorization: Basic bWU6cHc=\r\n\r\n"
                ])
            #expect(server.requests.count == 2)
            #expect(server.requests.allSatisfy { !$0.contains("proxy-authorization") })
        }
    }

    private static func copy(_ from: Port, to port: Port) async {
        while let part = await from.next() {
            port.write(part)
            port.flush()
        }
        port.close()
    }

    @Test func `a proxy that refuses the tunnel is named`() async throws {
        try await Loopback.run { loopback in
            let proxy = try await ScriptedServer.start(on: loopback.floor) { end in
                _ = await end.request()
                end.say("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
                await end.untilLeft()
            }
            let settings = ProxySettings(environment: ["https_proxy": "http://127.0.0.1:\(proxy.port)"])
            let pool = await loopback.pool(proxies: settings)
            let request = Loopback.request(443, host: "upstream.test", isTLS: true)
            let fault = await loopback.exchange(pool, request).fault
            #expect(fault?.code == .upstreamRefused)
            #expect(fault?.detail.contains("127.0.0.1:\(proxy.port)") == true)
            #expect(fault?.detail.contains("407") == true)
            #expect(fault?.message.contains("127.0.0.1") == false, "an address is for the log only")
            let counts = await pool.run { $0.counts }
            #expect(counts.connecting == 0)
            #expect(counts.busy == 0)
        }
    }
}
