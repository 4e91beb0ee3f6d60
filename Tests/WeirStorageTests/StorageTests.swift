import Testing
@Suite struct StorageTests { @Test func placeholder() { #expect(Bool(true)) } }
