/// A model's name as a price table is asked for it, without building a string: an optional vendor in front, and a part of
/// the name as configured.
struct ModelName {
    /// Empty when the name stands alone.
    let vendor: UnsafeBufferPointer<UInt8>
    let name: Slice<UnsafeBufferPointer<UInt8>>

    /// Bytes of `vendor/name`, or of the name alone.
    var count: Int { vendor.isEmpty ? name.count : vendor.count + 1 + name.count }

    subscript(position: Int) -> UInt8 {
        if vendor.isEmpty { return name[name.startIndex + position] }
        if position < vendor.count { return vendor[position] }
        return position == vendor.count ? UInt8(ascii: "/") : name[name.startIndex + position - vendor.count - 1]
    }
}

/// The shorter names under which a model's price may stand, by the manners of its vendor.
enum ModelBaseName {
    typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    /// `name` without what does not change its price: the region of Amazon's, the version of Google's, the owner of a
    /// model that was tuned at OpenAI. `name` itself when there is no such part.
    static func base(of name: Bytes, vendor: UnsafeBufferPointer<UInt8>) -> Bytes {
        if vendor.starts(with: "bedrock".utf8) { return amazon(name) }
        if equal(vendor, "vertex_ai") || equal(vendor, "gemini") || equal(vendor, "databricks") {
            return withoutVersion(name)
        }
        return name.starts(with: "ft:".utf8) ? withoutTuning(name) : name
    }

    private static func equal(_ bytes: UnsafeBufferPointer<UInt8>, _ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes.elementsEqual($0) }
    }

    /// `converse/us-east-1/anthropic.claude…`, `us.anthropic.claude…`, an ARN, or `…:0:51k` without these parts.
    private static func amazon(_ full: Bytes) -> Bytes {
        var name = full
        for route in ["bedrock/", "converse/", "converse_like/", "invoke/"] where name.starts(with: route.utf8) {
            name = name.dropFirst(route.utf8.count)
        }
        if name.starts(with: "arn:".utf8), let slash = name.lastIndex(of: UInt8(ascii: "/")) {
            name = name[(slash + 1)...]
        }
        if name.last == UInt8(ascii: "k"), let colon = name.lastIndex(of: UInt8(ascii: ":")) {
            let size = name[(colon + 1)...].dropLast()
            if !size.isEmpty, size.allSatisfy(isDigit) { name = name[..<colon] }
        }
        if let slash = name.firstIndex(of: UInt8(ascii: "/")), isRegion(name[..<slash]) {
            return name[(slash + 1)...]
        }
        if let dot = name.firstIndex(of: UInt8(ascii: ".")) {
            let area = name[..<dot]
            // The areas over which Amazon spreads the calls of one model.
            for known in ["us", "eu", "global", "apac", "jp", "au", "us-gov", "in"] where area.elementsEqual(known.utf8)
            {
                return name[(dot + 1)...]
            }
        }
        return name
    }

    /// Amazon's regions look like `us-east-1` and `us-gov-west-1`.
    private static func isRegion(_ text: Bytes) -> Bool {
        guard let last = text.last, isDigit(last), text.count <= 20 else { return false }
        return text.count(where: { $0 == UInt8(ascii: "-") }) >= 2
            && text.allSatisfy {
                isDigit($0) || $0 == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
            }
    }

    /// `gemini-2.0-flash-001` without `-001`.
    private static func withoutVersion(_ name: Bytes) -> Bytes {
        guard let dash = name.lastIndex(of: UInt8(ascii: "-")) else { return name }
        let version = name[(dash + 1)...]
        return !version.isEmpty && version.allSatisfy(isDigit) ? name[..<dash] : name
    }

    /// `ft:gpt-4o:owner:suffix:id` without its last three parts; the suffix may be empty at the provider, but such a name
    /// has no price of its own here either.
    private static func withoutTuning(_ name: Bytes) -> Bytes {
        var rest = name
        for _ in 0..<3 {
            guard let colon = rest.lastIndex(of: UInt8(ascii: ":")), colon + 1 < rest.endIndex else { return name }
            rest = rest[..<colon]
        }
        return rest
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
