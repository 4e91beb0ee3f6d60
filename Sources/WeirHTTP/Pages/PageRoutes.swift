import HTTPTypes
import Hummingbird
import NIOCore
import WeirCore

/// The page that a browser shows when it is pointed at Weir.
enum PageRoutes {
    static func add(to table: inout RouteTable, _ house: any House) {
        table.get("/", .open, "A small landing page.") { request, _ in
            let address = request.head.authority ?? "localhost:4000"
            return Response(
                status: .ok,
                headers: [
                    .contentType: "text/html; charset=utf-8",
                    .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'",
                ],
                body: .init(byteBuffer: Bytes(string: page(address, house.version))))
        }
    }

    private static func page(_ address: String, _ version: String) -> String {
        let safe = address.filter { $0.isLetter || $0.isNumber || ".:-[]".contains($0) }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Weir</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>
            body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:4rem auto;padding:0 1rem;color:#16324a;background:#f6fafc}
            pre{background:#e6f0f5;padding:1rem;overflow:auto;border-radius:6px}a{color:#0b6aa2}
            @media(prefers-color-scheme:dark){body{color:#dbe9f1;background:#0d1a24}pre{background:#14293a}a{color:#7cc4ee}}
            </style></head><body>
            <h1>Weir</h1>
            <p>An LLM gateway: one OpenAI-compatible address in front of every model. Version \(version).</p>
            <pre>curl http://\(safe)/v1/chat/completions \\
              -H 'content-type: application/json' \\
              -d '{"model": "echo", "messages": [{"role": "user", "content": "Hello, river"}]}'</pre>
            <p><a href="/v1/models">models</a> · <a href="/health">health</a> · <a href="/metrics">metrics</a> ·
            <a href="/openapi.json">openapi.json</a></p>
            </body></html>
            """
    }
}
