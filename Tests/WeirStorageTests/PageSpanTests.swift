import Testing

@testable import WeirStorage

@Suite struct PageSpanTests {
    @Test(arguments: [
        (1, 10, 100, [10, 0, 0]),
        (6, 10, 100, [10, 50, 0]),
        (7, 10, 100, [10, 30, 1]),
        (10, 10, 95, [5, 0, 1]),
        (1, 10, 3, [3, 0, 0]),
    ])
    func `the pages are counted from the end that is nearer`(page: Int, size: Int, total: Int, span: [Int]) {
        let found = PageSpan(page: page, size: size, total: total)
        #expect(found.map { [$0.limit, $0.offset, $0.isFromEnd ? 1 : 0] } == span)
    }

    @Test func `where a page starts is counted from the front as well`() {
        #expect([1, 6, 7, 10].map { PageSpan(page: $0, size: 10, total: 95)?.first } == [0, 50, 60, 90])
    }

    @Test(arguments: [(1, 10, 0), (11, 10, 100), (1, 0, 5), (1, -1, 5), (Int.max, 2, 5), (Int.max, Int.max, Int.max)])
    func `there is nothing on pages behind the last one`(page: Int, size: Int, total: Int) {
        #expect(PageSpan(page: page, size: size, total: total) == nil)
    }
}
