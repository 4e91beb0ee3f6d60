import Testing
import WeirAccess
import WeirCore

struct MetadataFieldsTests {
    @Test func `a field of metadata is set beside what is there`() {
        let (rest, metadata) = MetadataFields.fold(["tags": ["a"], "rpm_limit": 5], onto: ["team": "x"])
        #expect(rest == ["rpm_limit": 5])
        #expect(metadata == ["team": "x", "tags": ["a"]])
    }

    @Test func `new metadata takes the place of the old, but for what is kept`() {
        let (_, metadata) = MetadataFields.fold(
            ["metadata": ["b": 2], "tags": ["t"]], onto: ["a": 1, "service_account_id": "s"],
            kept: ["service_account_id"])
        #expect(metadata == ["b": 2, "service_account_id": "s", "tags": ["t"]])
    }

    @Test func `null takes a field away, and the last one takes the metadata`() {
        #expect(MetadataFields.fold(["tags": nil], onto: ["tags": ["a"], "x": 1]).metadata == ["x": 1])
        #expect(MetadataFields.fold(["tags": nil], onto: ["tags": ["a"]]).metadata == nil)
        #expect(MetadataFields.fold(["metadata": nil], onto: ["x": 1]).metadata == nil)
        #expect(MetadataFields.fold([:], onto: ["x": 1]).metadata == ["x": 1])
    }
}
