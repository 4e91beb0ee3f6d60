/// What is wrong with a message that breaks the grammar or the framing rules of RFC 9110 and RFC 9112.
package enum HTTPFlaw: UInt8, Sendable, CaseIterable {
    // The first line
    case method, requestLine, target, fragment, authority, version, statusLine, status
    // Lines
    case bareLineFeed, bareCarriageReturn, foldedLine, lineWithoutColon
    // Fields
    case emptyName, spaceBeforeColon, nameByte, valueByte
    case hostMissing, hostRepeated, hostInvalid
    case credentialRepeated, contentTypeRepeated, contentEncodingRepeated
    // Framing
    case lengthInvalid, lengthRepeated, lengthWithTransferCoding, transferCodingBeforeHTTP11, framingOfInterimReply
    // Chunks
    case chunkSize, chunkExtension, chunkExtensionsTooLong, chunkLineEnd, chunkDataEnd, trailer, trailerTooLong

    /// A sentence for the one who sent the message.
    package var sentence: String {
        switch self {
        case .method: "The request does not begin with a method."
        case .requestLine: "The request line is not a method, a target and a version with one space between each."
        case .target: "The request target has a form or a byte that is not allowed; percent-encode it."
        case .fragment: "The request target has a fragment (#), which must not be sent."
        case .authority: "The request target names no valid host."
        case .version: "The first line does not name a version such as HTTP/1.1."
        case .statusLine: "The status line is not a version, a status and a reason."
        case .status: "The status is not a number of three digits from 100 on."
        case .bareLineFeed: "A line ends in LF alone; lines must end in CRLF."
        case .bareCarriageReturn: "A CR is not followed by LF."
        case .foldedLine: "A header line begins with white space; folded header lines are not accepted."
        case .lineWithoutColon: "A header line has no colon."
        case .emptyName: "A header line has no name before its colon."
        case .spaceBeforeColon: "A header name is followed by white space before its colon."
        case .nameByte: "A header name has a byte that is not allowed in names."
        case .valueByte: "A header value has a control byte."
        case .hostMissing: "The Host header is missing."
        case .hostRepeated: "The Host header is given more than once."
        case .hostInvalid: "The Host header is not a host name or address with an optional port."
        case .credentialRepeated: "A header that carries a key is given more than once."
        case .contentTypeRepeated: "The Content-Type header is given more than once."
        case .contentEncodingRepeated: "The Content-Encoding header is given more than once."
        case .lengthInvalid: "The Content-Length header is not a number of 1 to 18 digits."
        case .lengthRepeated: "The Content-Length header is given more than once."
        case .lengthWithTransferCoding: "Both Content-Length and Transfer-Encoding are given."
        case .transferCodingBeforeHTTP11: "Transfer-Encoding is given in an HTTP/1.0 message."
        case .framingOfInterimReply: "An interim reply announces a body."
        case .chunkSize: "A chunk's size is not a hexadecimal number of at most 16 digits below 2^63."
        case .chunkExtension: "A chunk extension is malformed."
        case .chunkExtensionsTooLong: "The chunk extensions are too long."
        case .chunkLineEnd: "A chunk's size line does not end in CRLF."
        case .chunkDataEnd: "A chunk's data is not followed by CRLF."
        case .trailer: "A trailer line after the last chunk is malformed."
        case .trailerTooLong: "The trailer after the last chunk is too long."
        }
    }
}
