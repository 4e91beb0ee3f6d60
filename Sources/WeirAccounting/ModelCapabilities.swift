/// What a model can do, as a set of LiteLLM's names without their `supports_`.
package struct ModelCapabilities: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let assistantPrefill = Self(at: 0)
    package static let computerUse = Self(at: 1)
    package static let functionCalling = Self(at: 2)
    package static let audioInput = Self(at: 3)
    package static let parallelFunctionCalling = Self(at: 4)
    package static let systemMessages = Self(at: 5)
    package static let audioOutput = Self(at: 6)
    package static let pdfInput = Self(at: 7)
    package static let promptCaching = Self(at: 8)
    package static let reasoning = Self(at: 9)
    package static let responseSchema = Self(at: 10)
    package static let toolChoice = Self(at: 11)
    package static let vision = Self(at: 12)
    package static let webSearch = Self(at: 13)
    package static let videoInput = Self(at: 14)

    /// One row for every bit, by its position: the letter in a price file, and the name.
    private static let table: [(letter: UInt8, name: String)] = [
        (UInt8(ascii: "a"), "assistant_prefill"),
        (UInt8(ascii: "c"), "computer_use"),
        (UInt8(ascii: "f"), "function_calling"),
        (UInt8(ascii: "h"), "audio_input"),
        (UInt8(ascii: "l"), "parallel_function_calling"),
        (UInt8(ascii: "m"), "system_messages"),
        (UInt8(ascii: "o"), "audio_output"),
        (UInt8(ascii: "p"), "pdf_input"),
        (UInt8(ascii: "q"), "prompt_caching"),
        (UInt8(ascii: "r"), "reasoning"),
        (UInt8(ascii: "s"), "response_schema"),
        (UInt8(ascii: "t"), "tool_choice"),
        (UInt8(ascii: "v"), "vision"),
        (UInt8(ascii: "w"), "web_search"),
        (UInt8(ascii: "y"), "video_input"),
    ]

    private init(at position: UInt16) { self.init(rawValue: 1 << position) }

    /// The capability called `name`, such as `vision`; nil when there is none of that name.
    package init?(named name: some StringProtocol) {
        guard let position = Self.table.firstIndex(where: { $0.name == name }) else { return nil }
        self.init(rawValue: 1 << UInt16(position))
    }

    /// Reads letters of a price file; nil when one of them is unknown.
    init?(letters: Slice<UnsafeBufferPointer<UInt8>>) {
        var found: ModelCapabilities = []
        for letter in letters {
            guard let position = Self.table.firstIndex(where: { $0.letter == letter }) else { return nil }
            found.insert(Self(rawValue: 1 << UInt16(position)))
        }
        self = found
    }

    /// Whether the set holds the capability called `name`; false for unknown names.
    package func contains(named name: String) -> Bool {
        guard let one = ModelCapabilities(named: name) else { return false }
        return contains(one)
    }

    /// The names in the set, in the order of their letters.
    package var names: [String] { rows.map(\.name) }

    /// The set as it stands in a price file.
    var letters: String { String(decoding: rows.map(\.letter), as: UTF8.self) }

    private var rows: [(letter: UInt8, name: String)] {
        Self.table.enumerated().filter { rawValue & (1 << UInt16($0.offset)) != 0 }.map(\.element)
    }
}
