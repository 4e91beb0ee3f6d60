import Glibc

/// The system's words for an error number.
enum SystemError {
    /// glibc keeps the text of `strerror` for each thread since 2.32.
    static func text(_ number: Int32) -> String { strerror(number).map { String(cString: $0) } ?? "error \(number)" }
}
